/* uart_faults.h: the decorator that lets the faults of a set strike the line between a modem and its
 * host, whatever kind of terminal that is. Towards the host stands the noise of the line, towards the
 * modem what the modem itself does wrong.
 */
#ifndef HOST_TERMINAL_UART_FAULTS_H
#define HOST_TERMINAL_UART_FAULTS_H

#include "host/faults/fault_set.h"
#include "host/terminal/terminal.h"

/* In a set without faults it changes nothing. NULL: no memory. */
struct terminal *uart_faults_new(struct fault_set *set, struct loop *loop,
                                 enum terminal_place place);

/* The set has no fault for the line, and nothing is held: it can be taken out. */
bool uart_faults_is_idle(const struct terminal *faults);

#endif
