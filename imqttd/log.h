/* log.h: the log of imqttd: one line an event, on standard error. */
#ifndef IMQTTD_LOG_H
#define IMQTTD_LOG_H

#include <stdbool.h>

#include "host/observer.h"

/* false: no such level. */
bool log_parse_level(enum log_level *level, const char *name);

/* Lines of a higher level are not written. */
void log_set_level(enum log_level level);

/* What the adapters say: see host/observer.h. */
void log_line(void *context, enum log_level level, const char *about, const char *text);

#endif
