#include "core/bytes/utf8.h"

#include "core/bytes/control_bytes.h"

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

bool utf8_is_valid(struct span text)
{
    uint32_t point;
    while (text.count > 0)
        if (!take_character(&text, &point))
            return false;
    return true;
}

/* ---- kinds of characters ---------------------------------------------------------------------- */

static bool has_any(struct span text, bool is_of_kind(uint32_t point))
{
    uint32_t point;
    while (text.count > 0 && take_character(&text, &point))
        if (is_of_kind(point))
            return true;
    return false;
}

/* C0 and C1, DEL between them. */
static bool is_control_character(uint32_t point)
{
    return point < ' ' || (point >= ASCII_DEL && point < 0xA0);
}

static bool is_non_character(uint32_t point)
{
    return (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

static bool is_disputed(uint32_t point)
{
    return is_control_character(point) || is_non_character(point);
}

/* A line separator and a paragraph separator. */
static bool is_line_breaking(uint32_t point)
{
    return (is_control_character(point) && point != '\t') || point == 0x2028 || point == 0x2029;
}

bool utf8_has_disputed_characters(struct span text)
{
    return has_any(text, is_disputed);
}

bool utf8_has_line_break(struct span text)
{
    return !text_is_printable(text) && has_any(text, is_line_breaking);
}
