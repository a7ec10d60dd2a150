#include "imqttd/log/log_level.h"

#include <stddef.h>
#include <string.h>

static const char *const words[] = {
    [LEVEL_ERROR] = "error",
    [LEVEL_WARNING] = "warning",
    [LEVEL_INFO] = "info",
    [LEVEL_DEBUG] = "debug",
};

bool log_level_parse(enum log_level *level, const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], name) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

const char *log_level_word(enum log_level level)
{
    return words[level];
}
