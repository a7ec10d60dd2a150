/* ready_lines.h: lines that say which terminal can be used, to whoever started the program. He may read
 * the first and no more: no modem waits for him.
 */
#ifndef IMQTTD_READY_LINES_H
#define IMQTTD_READY_LINES_H

#include "host/loop/loop.h"

struct ready_lines;

struct ready_lines *ready_lines_new(struct loop *loop, int fd);

/* "ready TERMINAL ADDRESS", now if the descriptor takes it, and when it does if not. */
void ready_lines_put(struct ready_lines *lines, const char *terminal, const char *address);

/* What was not taken by now is not said. NULL is allowed. */
void ready_lines_end(struct ready_lines *lines);

#endif
