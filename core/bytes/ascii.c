#include "core/bytes/ascii.h"

#include "core/bytes/word.h"

/* A byte below 0x20 has its high bit set once 0x20 is taken from it, and DEL once 1 is added. Never
 * misses one; a tab, or a neighbour of 0xFF, may look like one. */
static bool may_hold_control(size_t word)
{
    return (((word - WORD_OF(0x20)) | (word + WORD_OF(1))) & ~word & WORD_OF(0x80)) != 0;
}

/* A word at a time up to the first that may hold one: every byte that a host sends passes here. */
size_t control_find(struct span text)
{
    size_t at = 0;
    while (text.count - at >= WORD_BYTES && !may_hold_control(word_at(text.bytes + at)))
        at += WORD_BYTES;
    while (at < text.count && !is_control(text.bytes[at]))
        at++;
    return at;
}
