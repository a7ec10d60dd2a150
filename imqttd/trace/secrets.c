#include "imqttd/trace/secrets.h"

#include <string.h>
#include <strings.h>

/* What may be edited away, and longer than a command line may be. */
#define EDITED_BYTES 8192

static const struct secret_word {
    const char *word;
    unsigned open_fields; /* those before them are not secret: a user's name, a product's key */
} words[] = {{"IMQTTUSER", 1}, {"IMQTTAUTH", 2}, {"IMQTTDYNREG", 1}};

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* All words begin with the same letter: most places need no closer look. */
static const struct secret_word *word_at(const uint8_t *line, size_t count)
{
    if ((line[0] | 0x20) != 'i')
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t bytes = strlen(words[i].word);
        if (bytes <= count && strncasecmp((const char *)line, words[i].word, bytes) == 0)
            return &words[i];
    }
    return NULL;
}

/* Behind '=' or ':': stars what stands behind so many commas, up to the end of the command. */
static size_t star_fields(uint8_t *at, size_t count, unsigned open_fields, bool *starred)
{
    bool is_quoted = false;
    size_t i;
    for (i = 0; i < count && !is_line_end(at[i]); i++) {
        if (at[i] == '"')
            is_quoted = !is_quoted;
        else if (at[i] == ';' && !is_quoted)
            break;
        else if (at[i] == ',' && open_fields > 0) {
            open_fields--;
            is_quoted = false; /* a quote that was left open hides nothing */
        } else if (open_fields == 0) {
            at[i] = '*';
            *starred = true;
        }
    }
    return i;
}

static bool star_words(uint8_t *line, size_t count)
{
    bool starred = false;
    for (size_t i = 0; i < count; i++) {
        const struct secret_word *word = word_at(line + i, count - i);
        if (word == NULL)
            continue;
        i += strlen(word->word);
        while (i < count && line[i] == ' ')
            i++;
        if (i < count && (line[i] == '=' || line[i] == ':'))
            i += star_fields(line + i + 1, count - i - 1, word->open_fields, &starred);
    }
    return starred;
}

/* Most lines are not: nothing has to be copied. */
static bool is_edited(const uint8_t *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (line[i] <= ' ' || line[i] == 0x7F)
            return true;
    return false;
}

/* The line as it is once its edits are made and its spaces gone; how long it is. */
static size_t edit(uint8_t *edited, const uint8_t *line, size_t count)
{
    size_t end = 0;
    for (size_t i = 0; i < count && end < EDITED_BYTES; i++) {
        bool deletes = line[i] == '\b' || line[i] == 0x7F;
        if (deletes && end > 0)
            end--;
        else if (line[i] > ' ' && line[i] != 0x7F)
            edited[end++] = line[i];
    }
    return end;
}

static bool has_word(const uint8_t *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (word_at(line + i, count - i) != NULL)
            return true;
    return false;
}

/* A word that is only there once its edits are made: nobody can tell which bytes are secret. */
static bool hides_word(const uint8_t *line, size_t count)
{
    uint8_t edited[EDITED_BYTES];
    size_t bytes = edit(edited, line, count);
    bool has = has_word(edited, bytes);
    explicit_bzero(edited, bytes);
    return has && (!has_word(line, count) || memchr(line, '\b', count) != NULL ||
                   memchr(line, 0x7F, count) != NULL);
}

bool secrets_star(uint8_t *line, size_t count)
{
    size_t body = count;
    while (body > 0 && is_line_end(line[body - 1]))
        body--;
    if (is_edited(line, body) && hides_word(line, body)) {
        memset(line, '*', body);
        return true;
    }
    return star_words(line, count);
}
