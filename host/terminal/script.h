/* script.h: input that is typed piece by piece: a piece is a line with its line end. A line that is
 * longer than the buffer comes in several, and a last line without an end gets one. */
#ifndef HOST_TERMINAL_SCRIPT_H
#define HOST_TERMINAL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCRIPT_BYTES 8192

struct script { /* all zero: empty */
    uint8_t bytes[SCRIPT_BYTES];
    size_t start;
    size_t count;
    bool has_ended;   /* nothing will be added any more */
    bool is_mid_line; /* the last piece had no line end */
};

/* Free space behind what waits, to read into; 0 only while there is a piece to take. */
uint8_t *script_space(struct script *script, size_t *count);

/* So many bytes were read into it. */
void script_add(struct script *script, size_t count);

bool script_has_piece(const struct script *script);

/* The next piece, valid until the next call; *count is 0 when there is none. */
const uint8_t *script_take(struct script *script, size_t *count);

/* It has ended and every piece was taken. */
bool script_is_over(const struct script *script);

#endif
