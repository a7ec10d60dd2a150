/* span.h: a bounded cursor over bytes that somebody else owns. The only place that walks bytes. */
#ifndef CORE_BYTES_SPAN_H
#define CORE_BYTES_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *bytes;
    size_t count;
};

#define SPAN_EMPTY ((struct span){NULL, 0})

static inline struct span span_of(const uint8_t *bytes, size_t count)
{
    return (struct span){bytes, count};
}

static inline struct span span_text(const char *text)
{
    return (struct span){(const uint8_t *)text, strlen(text)};
}

/* Each take moves the cursor behind what it took. false: too few bytes; the cursor stays, and what
 * was taken is empty. */
static inline bool span_take(struct span *from, size_t count, struct span *taken)
{
    if (count > from->count) {
        *taken = SPAN_EMPTY;
        return false;
    }
    *taken = span_of(from->bytes, count);
    if (count > 0)
        from->bytes += count;
    from->count -= count;
    return true;
}

static inline bool span_skip(struct span *from, size_t count)
{
    struct span skipped;
    return span_take(from, count, &skipped);
}

static inline bool span_take_u8(struct span *from, uint8_t *value)
{
    struct span taken;
    if (!span_take(from, 1, &taken))
        return false;
    *value = taken.bytes[0];
    return true;
}

/* Two bytes, the high one first, as MQTT sends them [MQTT-1.5.2]. */
static inline bool span_take_u16(struct span *from, uint16_t *value)
{
    struct span taken;
    if (!span_take(from, 2, &taken))
        return false;
    *value = (uint16_t)(taken.bytes[0] << 8 | taken.bytes[1]);
    return true;
}

/* The first byte, or -1 at the end. */
static inline int span_first(struct span in)
{
    return in.count > 0 ? in.bytes[0] : -1;
}

static inline int span_last(struct span in)
{
    return in.count > 0 ? in.bytes[in.count - 1] : -1;
}

/* The index of the first `byte`, or in.count if there is none. */
static inline size_t span_find(struct span in, uint8_t byte)
{
    const uint8_t *found = in.count > 0 ? memchr(in.bytes, byte, in.count) : NULL;
    return found != NULL ? (size_t)(found - in.bytes) : in.count;
}

/* The index of the last `byte`, or in.count if there is none. */
size_t span_find_last(struct span in, uint8_t byte);

bool span_equal(struct span a, struct span b);

/* Letters of ASCII compare equal in either case. */
bool span_equal_ignoring_case(struct span a, struct span b);

/* Without the spaces and tabs at either end. */
struct span span_trim(struct span in);
struct span span_trim_start(struct span in);

#endif
