#include "core/bytes/utf8.h"

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

static bool take_sequence(struct span *text)
{
    const struct form *form = form_of(text->bytes[0]);
    struct span sequence;
    if (form == NULL || !span_take(text, form->continuations + 1U, &sequence))
        return false;
    uint32_t point = sequence.bytes[0] & (uint8_t)~form->mask;
    for (size_t i = 1; i < sequence.count; i++) {
        if ((sequence.bytes[i] & 0xC0) != 0x80)
            return false;
        point = point << 6 | (sequence.bytes[i] & 0x3F);
    }
    return is_character(point, form);
}

bool utf8_is_valid(struct span text)
{
    while (text.count > 0) {
        uint8_t first = text.bytes[0];
        if (first == 0)
            return false;
        bool valid = first < 0x80 ? span_skip(&text, 1) : take_sequence(&text);
        if (!valid)
            return false;
    }
    return true;
}
