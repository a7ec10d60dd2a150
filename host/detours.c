#include "host/detours.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct detour {
    struct endpoint from;
    struct endpoint to;
};

static bool parse_one(struct detour *detour, const char *text, size_t count)
{
    const char *equals = memchr(text, '=', count);
    if (equals == NULL)
        return false;
    size_t from_bytes = (size_t)(equals - text);
    return endpoint_parse(&detour->from, text, from_bytes) &&
           endpoint_parse(&detour->to, equals + 1, count - from_bytes - 1) &&
           detour->from.port != 0 && detour->to.port != 0;
}

static bool add(struct detours *detours, const char *text, size_t count)
{
    size_t bytes = (detours->count + 1) * sizeof *detours->each;
    struct detour *each = realloc(detours->each, bytes);
    if (each == NULL)
        return false;
    detours->each = each;
    return parse_one(&each[detours->count++], text, count);
}

bool detours_parse(struct detours *detours, const char *text)
{
    *detours = (struct detours){0};
    if (text == NULL || *text == '\0')
        return true;
    for (;;) {
        size_t count = strcspn(text, ",");
        if (!add(detours, text, count))
            return false;
        if (text[count] == '\0')
            return true;
        text += count + 1;
    }
}

void detours_apply(const struct detours *detours, struct endpoint *endpoint)
{
    for (size_t i = 0; i < detours->count; i++) {
        const struct endpoint *from = &detours->each[i].from;
        if (from->port == endpoint->port && strcasecmp(from->host, endpoint->host) == 0) {
            *endpoint = detours->each[i].to;
            return;
        }
    }
}

void detours_end(struct detours *detours)
{
    free(detours->each);
    *detours = (struct detours){0};
}
