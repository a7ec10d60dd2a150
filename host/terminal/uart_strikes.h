/* uart_strikes.h: which faults of a set strike the UART now, for the decorator that lets them. */
#ifndef HOST_TERMINAL_UART_STRIKES_H
#define HOST_TERMINAL_UART_STRIKES_H

#include "host/faults/fault_set.h"

/* The next one of that type; after NULL: the first. NULL: no more. */
struct fault *uart_fault_next(const struct fault_set *set, const struct fault *after,
                              enum fault_type type);

/* The first of its type that strikes now. */
struct fault *uart_fault_striking(struct fault_set *set, enum fault_type type);

/* Of the type, one that waits for a command, strikes; the others have struck when they were added. */
bool uart_fault_strikes_with_when(struct fault_set *set, enum fault_type type);

/* A line may be answered by somebody else, so it is to be held back until it ends. */
bool uart_faults_hold_lines(const struct fault_set *set);

/* One is about commands and their answers. Without, all are about bytes. */
bool uart_faults_are_about_commands(const struct fault_set *set);

#endif
