/* strings.h: a few named strings side by side in one borrowed block, no larger than they need.
 *
 * A shelf has STRINGS_PLACES_MAX places; each holds bytes, at first none. Bytes that are no longer
 * part of a string are wiped: some are passwords.
 */
#ifndef CORE_BYTES_STRINGS_H
#define CORE_BYTES_STRINGS_H

#include "core/bytes/lease.h"
#include "core/bytes/out.h"

#define STRINGS_PLACES_MAX 16

struct strings {
    struct lease lease;
    uint16_t bytes_at[STRINGS_PLACES_MAX]; /* the length of each string */
    uint16_t bytes;                        /* of all of them */
};

void strings_init(struct strings *strings, const struct imqtt_memory_port *memory,
                  enum imqtt_memory_purpose purpose);

/* Valid until the next change of the shelf. */
struct span strings_get(const struct strings *strings, unsigned place);

/* All strings together. */
static inline size_t strings_bytes(const struct strings *strings)
{
    return strings->bytes;
}

/* Makes sure that strings of `bytes` in all can be put without failing. false: no memory; nothing
 * has changed. */
bool strings_make_room(struct strings *strings, size_t bytes);

/* Replaces one string by one of `bytes` (up to 65,535) that the caller writes at once and in full.
 * Only after strings_make_room(). */
struct out strings_begin(struct strings *strings, unsigned place, size_t bytes);

/* Replaces one string by a copy. Only after strings_make_room(). */
void strings_put(struct strings *strings, unsigned place, struct span value);

/* Empties every place and gives the memory back. */
void strings_clear(struct strings *strings);

#endif
