#include "core/bytes/utf8.h"

#include "core/bytes/control_bytes.h"
#include "core/bytes/word.h"

/* The bytes that follow a lead byte, and the smallest code point that may use so many. */
struct form {
    uint8_t mask, lead, continuations;
    uint32_t smallest;
};

static const struct form forms[] = {
    {0xE0, 0xC0, 1, 0x80},
    {0xF0, 0xE0, 2, 0x800},
    {0xF8, 0xF0, 3, 0x10000},
};

static const struct form *form_of(uint8_t lead)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if ((lead & forms[i].mask) == forms[i].lead)
            return &forms[i];
    return NULL;
}

static bool is_character(uint32_t point, const struct form *form)
{
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= form->smallest && point <= 0x10FFFF && !surrogate;
}

/* ---- one character after the other ----------------------------------------------------------- */

static bool take_sequence(struct span *text, uint32_t *point)
{
    const struct form *form = form_of(text->bytes[0]);
    struct span sequence;
    if (form == NULL || !span_take(text, form->continuations + 1U, &sequence))
        return false;
    *point = sequence.bytes[0] & (uint8_t)~form->mask;
    for (size_t i = 1; i < sequence.count; i++) {
        if ((sequence.bytes[i] & 0xC0) != 0x80)
            return false;
        *point = *point << 6 | (sequence.bytes[i] & 0x3F);
    }
    return is_character(*point, form);
}

/* false: no character is there, or U+0000. */
static bool take_character(struct span *text, uint32_t *point)
{
    *point = text->bytes[0];
    return *point < 0x80 ? span_skip(text, 1) && *point != 0 : take_sequence(text, point);
}

/* ---- what is wrong with a text ---------------------------------------------------------------- */

enum { NO_UTF8 = 1, DISPUTED = 2, LINE_BREAK = 4 };

/* C0 and C1, DEL between them. */
static bool is_control_character(uint32_t point)
{
    return point < ' ' || (point >= ASCII_DEL && point < 0xA0);
}

static bool is_non_character(uint32_t point)
{
    return (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

/* A line separator and a paragraph separator. */
static bool is_separator(uint32_t point)
{
    return point == 0x2028 || point == 0x2029;
}

static unsigned flaws_of(uint32_t point)
{
    if (point == '\t')
        return DISPUTED;
    if (is_control_character(point))
        return DISPUTED | LINE_BREAK;
    if (is_separator(point))
        return LINE_BREAK;
    return is_non_character(point) ? DISPUTED : 0;
}

/* Up to what is no UTF-8. */
static unsigned find_flaws(struct span text)
{
    unsigned flaws = 0;
    uint32_t point;
    while (text.count > 0 && (flaws & NO_UTF8) == 0)
        flaws |= take_character(&text, &point) ? flaws_of(point) : NO_UTF8;
    return flaws;
}

bool utf8_is_valid(struct span text)
{
    return (find_flaws(text) & NO_UTF8) == 0;
}

/* Nearly every text is seen to have no flaw at a glance. */
static bool has_flaw(struct span text, unsigned flaw)
{
    return !(WORDS_PAY && text_is_printable(text)) && (find_flaws(text) & flaw) != 0;
}

bool utf8_has_disputed(struct span text)
{
    return has_flaw(text, DISPUTED);
}

bool utf8_has_line_break(struct span text)
{
    return has_flaw(text, LINE_BREAK);
}
