#include "imqttctl/replay_secrets.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void find_name(const uint8_t *line, size_t bytes, char name[32])
{
    size_t i = 0, count = 0;
    while (i < bytes && line[i] != '+')
        i++;
    for (i++; i < bytes && (isalnum(line[i]) || line[i] == ' '); i++)
        if (line[i] != ' ' && count < 31)
            name[count++] = (char)toupper(line[i]);
    name[count] = '\0';
}

static const char *value_of(const struct replay_secrets *secrets, const char *name)
{
    size_t bytes = strlen(name);
    for (size_t i = 0; i < secrets->count; i++)
        if (strncasecmp(secrets->given[i], name, bytes) == 0 && secrets->given[i][bytes] == '=')
            return secrets->given[i] + bytes + 1;
    return NULL;
}

/* Where the next bytes go. */
static uint8_t *put(uint8_t *to, const void *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return to + count;
}

uint8_t *replay_secrets_fill(const struct replay_secrets *secrets, const uint8_t *line,
                             size_t line_bytes, size_t *filled_bytes, char name[32])
{
    find_name(line, line_bytes, name);
    const char *value = value_of(secrets, name);
    size_t first = 0, behind = line_bytes;
    while (first < line_bytes && line[first] != '*')
        first++;
    while (behind > first && line[behind - 1] != '*')
        behind--;
    if (value == NULL || first == line_bytes)
        return NULL;
    size_t value_bytes = strlen(value);
    *filled_bytes = first + value_bytes + line_bytes - behind;
    uint8_t *filled = malloc(*filled_bytes + 1);
    if (filled == NULL)
        return NULL;
    uint8_t *end = put(filled, line, first);
    end = put(end, value, value_bytes);
    put(end, line + behind, line_bytes - behind);
    return filled;
}
