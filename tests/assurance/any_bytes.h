/* any_bytes.h: input that Frama-C's Eva takes as every possible one.
 *
 * Eva keeps ranges of numbers, not how two of them belong together: so a harness goes through the lengths
 * one by one (loops that eva.py has it unroll), and only what the bytes are is left open.
 */
#ifndef TESTS_ASSURANCE_ANY_BYTES_H
#define TESTS_ASSURANCE_ANY_BYTES_H

#include <__fc_builtin.h>

#include "core/bytes/span.h"
#include "imqtt/ports.h"

static uint8_t any_bytes[ANY_BYTES];

/* So many bytes, each any of the 256, at the end of their array: a step beyond them shows. */
static inline struct span any_span(size_t count)
{
    for (size_t i = 0; i < ANY_BYTES; i++)
        any_bytes[i] = (uint8_t)Frama_C_interval(0, UINT8_MAX);
    return span_of(any_bytes + ANY_BYTES - count, count);
}

/* A memory port with a block a purpose, which is there or is not; the largest that is asked for. */
static uint8_t any_blocks[IMQTT_MEMORY_PURPOSE_COUNT][ANY_BLOCK_BYTES];

static inline void *any_resize(void *context, enum imqtt_memory_purpose purpose, void *block,
                               size_t before, size_t bytes)
{
    (void)context, (void)block, (void)before;
    if (bytes == 0 || bytes > ANY_BLOCK_BYTES || Frama_C_interval(0, 1) == 0)
        return NULL;
    return any_blocks[purpose];
}

static const struct imqtt_memory_port any_memory = {.resize = any_resize};

#endif
