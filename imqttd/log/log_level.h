/* log_level.h: how much is logged. */
#ifndef IMQTTD_LOG_LOG_LEVEL_H
#define IMQTTD_LOG_LOG_LEVEL_H

#include <stdbool.h>

#include "host/observer.h"

/* false: no such level. */
bool log_level_parse(enum log_level *level, const char *name);

const char *log_level_word(enum log_level level);

#endif
