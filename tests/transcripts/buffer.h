/* buffer.h: bytes that grow, and the escapes in which transcripts write them. Host memory: this is
 * the tests' side of the ports. */
#ifndef TESTS_TRANSCRIPTS_BUFFER_H
#define TESTS_TRANSCRIPTS_BUFFER_H

#include <stdio.h>

#include "core/bytes/span.h"

struct buffer {
    uint8_t *block; /* NULL before the first byte */
    size_t start, count, capacity;
};

#define BUFFER_EMPTY ((struct buffer){NULL, 0, 0, 0})

void buffer_put(struct buffer *buffer, struct span bytes);
void buffer_put_text(struct buffer *buffer, const char *text);
void buffer_put_u8(struct buffer *buffer, uint8_t byte);
/* The high byte first, as MQTT has it. */
void buffer_put_u16(struct buffer *buffer, uint16_t number);

/* Drops bytes from the front. */
void buffer_take(struct buffer *buffer, size_t count);
/* Empties it; the memory stays. */
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);

/* Valid until the buffer changes. */
struct span buffer_span(const struct buffer *buffer);

/* Appends `text` with its escapes resolved: \r \n \t \\ \" \xHH, and \(3000 ab) for 3000 times ab.
 * false: an escape that is none of these. */
bool buffer_put_escaped(struct buffer *buffer, struct span text);

/* Prints bytes in those escapes; a long text is cut in the middle. */
void print_escaped(FILE *to, struct span bytes);

#endif
