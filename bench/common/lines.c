#include "common/lines.h"

#include <string.h>

bool lines_next(struct piece *piece, struct line *line)
{
    const uint8_t *end = memchr(piece->bytes, '\n', piece->count);
    if (end == NULL)
        return false;
    size_t taken = (size_t)(end - piece->bytes) + 1;
    line->text = (const char *)piece->bytes;
    line->length = taken > 1 && end[-1] == '\r' ? taken - 2 : taken - 1;
    piece->bytes += taken;
    piece->count -= taken;
    return true;
}

bool line_begins(struct line line, const char *text)
{
    size_t length = strlen(text);
    return line.length >= length && memcmp(line.text, text, length) == 0;
}

bool line_is(struct line line, const char *text)
{
    return line.length == strlen(text) && line_begins(line, text);
}
