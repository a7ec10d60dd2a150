#include "imqttd/ready_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"
#include "imqttd/log/log_queue.h"
#include "imqttd/need.h"

#define LINE_BYTES    4096        /* a pipe takes as much at once, or nothing */
#define WAITING_BYTES (16U << 20) /* of a fleet's lines, many times over */
#define RETRY_MS      20

struct ready_lines {
    int fd;
    struct alarm *alarm;
    char *waiting; /* whole lines, but for the first */
    size_t bytes, room;
};

static void drop(struct ready_lines *lines, size_t bytes)
{
    lines->bytes -= bytes;
    if (bytes > 0)
        memmove(lines->waiting, lines->waiting + bytes, lines->bytes);
}

/* A line at a time. */
static ssize_t write_line(const struct ready_lines *lines, size_t from)
{
    const char *line = lines->waiting + from;
    const char *end = memchr(line, '\n', lines->bytes - from);
    return log_queue_write_some(lines->fd, line, (size_t)(end - line) + 1);
}

/* Where nobody reads any more, nothing waits. */
static void write_out(void *owner)
{
    struct ready_lines *lines = owner;
    size_t written = 0;
    ssize_t count = 1;
    errno = EAGAIN;
    while (written < lines->bytes && (count = write_line(lines, written)) > 0)
        written += (size_t)count;
    drop(lines, count > 0 || errno == EAGAIN ? written : lines->bytes);
    if (lines->bytes > 0 && lines->alarm != NULL)
        alarm_set(lines->alarm, RETRY_MS);
}

struct ready_lines *ready_lines_new(struct loop *loop, int fd)
{
    struct ready_lines *lines = need_new(sizeof *lines);
    lines->fd = fd;
    lines->alarm = alarm_new(loop, write_out, lines);
    return lines;
}

static void keep(struct ready_lines *lines, const char *line, size_t bytes)
{
    if (lines->bytes + bytes > lines->room) {
        lines->room = 2 * (lines->bytes + bytes);
        lines->waiting = need_resize(lines->waiting, lines->room);
    }
    memcpy(lines->waiting + lines->bytes, line, bytes);
    lines->bytes += bytes;
}

void ready_lines_put(struct ready_lines *lines, const char *terminal, const char *address)
{
    char line[LINE_BYTES];
    bool was_waiting = lines->bytes > 0;
    int bytes = snprintf(line, sizeof line, "ready %s %s\n", terminal, address);
    if (bytes < 0 || bytes >= LINE_BYTES || lines->bytes > WAITING_BYTES)
        return;
    keep(lines, line, (size_t)bytes);
    if (!was_waiting)
        write_out(lines);
}

void ready_lines_end(struct ready_lines *lines)
{
    if (lines == NULL)
        return;
    write_out(lines);
    alarm_end(lines->alarm);
    free(lines->waiting);
    free(lines);
}
