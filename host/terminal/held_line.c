#include "host/terminal/held_line.h"

#include <stdlib.h>
#include <string.h>

#include "imqtt/limits.h"

#define FIRST_BYTES 256
#define MOST_BYTES  (IMQTT_LINE_BYTES + FIRST_BYTES) /* a longer one is refused by the modem */

/* Not by realloc, which would leave a copy of what was typed behind. */
static bool grow(struct held_line *line)
{
    size_t room = line->room == 0 ? FIRST_BYTES : 2 * line->room;
    room = room < MOST_BYTES ? room : MOST_BYTES;
    uint8_t *bytes = room > line->room ? malloc(room) : NULL;
    if (bytes == NULL)
        return false;
    struct held_line larger = {bytes, line->count, room, line->has_begun};
    if (line->count > 0)
        memcpy(bytes, line->bytes, line->count);
    held_line_end(line);
    *line = larger;
    return true;
}

bool held_line_add(struct held_line *line, uint8_t byte)
{
    if (line->count == line->room && !grow(line))
        return false;
    line->bytes[line->count++] = byte;
    return true;
}

void held_line_end(struct held_line *line)
{
    if (line->bytes != NULL)
        explicit_bzero(line->bytes, line->room);
    free(line->bytes);
    *line = (struct held_line){.bytes = NULL};
}
