/* out.h: a bounded writer over bytes that somebody else owns. The only formatter.
 *
 * What does not fit sets `overflowed`, which stays set, and nothing more is written: check once,
 * at the end. A writer at the end of a fifo (fifo_begin_growing()) makes room there first, so that
 * nobody has to know beforehand how long a line will be.
 */
#ifndef CORE_BYTES_OUT_H
#define CORE_BYTES_OUT_H

#include "core/bytes/span.h"

struct fifo;

struct out {
    uint8_t *bytes;
    size_t capacity;
    size_t count;
    bool overflowed;
    struct fifo *fifo; /* NULL: it cannot grow */
};

/* Makes room for count more bytes in out->fifo. false: there is none, and the writer is at its
 * end. */
bool fifo_grow(struct out *out, size_t count);

static inline struct out out_on(uint8_t *bytes, size_t capacity)
{
    return (struct out){.bytes = bytes, .capacity = capacity};
}

static inline struct span out_written(const struct out *out)
{
    return span_of(out->bytes, out->count);
}

static inline size_t out_room(const struct out *out)
{
    return out->capacity - out->count;
}

/* out_claim(), where it does not fit: the writer grows, or has overflowed and takes nothing more. */
uint8_t *out_claim_beyond(struct out *out, size_t count);

/* Room for count > 0 bytes that the caller fills itself, or NULL and overflow. */
static inline uint8_t *out_claim(struct out *out, size_t count)
{
    if (count > out_room(out))
        return out_claim_beyond(out, count);
    out->count += count;
    return out->bytes + (out->count - count);
}

static inline void out_u8(struct out *out, uint8_t value)
{
    uint8_t *at = out_claim(out, 1);
    if (at != NULL)
        at[0] = value;
}

/* The high byte first [MQTT-1.5.2]. */
static inline void out_u16(struct out *out, uint16_t value)
{
    uint8_t *at = out_claim(out, 2);
    if (at != NULL) {
        at[0] = (uint8_t)(value >> 8);
        at[1] = (uint8_t)value;
    }
}

static inline void out_span(struct out *out, struct span span)
{
    uint8_t *at = span.count > 0 ? out_claim(out, span.count) : NULL;
    if (at != NULL)
        memcpy(at, span.bytes, span.count);
}

static inline void out_text(struct out *out, const char *text)
{
    out_span(out, span_text(text));
}

void out_decimal(struct out *out, int32_t value);

/* With leading zeros up to `digits`: 7 as three digits is 007. */
void out_padded(struct out *out, uint32_t value, unsigned digits);

/* Two upper-case digits a byte. */
void out_hex(struct out *out, struct span span);

#endif
