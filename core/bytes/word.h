/* word.h: eight (or four) bytes looked at in one go, where every byte that passes is looked at. */
#ifndef CORE_BYTES_WORD_H
#define CORE_BYTES_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* It is more code, beside the look at each byte: not where size is what is asked for. */
#ifdef __OPTIMIZE_SIZE__
#define WORDS_PAY false
#else
#define WORDS_PAY true
#endif

#define WORD_BYTES sizeof(size_t)

/* One byte repeated over a whole word. */
#define WORD_OF(byte) ((size_t)-1 / 0xFF * (byte))

static inline size_t word_at(const uint8_t *bytes)
{
    size_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Whether all bytes of the word are below 0x80. */
static inline bool word_is_ascii(size_t word)
{
    return (word & WORD_OF(0x80)) == 0;
}

#endif
