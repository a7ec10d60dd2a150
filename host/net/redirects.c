#include "host/net/redirects.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct redirect {
    bool is_all; /* it has no `from` */
    struct endpoint from;
    struct endpoint to;
};

static bool parse_one(struct redirect *redirect, const char *text, size_t count)
{
    const char *equals = memchr(text, '=', count);
    if (equals == NULL)
        return false;
    size_t from_bytes = (size_t)(equals - text);
    redirect->is_all = from_bytes == 1 && *text == '*';
    if (!redirect->is_all &&
        (!endpoint_parse(&redirect->from, text, from_bytes) || redirect->from.port == 0))
        return false;
    return endpoint_parse(&redirect->to, equals + 1, count - from_bytes - 1) &&
           redirect->to.port != 0;
}

static bool add(struct redirects *redirects, const char *text, size_t count)
{
    size_t bytes = (redirects->count + 1) * sizeof *redirects->each;
    struct redirect *each = realloc(redirects->each, bytes);
    if (each == NULL)
        return false;
    redirects->each = each;
    return parse_one(&each[redirects->count++], text, count);
}

bool redirects_parse(struct redirects *redirects, const char *text)
{
    *redirects = (struct redirects){0};
    if (text == NULL || *text == '\0')
        return true;
    for (;;) {
        size_t count = strcspn(text, ",");
        if (!add(redirects, text, count))
            return false;
        if (text[count] == '\0')
            return true;
        text += count + 1;
    }
}

void redirects_apply(const struct redirects *redirects, struct endpoint *endpoint)
{
    for (size_t i = 0; i < redirects->count; i++) {
        const struct endpoint *from = &redirects->each[i].from;
        if (redirects->each[i].is_all ||
            (from->port == endpoint->port &&
             (strcmp(from->host, "*") == 0 || strcasecmp(from->host, endpoint->host) == 0))) {
            *endpoint = redirects->each[i].to;
            return;
        }
    }
}

void redirects_end(struct redirects *redirects)
{
    free(redirects->each);
    *redirects = (struct redirects){0};
}
