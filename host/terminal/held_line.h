/* held_line.h: a command line that is held back until it ends, while a fault may answer it in the
 * modem's place.
 */
#ifndef HOST_TERMINAL_HELD_LINE_H
#define HOST_TERMINAL_HELD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held_line { /* all zero: nothing is held */
    uint8_t *bytes;
    size_t count, room;
    bool has_begun; /* the modem has the beginning of it already: it is to have the rest */
};

/* false: it is as long as any line may be, or there is no memory: what is held must go on. */
bool held_line_add(struct held_line *line, uint8_t byte);

/* Forgets the bytes, which may be secrets, and lets go of the memory. */
void held_line_end(struct held_line *line);

#endif
