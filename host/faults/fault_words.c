#include "host/faults/fault_words.h"

#include <string.h>
#include <strings.h>

#define DIGITS_MAX 18 /* what fits into 64 bits whatever they are */

#define SHARE_DIGITS 6 /* a million */
#define WHOLE        1000000

static size_t read_digits(uint64_t *value, const char *text)
{
    size_t count = strspn(text, "0123456789");
    *value = 0;
    if (count > DIGITS_MAX)
        return 0;
    for (size_t i = 0; i < count; i++)
        *value = *value * 10 + (uint64_t)(text[i] - '0');
    return count;
}

bool fault_read_number(uint64_t *value, const char *text)
{
    size_t count = read_digits(value, text);
    return count > 0 && text[count] == '\0';
}

bool fault_read_duration(uint64_t *ms, const char *text)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    uint64_t number;
    size_t count = read_digits(&number, text);
    for (size_t i = 0; count > 0 && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + count, units[i].name) != 0 || number > UINT64_MAX / units[i].ms)
            continue;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}

/* Behind the point: as many digits as there are, as if there were SHARE_DIGITS. */
static size_t read_fraction(uint64_t *ppm, const char *text)
{
    size_t count = read_digits(ppm, text);
    if (count > SHARE_DIGITS)
        return 0;
    for (size_t i = count; i < SHARE_DIGITS; i++)
        *ppm *= 10;
    return count;
}

bool fault_read_share(uint64_t *ppm, const char *text)
{
    uint64_t whole, fraction = 0;
    size_t count = read_digits(&whole, text);
    if (count == 0 || whole > 100)
        return false;
    text += count;
    if (*text == '.') {
        count = read_fraction(&fraction, text + 1);
        if (count == 0)
            return false;
        text += 1 + count;
    }
    bool is_percent = *text == '%';
    *ppm = (whole * WHOLE + fraction) / (is_percent ? 100 : 1);
    return text[is_percent] == '\0' && *ppm <= WHOLE;
}

bool fault_read_word(uint64_t *place, const char *text, const char *const *words)
{
    for (*place = 0; words[*place] != NULL; (*place)++)
        if (strcasecmp(words[*place], text) == 0)
            return true;
    return false;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t';
}

/* The character that begins at *from; *from is at its last byte then. */
static char read_character(const char **from, bool is_quoted)
{
    if (!is_quoted || **from != '\\' || (*from)[1] == '\0')
        return **from;
    ++*from;
    return (char)(**from == 'r' ? '\r' : **from == 'n' ? '\n' : **from);
}

enum fault_split fault_split_word(const char **line, char *word, size_t room)
{
    const char *from = *line;
    bool is_quoted = false;
    size_t count = 0;
    while (is_space(*from))
        from++;
    if (*from == '\0')
        return FAULT_SPLIT_END;
    for (; *from != '\0' && (is_quoted || !is_space(*from)); from++) {
        if (*from == '"') {
            is_quoted = !is_quoted;
            continue;
        }
        if (count + 1 >= room)
            return FAULT_SPLIT_WRONG;
        word[count++] = read_character(&from, is_quoted);
    }
    word[count] = '\0';
    *line = from;
    return is_quoted ? FAULT_SPLIT_WRONG : FAULT_SPLIT_WORD;
}
