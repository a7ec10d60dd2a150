/* input.h: choices taken from the bytes of an input, one after the other. At the end of the bytes
 * every choice is the first one. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include "core/bytes/span.h"

static inline uint8_t take_byte(struct span *input)
{
    uint8_t byte = 0;
    span_take_u8(input, &byte);
    return byte;
}

static inline uint16_t take_u16(struct span *input)
{
    uint8_t high = take_byte(input);
    return (uint16_t)(high << 8 | take_byte(input));
}

/* One of `count`. */
static inline size_t take_choice(struct span *input, size_t count)
{
    return take_byte(input) % count;
}

static inline struct span take_up_to(struct span *input, size_t count)
{
    struct span taken;
    span_take(input, count < input->count ? count : input->count, &taken);
    return taken;
}

/* A length in one byte, or in two, and as many bytes; fewer at the end. */
static inline struct span take_short(struct span *input)
{
    return take_up_to(input, take_byte(input));
}

static inline struct span take_long(struct span *input)
{
    return take_up_to(input, take_u16(input));
}

#endif
