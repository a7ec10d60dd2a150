/* log.h: the log of imqttd: one line an event, on standard error, which may be a file, a terminal, a
 * pipe or the journal. Nobody waits for it: what does not fit into its queue is counted and left
 * out.
 */
#ifndef IMQTTD_LOG_LOG_H
#define IMQTTD_LOG_LOG_H

#include "host/loop/loop.h"
#include "imqttd/log/log_level.h"

/* Lines of a higher level are not written. Before it is called: those of info. */
void log_set_level(enum log_level level);

/* An observer's log: from any thread. */
void log_line(void *context, enum log_level level, const char *about, const char *text);

void log_format(enum log_level level, const char *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* While a loop runs, what waits is written and what was counted is told by it. */
void log_begin(struct loop *loop);

/* Says what was counted, and writes what can be written. */
void log_end(void);

#endif
