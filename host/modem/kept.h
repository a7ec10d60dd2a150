/* kept.h: bytes that were read but could not be used yet. At most what one read brought, because
 * nothing more is read while they wait. Wiped when given back: they may be a password. */
#ifndef HOST_MODEM_KEPT_H
#define HOST_MODEM_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kept { /* all zero: empty */
    uint8_t *block;
    size_t block_bytes;
    size_t start; /* of what still waits */
};

/* Adds a copy at the end. false: no memory. */
bool kept_add(struct kept *kept, const uint8_t *bytes, size_t count);

static inline size_t kept_count(const struct kept *kept)
{
    return kept->block_bytes - kept->start;
}

static inline const uint8_t *kept_bytes(const struct kept *kept)
{
    return kept->block + kept->start;
}

/* The first count bytes were used. */
void kept_take(struct kept *kept, size_t count);

void kept_clear(struct kept *kept);

#endif
