/* eight_bytes.h: eight bytes looked at together. What is found may be one more than there is, never one
 * less: a doubt is settled byte by byte. */
#ifndef IMQTTD_TRACE_EIGHT_BYTES_H
#define IMQTTD_TRACE_EIGHT_BYTES_H

#include <stdint.h>
#include <string.h>

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t eight_at(const void *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return eight;
}

/* One of them is that byte: the highest bit of its place. */
static inline uint64_t eight_has(uint64_t eight, uint8_t byte)
{
    uint64_t zero = eight ^ EIGHT(byte);
    return (zero - EIGHT(1)) & ~zero & EIGHT(0x80);
}

/* One of them is below that limit, which is 128 at most, or is no ASCII. */
static inline uint64_t eight_below_or_high(uint64_t eight, uint8_t limit)
{
    return ((eight - EIGHT(limit)) | eight) & EIGHT(0x80);
}

#endif
