#include "core/bytes/control_bytes.h"

#include "core/bytes/word.h"

/* A byte below 0x20 has its high bit set once 0x20 is taken from it, and DEL once 1 is added. Never
 * misses one; a tab, or a neighbour of 0xFF, may look like one. Other bits than the high ones mean
 * nothing. */
static size_t control_bits(size_t word)
{
    return ((word - WORD_OF(0x20)) | (word + WORD_OF(1))) & ~word;
}

static bool may_hold_control(size_t word)
{
    return (control_bits(word) & WORD_OF(0x80)) != 0;
}

static bool may_two_hold_control(const uint8_t *bytes)
{
    size_t bits = control_bits(word_at(bytes)) | control_bits(word_at(bytes + WORD_BYTES));
    return (bits & WORD_OF(0x80)) != 0;
}

/* Two words at a time up to the first that may hold one: every byte that a host sends passes here. */
size_t control_find(struct span text)
{
    size_t at = 0;
    while (WORDS_PAY && text.count - at >= 2 * WORD_BYTES && !may_two_hold_control(text.bytes + at))
        at += 2 * WORD_BYTES;
    while (at < text.count && !is_control(text.bytes[at]))
        at++;
    return at;
}

static bool is_printable_word(size_t word)
{
    return word_is_ascii(word) && !may_hold_control(word);
}

/* Nearly every topic is: a quick look at each word settles it, the last of which may overlap the one
 * before. */
bool text_is_printable(struct span text)
{
    size_t at = 0;
    for (; text.count - at >= WORD_BYTES; at += WORD_BYTES)
        if (!is_printable_word(word_at(text.bytes + at)))
            return false;
    if (text.count >= WORD_BYTES)
        return is_printable_word(word_at(text.bytes + text.count - WORD_BYTES));
    for (; at < text.count; at++)
        if (text.bytes[at] < ' ' || text.bytes[at] >= ASCII_DEL)
            return false;
    return true;
}
