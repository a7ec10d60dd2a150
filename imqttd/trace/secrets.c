#include "imqttd/trace/secrets.h"

#include <string.h>
#include <strings.h>

/* What may be edited away, and longer than a command line may be. */
#define EDITED_BYTES 8192

/* Letters in upper case. */
struct word {
    const char *text;
    size_t bytes;
};

#define WORD(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static const struct secret_word {
    struct word word;     /* each has one Q */
    size_t q_at;          /* where in it */
    struct word argument; /* it has a secret only with it; empty: always */
    unsigned open_fields; /* those before them are not secret: a user's name, a product's key */
} words[] = {
    {WORD("IMQTTUSER"), 2, WORD(""), 1},
    {WORD("IMQTTAUTH"), 2, WORD(""), 2},
    {WORD("IMQTTDYNREG"), 2, WORD(""), 1},
    {WORD("IMQTTPARA"), 2, WORD("PASSWORD"), 1}, /* counted behind the argument */
    {WORD("QMTCONN"), 0, WORD(""), 3},
    {WORD("QMTCFG"), 0, WORD("ALIAUTH"), 4},
};

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* ---- the words ------------------------------------------------------------------------------ */

/* count: there is none from there on. It is rare, so most of a line needs no closer look. */
static size_t next_q(const uint8_t *line, size_t count, size_t from)
{
    const uint8_t *upper = memchr(line + from, 'Q', count - from);
    size_t end = upper != NULL ? (size_t)(upper - line) : count;
    const uint8_t *lower = memchr(line + from, 'q', end - from);
    return lower != NULL ? (size_t)(lower - line) : end;
}

/* Few get past the comparison of the last letter. */
static bool is_there(const uint8_t *at, size_t count, struct word word)
{
    return word.bytes <= count && (at[word.bytes - 1] & 0xDF) == word.text[word.bytes - 1] &&
           strncasecmp((const char *)at, word.text, word.bytes) == 0;
}

static const struct secret_word *word_around(const uint8_t *line, size_t count, size_t q)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t q_at = words[i].q_at;
        if (q_at <= q && is_there(line + q - q_at, count - q + q_at, words[i].word))
            return &words[i];
    }
    return NULL;
}

/* The next word: it, and where it ends. count: there is none. */
static size_t find_word(const uint8_t *line, size_t count, size_t from,
                        const struct secret_word **word)
{
    for (size_t q = next_q(line, count, from); q < count; q = next_q(line, count, q + 1)) {
        *word = word_around(line, count, q);
        if (*word != NULL)
            return q - (*word)->q_at + (*word)->word.bytes;
    }
    return count;
}

/* ---- what stands behind them ---------------------------------------------------------------- */

/* Behind the argument that makes it a secret. count: it is not there. */
static size_t skip_argument(const uint8_t *at, size_t count, struct word argument)
{
    if (argument.bytes == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (is_there(at + i, count - i, argument))
            return i + argument.bytes;
    return count;
}

/* Behind '=' or ':': stars what stands behind so many commas, up to the end of the line: ';' is part
 * of a secret. */
static bool star_fields(uint8_t *at, size_t count, const struct secret_word *word)
{
    unsigned open_fields = word->open_fields;
    bool starred = false;
    for (size_t i = skip_argument(at, count, word->argument); i < count; i++) {
        if (is_line_end(at[i]) || at[i] == '"')
            continue;
        if (open_fields == 0) {
            at[i] = '*';
            starred = true;
        } else if (at[i] == ',') {
            open_fields--;
        }
    }
    return starred;
}

static bool star_words(uint8_t *line, size_t count)
{
    const struct secret_word *word;
    bool starred = false;
    for (size_t i = 0; (i = find_word(line, count, i, &word)) < count;) {
        while (i < count && line[i] == ' ')
            i++;
        if (i < count && (line[i] == '=' || line[i] == ':'))
            starred = star_fields(line + i + 1, count - i - 1, word) || starred;
    }
    return starred;
}

/* ---- lines that were edited ----------------------------------------------------------------- */

/* Most lines are not: nothing has to be copied. */
static bool is_edited(const uint8_t *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
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

static bool has_word(const uint8_t *line, size_t count)
{
    const struct secret_word *word;
    return find_word(line, count, 0, &word) < count;
}

/* A word that is only there once its edits are made: nobody can tell which bytes are secret. */
static bool hides_word(const uint8_t *line, size_t count)
{
    uint8_t edited[EDITED_BYTES];
    size_t bytes = edit(edited, line, count);
    bool has = bytes > 0 && has_word(edited, bytes);
    explicit_bzero(edited, bytes);
    return has && (!has_word(line, count) || memchr(line, '\b', count) != NULL ||
                   memchr(line, 0x7F, count) != NULL);
}

/* The words have a Q also before anything is edited away. */
bool secrets_star(uint8_t *line, size_t count)
{
    size_t body = count;
    if (next_q(line, count, 0) == count)
        return false;
    for (; count > 0 && is_line_end(*line); line++)
        count--, body--;
    while (body > 0 && is_line_end(line[body - 1]))
        body--;
    if (is_edited(line, body) && hides_word(line, body)) {
        memset(line, '*', body);
        return true;
    }
    return star_words(line, count);
}
