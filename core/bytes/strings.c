#include "core/bytes/strings.h"

/* The whole shelf: its strings are short or come from one command line. */
#define SHELF_BYTES_MAX 65535U

void strings_init(struct strings *strings, const struct imqtt_memory_port *memory,
                  enum imqtt_memory_purpose purpose)
{
    *strings = (struct strings){.lease = lease_from(memory, purpose)};
}

static size_t start_of(const struct strings *strings, unsigned place)
{
    size_t start = 0;
    for (unsigned i = 0; i < place; i++)
        start += strings->bytes_at[i];
    return start;
}

struct span strings_get(const struct strings *strings, unsigned place)
{
    if (strings->bytes_at[place] == 0)
        return SPAN_EMPTY;
    return span_of(strings->lease.bytes + start_of(strings, place), strings->bytes_at[place]);
}

bool strings_make_room(struct strings *strings, size_t bytes)
{
    return lease_grow(&strings->lease, strings_bytes(strings) + bytes, SHELF_BYTES_MAX);
}

static void wipe_unused(struct strings *strings)
{
    size_t used = strings_bytes(strings);
    if (strings->lease.bytes != NULL)
        memset(strings->lease.bytes + used, 0, strings->lease.capacity - used);
}

static void resize(struct strings *strings, unsigned place, size_t bytes)
{
    size_t start = start_of(strings, place);
    size_t old_end = start + strings->bytes_at[place];
    size_t behind = strings_bytes(strings) - old_end;
    if (behind > 0)
        memmove(strings->lease.bytes + start + bytes, strings->lease.bytes + old_end, behind);
    bool shorter = bytes < strings->bytes_at[place];
    strings->bytes = (uint16_t)(strings->bytes - strings->bytes_at[place] + bytes);
    strings->bytes_at[place] = (uint16_t)bytes;
    if (shorter)
        wipe_unused(strings);
}

struct out strings_begin(struct strings *strings, unsigned place, size_t bytes)
{
    size_t start = start_of(strings, place);
    if (bytes != strings->bytes_at[place])
        resize(strings, place, bytes);
    return bytes > 0 ? out_on(strings->lease.bytes + start, bytes) : out_on(NULL, 0);
}

void strings_put(struct strings *strings, unsigned place, struct span value)
{
    struct out out = strings_begin(strings, place, value.count);
    out_span(&out, value);
}

void strings_clear(struct strings *strings)
{
    memset(strings->bytes_at, 0, sizeof strings->bytes_at);
    strings->bytes = 0;
    wipe_unused(strings);
    lease_return(&strings->lease);
}
