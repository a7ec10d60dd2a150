#include "imqttd/trace/secrets.h"

#include <string.h>

#include "driver_report/secret_words.h"
#include "imqttd/trace/eight_bytes.h"

/* What may be edited away, and longer than a command line may be. */
#define EDITED_BYTES 8192

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* ---- lines that were edited ----------------------------------------------------------------- */

static bool may_be_edited(uint64_t eight)
{
    return (eight_below_or_high(eight, ' ' + 1) | eight_has(eight, 0x7F)) != 0;
}

/* Most lines are not: nothing has to be copied. */
static bool is_edited(const uint8_t *line, size_t count)
{
    size_t i = 0;
    while (count - i >= 8 && !may_be_edited(eight_at(line + i)))
        i += 8;
    for (; i < count; i++)
        if (line[i] <= ' ' || line[i] == 0x7F)
            return true;
    return false;
}

static size_t drop_spaces(uint8_t *line, size_t count)
{
    size_t end = 0;
    for (size_t i = 0; i < count; i++)
        if (line[i] != ' ')
            line[end++] = line[i];
    return end;
}

/* The line as it is once its edits are made and its spaces gone; how long it is. A space can be deleted
 * like anything else: what was deleted is echoed as BS, space, BS. */
static size_t edit(uint8_t *edited, const uint8_t *line, size_t count)
{
    size_t end = 0;
    for (size_t i = 0; i < count && end < EDITED_BYTES; i++) {
        bool deletes = line[i] == '\b' || line[i] == 0x7F;
        if (deletes && end > 0)
            end--;
        else if (line[i] >= ' ' && line[i] != 0x7F)
            edited[end++] = line[i];
    }
    return drop_spaces(edited, end);
}

/* A word that is only there once its edits are made: nobody can tell which bytes are secret. */
static bool hides_word(const uint8_t *line, size_t count)
{
    uint8_t edited[EDITED_BYTES];
    size_t bytes = edit(edited, line, count);
    bool has = bytes > 0 && secret_words_stand_in(edited, bytes);
    explicit_bzero(edited, bytes);
    return has && (!secret_words_stand_in(line, count) || memchr(line, '\b', count) != NULL ||
                   memchr(line, 0x7F, count) != NULL);
}

/* An anchor is there also before anything is edited away. */
bool secrets_star(uint8_t *line, size_t count)
{
    size_t body = count;
    if (secret_words_anchor(line, count) == count)
        return false;
    for (; count > 0 && is_line_end(*line); line++)
        count--, body--;
    while (body > 0 && is_line_end(line[body - 1]))
        body--;
    if (is_edited(line, body) && hides_word(line, body)) {
        memset(line, '*', body);
        return true;
    }
    return secret_words_star(line, count);
}

size_t secrets_data_bytes(const uint8_t *line, size_t count)
{
    uint8_t edited[EDITED_BYTES];
    while (count > 0 && is_line_end(line[count - 1]))
        count--;
    if (!is_edited(line, count))
        return secret_words_data_bytes(line, count);
    size_t bytes = edit(edited, line, count);
    size_t data_bytes = secret_words_data_bytes(edited, bytes);
    explicit_bzero(edited, bytes);
    return data_bytes;
}
