#include "imqttd/config/config_faults.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"
#include "imqttd/trace/secrets.h"

#define LINE_BYTES 1024

/* Two lines about one place and thing say no more than one. */
static bool is_known(const struct config_faults *faults, const char *line, size_t place_bytes)
{
    for (size_t i = 0; i < faults->count; i++)
        if (strncmp(faults->lines[i], line, faults->is_repeating ? place_bytes : SIZE_MAX) == 0)
            return true;
    return false;
}

static size_t put_place(char *line, size_t room, struct config_place place)
{
    int written = place.line == 0 ? snprintf(line, room, "%s: ", place.file)
                                  : snprintf(line, room, "%s:%u: ", place.file, place.line);
    return (size_t)written < room ? (size_t)written : room - 1;
}

void config_fault(struct config_faults *faults, struct config_place place, const char *format, ...)
{
    char line[LINE_BYTES];
    size_t start = put_place(line, sizeof line / 2, place);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line + start, sizeof line - start, format, arguments);
    va_end(arguments);
    if (is_known(faults, line, start))
        return;
    faults->lines = need_resize(faults->lines, (faults->count + 1) * sizeof *faults->lines);
    faults->lines[faults->count++] = need_copy(line);
}

const char *config_shown(const char *value, bool is_secret)
{
    static char shown[LINE_BYTES / 2];
    if (is_secret)
        return "*****";
    snprintf(shown, sizeof shown, "%s", value);
    secrets_star((uint8_t *)shown, strlen(shown));
    return shown;
}

void config_faults_free(struct config_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->lines[i]);
    free(faults->lines);
    *faults = (struct config_faults){0};
}
