/* budgets.h: how much one peer may take of the program, in one turn of its loop and altogether, so
 * that the others get theirs. The core's own limits are in imqtt/limits.h.
 */
#ifndef HOST_BUDGETS_H
#define HOST_BUDGETS_H

/* Bytes that all terminals together are read in a turn: some ten thousand short commands. It is
 * shared by those that had something to read in the turn before, so that fifty hosts that flood their
 * modems delay the answer to a quiet one no longer than five do. The least is ten short commands: a
 * thousand modems then take 26 ms a turn. With one command a read they took 10 ms, but three times as
 * long for each publish, nearly all of it system calls. */
#define BUDGET_TERMINALS_TURN_BYTES    65536
#define BUDGET_TERMINAL_READ_MAX_BYTES 16384
#define BUDGET_TERMINAL_READ_MIN_BYTES 1024

/* Likewise of all brokers: some ten thousand of the smallest packets. */
#define BUDGET_BROKERS_TURN_BYTES    32768
#define BUDGET_BROKER_READ_MAX_BYTES 16384
#define BUDGET_BROKER_READ_MIN_BYTES 512

/* Pieces of input that waited in a modem and are used in a turn. */
#define BUDGET_ROUNDS 8

/* Connections that a listener accepts in a turn. */
#define BUDGET_ACCEPTS 64

#endif
