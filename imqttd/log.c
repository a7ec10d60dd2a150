#include "imqttd/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 512

static const char *const names[] = {
    [LEVEL_ERROR] = "error",
    [LEVEL_WARNING] = "warning",
    [LEVEL_INFO] = "info",
    [LEVEL_DEBUG] = "debug",
};

static enum log_level highest = LEVEL_INFO;

bool log_parse_level(enum log_level *level, const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_set_level(enum log_level level)
{
    highest = level;
}

/* What a host or a broker chose must not be able to look like a line of its own. */
static void make_one_line(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            *text = '?';
    }
}

/* One write a line: lines of several programs on one terminal do not mix. */
static void put_line(char *line, size_t count)
{
    line[count] = '\n';
    if (write(STDERR_FILENO, line, count + 1) < 0)
        return; /* there is nowhere left to say so */
}

void log_line(void *context, enum log_level level, const char *about, const char *text)
{
    char line[LINE_BYTES + 1];
    (void)context;
    if (level > highest)
        return;
    int head = snprintf(line, LINE_BYTES / 2, "imqttd: %s: %s: ", names[level], about);
    size_t start = head < LINE_BYTES / 2 ? (size_t)head : LINE_BYTES / 2 - 1;
    snprintf(line + start, LINE_BYTES - start, "%s", text);
    make_one_line(line);
    put_line(line, strlen(line));
}
