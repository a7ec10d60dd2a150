/* budgets.h: how much one peer may take of the program, in one turn of its loop and altogether, so
 * that the others get theirs. The core's own limits are in imqtt/limits.h.
 */
#ifndef HOST_BUDGETS_H
#define HOST_BUDGETS_H

/* Bytes that all terminals together are read in a turn: some ten thousand short commands. It is
 * shared by those that had something to read in the turn before, so that a thousand hosts that flood
 * their modems delay the answer to a quiet one no longer than five do. */
#define BUDGET_TERMINALS_TURN_BYTES    65536
#define BUDGET_TERMINAL_READ_MAX_BYTES 16384
#define BUDGET_TERMINAL_READ_MIN_BYTES 128

/* The same for what brokers send, of which one may fill a read as long as it is alone. */
#define BUDGET_BROKERS_TURN_BYTES    262144
#define BUDGET_BROKER_READ_MIN_BYTES 1024

/* Pieces of input that waited in a modem and are used in a turn. */
#define BUDGET_ROUNDS 8

/* Connections that a listener accepts in a turn. */
#define BUDGET_ACCEPTS 64

#endif
