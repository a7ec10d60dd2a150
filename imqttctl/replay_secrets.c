#include "imqttctl/replay_secrets.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/secret_words.h"

static const char *value_of(const struct replay_secrets *secrets, const char *name)
{
    size_t bytes = strlen(name);
    for (size_t i = 0; bytes > 0 && i < secrets->count; i++)
        if (strncasecmp(secrets->given[i], name, bytes) == 0 && secrets->given[i][bytes] == '=')
            return secrets->given[i] + bytes + 1;
    return NULL;
}

/* ---- the line ------------------------------------------------------------------------------- */

static void end_line(struct replay_secrets *secrets)
{
    secrets->data_bytes_left = secret_words_data_bytes(secrets->line, secrets->line_bytes);
    secrets->line_bytes = 0;
    secrets->is_filled = false;
}

static void add(struct replay_secrets *secrets, const uint8_t *bytes, size_t count)
{
    size_t room = REPLAY_LINE_BYTES - secrets->line_bytes, taken = count < room ? count : room;
    memcpy(secrets->line + secrets->line_bytes, bytes, taken);
    secrets->line_bytes += taken;
}

static void follow_data(struct replay_secrets *secrets, size_t count)
{
    secrets->data_bytes_left -= count < secrets->data_bytes_left ? count : secrets->data_bytes_left;
    secrets->is_filled = secrets->data_bytes_left > 0;
}

void replay_secrets_follow(struct replay_secrets *secrets, const uint8_t *bytes, size_t count,
                           bool is_starred)
{
    if (is_starred && secrets->data_bytes_left > 0) {
        follow_data(secrets, count);
        return;
    }
    for (const uint8_t *end; (end = memchr(bytes, '\r', count)) != NULL;) {
        size_t before = (size_t)(end - bytes);
        add(secrets, bytes, before);
        end_line(secrets);
        bytes += before + 1;
        count -= before + 1;
    }
    add(secrets, bytes, count);
}

/* ---- filling in ----------------------------------------------------------------------------- */

/* The command whose secret the stars are, and the first place where they can stand in the piece. */
static const char *name_of(const struct replay_secrets *secrets, const uint8_t *bytes, size_t count,
                           size_t *first)
{
    struct replay_secrets whole = *secrets;
    struct secret_place place;
    size_t from = 0;
    *first = 0;
    if (secrets->data_bytes_left > 0)
        return "MQTTLONGPASSWORD";
    add(&whole, bytes, count);
    if (!secret_words_next(whole.line, whole.line_bytes, &from, &place))
        return "";
    if (place.at > secrets->line_bytes)
        *first = place.at - secrets->line_bytes;
    return place.command;
}

/* Where the next bytes go. */
static uint8_t *put(uint8_t *to, const void *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return to + count;
}

uint8_t *replay_secrets_fill(struct replay_secrets *secrets, const uint8_t *bytes, size_t count,
                             size_t *filled_bytes, const char **name)
{
    size_t first, behind = count;
    *name = name_of(secrets, bytes, count, &first);
    const char *value = value_of(secrets, *name);
    while (first < count && bytes[first] != '*')
        first++;
    while (behind > first && bytes[behind - 1] != '*')
        behind--;
    if (value == NULL)
        return NULL;
    size_t value_bytes = secrets->is_filled ? 0 : strlen(value);
    *filled_bytes = first + value_bytes + count - behind;
    uint8_t *filled = malloc(*filled_bytes + 1);
    if (filled == NULL)
        return NULL;
    uint8_t *end = put(filled, bytes, first);
    end = put(end, value, value_bytes);
    put(end, bytes + behind, count - behind);
    secrets->is_filled = true;
    return filled;
}
