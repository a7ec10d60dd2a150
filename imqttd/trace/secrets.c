#include "imqttd/trace/secrets.h"

#include <string.h>
#include <strings.h>

#include "imqttd/trace/eight_bytes.h"

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
    struct word word;     /* each has one anchor: a Q, or the '+' before it */
    size_t anchor_at;     /* where in it */
    struct word argument; /* it has a secret only with it; empty: always */
    unsigned open_fields; /* those before them are not secret: a user's name, a product's key */
} words[] = {
    {WORD("IMQTTUSER"), 2, WORD(""), 1},
    {WORD("IMQTTAUTH"), 2, WORD(""), 2},
    {WORD("IMQTTDYNREG"), 2, WORD(""), 1},
    {WORD("IMQTTPARA"), 2, WORD("PASSWORD"), 1}, /* counted behind the argument */
    {WORD("QMTCONN"), 0, WORD(""), 3},
    {WORD("QMTCFG"), 0, WORD("ALIAUTH"), 4},
    {WORD("QICSGP"), 0, WORD(""), 4},
    {WORD("CMQTTCONNECT"), 2, WORD(""), 5},
    {WORD("+CSSLCFG"), 0, WORD("PASSWORD"), 2},
    {WORD("+SMCONF"), 0, WORD("PASSWORD"), 1},
    {WORD("+CNCFG"), 0, WORD(""), 4},
    {WORD("MQTTUSERCFG"), 1, WORD(""), 4},
    {WORD("MQTTPASSWORD"), 1, WORD(""), 1},
    {WORD("+CWJAP"), 0, WORD(""), 1},
};

/* Its number says how many bytes follow, which are the secret. */
static const struct word long_password = WORD("MQTTLONGPASSWORD");

#define LONG_PASSWORD_BYTES 2048 /* no module takes more */

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* ---- the words ------------------------------------------------------------------------------ */

/* The anchor that comes next, which is rare: most of a line needs no closer look. count: none. */
static size_t next_anchor(const uint8_t *line, size_t count, size_t from)
{
    static const char anchors[] = {'+', 'Q', 'q'};
    size_t end = count;
    for (size_t i = 0; i < sizeof anchors; i++) {
        const uint8_t *at = memchr(line + from, anchors[i], end - from);
        end = at != NULL ? (size_t)(at - line) : end;
    }
    return end;
}

/* Few get past the comparison of the last letter. */
static bool is_there(const uint8_t *at, size_t count, struct word word)
{
    return word.bytes <= count &&
           (at[word.bytes - 1] & 0xDF) == (word.text[word.bytes - 1] & 0xDF) &&
           strncasecmp((const char *)at, word.text, word.bytes) == 0;
}

static const struct secret_word *word_around(const uint8_t *line, size_t count, size_t anchor)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t before = words[i].anchor_at;
        if (before <= anchor &&
            is_there(line + anchor - before, count - anchor + before, words[i].word))
            return &words[i];
    }
    return NULL;
}

/* The next word: it, and where it ends. count: there is none. */
static size_t find_word(const uint8_t *line, size_t count, size_t from,
                        const struct secret_word **word)
{
    for (size_t at = next_anchor(line, count, from); at < count;
         at = next_anchor(line, count, at + 1)) {
        *word = word_around(line, count, at);
        if (*word != NULL)
            return at - (*word)->anchor_at + (*word)->word.bytes;
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

/* An anchor is there also before anything is edited away. */
bool secrets_star(uint8_t *line, size_t count)
{
    size_t body = count;
    if (next_anchor(line, count, 0) == count)
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

/* ---- a secret that is sent as data ----------------------------------------------------------- */

static size_t number_behind_comma(const uint8_t *at, size_t count)
{
    const uint8_t *comma = memchr(at, ',', count), *end = at + count;
    size_t number = 0;
    if (comma == NULL)
        return 0;
    for (at = comma + 1; at < end && (*at == ' ' || (*at >= '0' && *at <= '9')); at++)
        if (*at != ' ' && number <= LONG_PASSWORD_BYTES)
            number = number * 10 + *at - '0';
    return number <= LONG_PASSWORD_BYTES ? number : 0;
}

size_t secrets_data_bytes(const uint8_t *line, size_t count)
{
    const uint8_t *word = memchr(line, '+', count);
    if (word == NULL)
        return 0;
    size_t left = count - (size_t)(word + 1 - line);
    if (!is_there(word + 1, left, long_password))
        return 0;
    return number_behind_comma(word + 1, left);
}
