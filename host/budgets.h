/* budgets.h: how much one peer may take of the program, in one turn of its loop and altogether, so
 * that the others get theirs. The core's own limits are in imqtt/limits.h.
 */
#ifndef HOST_BUDGETS_H
#define HOST_BUDGETS_H

/* Bytes that all terminals together are read in a turn: some ten thousand short commands. Who floods
 * waits until it is his turn again (loop/read_turns.h), so that a thousand hosts that flood their modems
 * delay the answer to a quiet one no longer than five do; and then he is read a large piece, because
 * each costs four system calls. With a kilobyte for each in every turn a thousand modems made twice as
 * many for each publish. */
#define BUDGET_TERMINALS_TURN_BYTES 65536
#define BUDGET_TERMINAL_MOST_BYTES  16384
#define BUDGET_TERMINAL_PIECE_BYTES 8192
#define BUDGET_TERMINAL_LEAST_BYTES 256

/* Likewise of all brokers: some ten thousand of the smallest packets. */
#define BUDGET_BROKERS_TURN_BYTES 32768
#define BUDGET_BROKER_MOST_BYTES  32768
#define BUDGET_BROKER_PIECE_BYTES 4096
#define BUDGET_BROKER_LEAST_BYTES 512

/* Pieces of input that waited in a modem and are used in a turn. */
#define BUDGET_ROUNDS 8

/* Connections that a listener accepts in a turn. */
#define BUDGET_ACCEPTS 64

#endif
