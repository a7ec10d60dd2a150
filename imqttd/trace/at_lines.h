/* at_lines.h: what passes a terminal in one direction, in lines, secrets replaced. */
#ifndef IMQTTD_TRACE_AT_LINES_H
#define IMQTTD_TRACE_AT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line, or a piece of one; what is longer comes in pieces. */
#define AT_LINES_BYTES 5120

/* A line with its end, or what there is of it. Valid during the call. */
typedef void at_lines_told(void *context, const uint8_t *bytes, size_t count, bool starred);

struct at_lines {
    at_lines_told *told;
    void *context;
    size_t count; /* of the line so far */
    size_t told_bytes;
    size_t data_bytes_left; /* of a secret that a host sends as data */
    size_t data_from,
        data_to;           /* where it stands in the line: if the modem has refused the command, it
                                  is the beginning of the next one */
    size_t key_bytes_left; /* 0: no private key is passing */
    bool ends_at_return;   /* a host ends its lines so; a modem goes on with LF */
    bool hides_rest; /* of this line: a secret stands in what is not in the buffer, or may do so */
    bool hides_all;  /* what comes may be a secret, and nothing tells where it stands */
    bool hides_echo; /* likewise, but for what is framed as an answer is */
    bool had_return; /* it ends in a CR that may be followed by LF */
    uint8_t line[AT_LINES_BYTES];
};

void at_lines_take(struct at_lines *lines, const uint8_t *bytes, size_t count);

/* Tells what waits for the rest of its line: after 100 ms, and at the end. */
void at_lines_flush(struct at_lines *lines);

/* Nothing of the line stays in memory: it may hold a secret. */
void at_lines_end(struct at_lines *lines);

/* Something waits. */
bool at_lines_wait(const struct at_lines *lines);

#endif
