/* replay_lines.h: what a modem says, as lines that can be compared with those of a recording. */
#ifndef IMQTTCTL_REPLAY_LINES_H
#define IMQTTCTL_REPLAY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes in, lines out. Empty lines are left out; the prompt > is a line. */
struct replay_lines {
    char *bytes;
    size_t count, room;
    size_t taken;
};

void replay_lines_add(struct replay_lines *lines, const uint8_t *bytes, size_t count);

/* The next whole line, valid until the next call; NULL: none yet. */
char *replay_lines_next(struct replay_lines *lines);

void replay_lines_clear(struct replay_lines *lines);

/* Packet ids and times aside; where the recording has stars anything may stand. */
bool replay_lines_equal(const char *recorded, const char *said);

/* A URC of a request or a message: it may come a line earlier or later. */
bool replay_line_is_urc(const char *line);

#endif
