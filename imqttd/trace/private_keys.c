#include "imqttd/trace/private_keys.h"

#include <string.h>

static const uint8_t *behind(const uint8_t *line, size_t count, const char *text)
{
    const uint8_t *at = memmem(line, count, text, strlen(text));
    return at != NULL ? at + strlen(text) : NULL;
}

/* NULL: no key begins there. Most lines have no dash at all. */
static const uint8_t *begin_of_key(const uint8_t *line, size_t count)
{
    if (memchr(line, '-', count) == NULL)
        return NULL;
    const uint8_t *kind = behind(line, count, "-----BEGIN ");
    return kind != NULL ? behind(kind, (size_t)(line + count - kind), "PRIVATE KEY-----") : NULL;
}

bool private_key_star(uint8_t *line, size_t count, bool is_inside)
{
    const uint8_t *key = is_inside ? line : begin_of_key(line, count);
    bool starred = false;
    for (size_t i = key != NULL ? (size_t)(key - line) : count; i < count; i++) {
        if (line[i] == '\r' || line[i] == '\n')
            continue;
        line[i] = '*';
        starred = true;
    }
    return starred;
}

bool private_key_goes_on(const uint8_t *line, size_t count, bool is_inside)
{
    const uint8_t *key = is_inside ? line : begin_of_key(line, count);
    return key != NULL && behind(key, (size_t)(line + count - key), "-----END ") == NULL;
}
