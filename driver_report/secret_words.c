#include "driver_report/secret_words.h"

#include <string.h>
#include <strings.h>

/* Letters in upper case. */
struct word {
    const char *text;
    size_t bytes;
};

#define WORD(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

/* Also those of commands that these modems refuse: what a host sends them is a secret all the same. */
static const struct secret_word {
    struct word word;     /* each has one anchor: a Q, or the '+' before it */
    size_t anchor_at;     /* where in it */
    struct word argument; /* it has a secret only with it; empty: always */
    unsigned open_fields; /* those before them are not secret: a user's name, a product's key */
    const char *signs;    /* "=" typed, ":" read back; what some say by that name is no secret */
} words[] = {
    {WORD("IMQTTUSER"), 2, WORD(""), 1, "=:"},
    {WORD("IMQTTAUTH"), 2, WORD(""), 2, "=:"},
    {WORD("IMQTTDYNREG"), 2, WORD(""), 1, "=:"},
    {WORD("IMQTTPARA"), 2, WORD("PASSWORD"), 1, "=:"}, /* counted behind the argument */
    {WORD("QMTCONN"), 0, WORD(""), 3, "=:"},
    {WORD("QMTCFG"), 0, WORD("ALIAUTH"), 4, "=:"},
    {WORD("QICSGP"), 0, WORD(""), 4, "=:"},
    {WORD("CMQTTCONNECT"), 2, WORD(""), 5, "=:"},
    {WORD("CMQTTCFG"), 2, WORD("ALIAUTH"), 4, "=:"},
    {WORD("+CSSLCFG"), 0, WORD("PASSWORD"), 2, "=:"},
    {WORD("+CSSLCFG"), 0, WORD("CONVERT"), 4, "=:"},
    {WORD("+SMCONF"), 0, WORD("PASSWORD"), 1, "=:"},
    {WORD("+SMALIAUTH"), 0, WORD(""), 2, "=:"},
    {WORD("+CNCFG"), 0, WORD(""), 4, "=:"},
    {WORD("MQTTUSERCFG"), 1, WORD(""), 4, "=:"},
    {WORD("MQTTPASSWORD"), 1, WORD(""), 1, "=:"},
    {WORD("+CWJAP_CUR"), 0, WORD(""), 1, "="},
    {WORD("+CWJAP_DEF"), 0, WORD(""), 1, "="},
    {WORD("+CWJAP"), 0, WORD(""), 1, "="},
    {WORD("+CWSAP"), 0, WORD(""), 1, "=:"},
    {WORD("+CGAUTH"), 0, WORD(""), 2, "=:"}, /* some have the password before the name */
    {WORD("+XGAUTH"), 0, WORD(""), 2, "=:"},
    {WORD("+CSOCKAUTH"), 0, WORD(""), 2, "=:"},
    {WORD("+CSTT"), 0, WORD(""), 2, "=:"},
    {WORD("+SAPBR"), 0, WORD("PWD"), 1, "=:"},
    {WORD("+CPIN"), 0, WORD(""), 0, "="},
    {WORD("+CPWD"), 0, WORD(""), 1, "=:"},
    {WORD("+CLCK"), 0, WORD(""), 2, "="},
};

/* Its number says how many bytes follow, which are the secret. */
static const struct word long_password = WORD("MQTTLONGPASSWORD");

#define LONG_PASSWORD_BYTES 2048 /* no module takes more */

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* ---- the words ------------------------------------------------------------------------------ */

/* The anchor that comes next, which is rare: most of a line needs no closer look. */
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

size_t secret_words_anchor(const uint8_t *line, size_t count)
{
    return next_anchor(line, count, 0);
}

/* Few get past the comparison of the last letter. */
static bool is_there(const uint8_t *at, size_t count, struct word word)
{
    return word.bytes <= count &&
           (at[word.bytes - 1] & 0xDF) == (word.text[word.bytes - 1] & 0xDF) &&
           strncasecmp((const char *)at, word.text, word.bytes) == 0;
}

/* Where the word that the anchor belongs to ends; 0: it is not that one. */
static size_t end_of_word(const uint8_t *line, size_t count, size_t anchor,
                          const struct secret_word *word)
{
    size_t before = word->anchor_at;
    if (before > anchor || !is_there(line + anchor - before, count - anchor + before, word->word))
        return 0;
    return anchor - before + word->word.bytes;
}

