#include "host/terminal/script.h"

#include <string.h>

static const uint8_t line_end[] = {'\n'};

uint8_t *script_space(struct script *script, size_t *count)
{
    if (script->start > 0)
        memmove(script->bytes, script->bytes + script->start, script->count);
    script->start = 0;
    *count = sizeof script->bytes - script->count;
    return script->bytes + script->count;
}

void script_add(struct script *script, size_t count)
{
    script->count += count;
}

static const uint8_t *find_line_end(const struct script *script)
{
    return memchr(script->bytes + script->start, '\n', script->count);
}

bool script_has_piece(const struct script *script)
{
    if (script->has_ended)
        return script->count > 0 || script->is_mid_line;
    return script->count == sizeof script->bytes || find_line_end(script) != NULL;
}

const uint8_t *script_take(struct script *script, size_t *count)
{
    const uint8_t *piece = script->bytes + script->start;
    const uint8_t *last = find_line_end(script);
    *count = 0;
    if (!script_has_piece(script))
        return piece;
    script->is_mid_line = last == NULL && script->count > 0;
    if (script->count == 0) {
        *count = sizeof line_end;
        return line_end;
    }
    *count = last != NULL ? (size_t)(last - piece) + 1 : script->count;
    script->start += *count;
    script->count -= *count;
    return piece;
}

bool script_is_over(const struct script *script)
{
    return script->has_ended && !script_has_piece(script);
}