bool secret_words_stand_in(const uint8_t *line, size_t count)
{
    for (size_t at = next_anchor(line, count, 0); at < count; at = next_anchor(line, count, at + 1))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (end_of_word(line, count, at, &words[i]) > 0)
                return true;
    return false;
}

/* ---- what stands behind them ---------------------------------------------------------------- */

/* Behind the argument that makes it a secret. count: it is not there. */
static size_t skip_argument(const uint8_t *line, size_t count, size_t from, struct word argument)
{
    if (argument.bytes == 0)
        return from;
    for (size_t i = from; i < count; i++)
        if (is_there(line + i, count - i, argument)) {
            i += argument.bytes;
            return i < count && line[i] == '"' ? i + 1 : i;
        }
    return count;
}

static size_t skip_spaces(const uint8_t *line, size_t count, size_t from)
{
    while (from < count && line[from] == ' ')
        from++;
    return from;
}

/* The comma behind a field that is quoted beyond doubt. count: it is not. */
static size_t comma_behind_quotes(const uint8_t *line, size_t count, size_t from)
{
    size_t open = skip_spaces(line, count, from);
    if (open == count || line[open] != '"')
        return count;
    const uint8_t *close = memchr(line + open + 1, '"', count - open - 1);
    if (close == NULL || memchr(line + open, '\\', (size_t)(close - line) - open) != NULL)
        return count;
    size_t behind = skip_spaces(line, count, (size_t)(close - line) + 1);
    return behind < count && line[behind] == ',' ? behind : count;
}

static size_t skip_fields(const uint8_t *line, size_t count, size_t from, unsigned fields)
{
    for (; fields > 0 && from < count; fields--) {
        size_t quoted = comma_behind_quotes(line, count, from);
        const uint8_t *comma =
            quoted < count ? line + quoted : memchr(line + from, ',', count - from);
        from = comma != NULL ? (size_t)(comma + 1 - line) : count;
    }
    return from;
}

/* A test form, =?, has none, and neither has a line that ends there. */
static bool has_something(const uint8_t *line, size_t count, size_t at)
{
    return at < count && !is_line_end(line[at]) && !(line[at] == '?' && line[at - 1] == '=');
}

static bool find_behind(const uint8_t *line, size_t count, size_t end,
                        const struct secret_word *word, struct secret_place *place)
{
    end = skip_spaces(line, count, end);
    if (end == count || line[end] == '\0' || strchr(word->signs, line[end]) == NULL)
        return false;
    size_t at = skip_argument(line, count, end + 1, word->argument);
    place->command = word->word.text + (word->word.text[0] == '+');
    place->at = skip_fields(line, count, at, word->open_fields);
    place->is_typed = line[end] == '=';
    return has_something(line, count, place->at);
}

static bool find_around(const uint8_t *line, size_t count, size_t anchor,
                        struct secret_place *place)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t end = end_of_word(line, count, anchor, &words[i]);
        if (end > 0 && find_behind(line, count, end, &words[i], place))
            return true;
    }
    return false;
}

bool secret_words_next(const uint8_t *line, size_t count, size_t *from, struct secret_place *place)
{
    for (size_t at = next_anchor(line, count, *from); at < count;
         at = next_anchor(line, count, at + 1)) {
        *from = at + 1;
        if (find_around(line, count, at, place))
            return true;
    }
    return false;
}

/* ';' is part of a secret, and what follows it: all of them begin before the first one's end. */
bool secret_words_star(uint8_t *line, size_t count)
{
    struct secret_place place;
    bool starred = false;
    for (size_t from = 0; secret_words_next(line, count, &from, &place);)
        for (size_t i = place.at; i < count; i++)
            if (line[i] != '"' && !is_line_end(line[i])) {
                line[i] = '*';
                starred = true;
            }
    return starred;
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

size_t secret_words_data_bytes(const uint8_t *line, size_t count)
{
    const uint8_t *end = line + count, *at = line;
    while ((at = memchr(at, '+', (size_t)(end - at))) != NULL) {
        at++;
        if (is_there(at, (size_t)(end - at), long_password))
            return number_behind_comma(at, (size_t)(end - at));
    }
    return 0;
}
