#include "core/settings/client_settings.h"
#include "imqtt/limits.h"

#if IMQTT_WITH_DIALECTS

#define HEADER_BYTES 6

struct entry {
    size_t place; /* where it begins, in bytes from the beginning */
    uint8_t client, key;
    struct span value;
};

void client_settings_init(struct client_settings *settings, const struct imqtt_memory_port *memory)
{
    fifo_init(&settings->entries, memory, IMQTT_MEMORY_CLIENTS, IMQTT_CLIENTS_BYTES);
}

void client_settings_clear(struct client_settings *settings)
{
    struct lease *lease = &settings->entries.lease;
    if (lease->bytes != NULL)
        memset(lease->bytes, 0, lease->capacity);
    fifo_clear(&settings->entries);
}

/* ---- reading -------------------------------------------------------------------------------- */

static size_t value_bytes(const uint8_t *header)
{
    return (size_t)header[2] << 24 | (size_t)header[3] << 16 | (size_t)header[4] << 8 | header[5];
}

/* false at the end. *rest begins at an entry. */
static bool take_entry(const struct client_settings *settings, struct span *rest,
                       struct entry *entry)
{
    struct span header;
    entry->place = settings->entries.count - rest->count;
    if (!span_take(rest, HEADER_BYTES, &header))
        return false;
    const uint8_t *at = header.bytes;
    entry->client = at[0];
    entry->key = at[1];
    return span_take(rest, value_bytes(at), &entry->value);
}

/* Some commands look up four of them: their bytes are looked at where they lie. */
static bool find(const struct client_settings *settings, uint8_t client, uint8_t key,
                 struct entry *entry)
{
    struct span all = fifo_waiting(&settings->entries);
    size_t bytes;
    if (all.bytes == NULL)
        return false; /* nothing was ever set */
    for (size_t place = 0; place < all.count; place += HEADER_BYTES + bytes) {
        const uint8_t *at = all.bytes + place;
        bytes = value_bytes(at);
        if (at[0] != client || at[1] != key)
            continue;
        *entry = (struct entry){place, client, key, span_of(at + HEADER_BYTES, bytes)};
        return true;
    }
    return false;
}

struct span client_string(const struct client_settings *settings, uint8_t client, uint8_t key)
{
    struct entry entry;
    return find(settings, client, key, &entry) ? entry.value : SPAN_EMPTY;
}

bool client_has(const struct client_settings *settings, uint8_t client, uint8_t key)
{
    struct entry entry;
    return find(settings, client, key, &entry);
}

uint32_t client_number(const struct client_settings *settings, uint8_t client, uint8_t key,
                       uint32_t otherwise)
{
    struct entry entry;
    uint16_t high, low;
    if (!find(settings, client, key, &entry) || !span_take_u16(&entry.value, &high) ||
        !span_take_u16(&entry.value, &low))
        return otherwise;
    return (uint32_t)high << 16 | low;
}

/* ---- changing ------------------------------------------------------------------------------- */

/* What stands before it closes the gap. */
static void remove_entry(struct client_settings *settings, const struct entry *entry)
{
    struct fifo *entries = &settings->entries;
    size_t bytes = HEADER_BYTES + entry->value.count;
    uint8_t *first = entries->lease.bytes + entries->start;
    memmove(first + bytes, first, entry->place);
    memset(first, 0, bytes);
    fifo_take(entries, bytes);
}

void client_forget(struct client_settings *settings, uint8_t client, uint8_t key)
{
    struct entry entry;
    if (find(settings, client, key, &entry))
        remove_entry(settings, &entry);
}

void client_forget_all(struct client_settings *settings, uint8_t client)
{
    struct span rest = fifo_waiting(&settings->entries);
    struct entry entry;
    while (take_entry(settings, &rest, &entry))
        if (entry.client == client) {
            remove_entry(settings, &entry);
            rest = fifo_waiting(&settings->entries);
        }
}

/* The new entry is there before the old one goes: nothing changes without memory. */
bool client_begin_string(struct client_settings *settings, uint8_t client, uint8_t key,
                         size_t bytes, struct out *value)
{
    struct entry old;
    struct out entry = fifo_begin(&settings->entries, HEADER_BYTES + bytes);
    if (entry.overflowed)
        return false;
    out_u8(&entry, client);
    out_u8(&entry, key);
    out_u16(&entry, (uint16_t)(bytes >> 16));
    out_u16(&entry, (uint16_t)bytes);
    bool is_old = find(settings, client, key, &old);
    uint8_t *place = bytes > 0 ? out_claim(&entry, bytes) : NULL;
    fifo_end(&settings->entries, &entry);
    if (is_old)
        remove_entry(settings, &old);
    *value = out_on(place, bytes);
    return true;
}

bool client_put_string(struct client_settings *settings, uint8_t client, uint8_t key,
                       struct span value)
{
    struct out out;
    if (!client_begin_string(settings, client, key, value.count, &out))
        return false;
    out_span(&out, value);
    return true;
}

bool client_put_number(struct client_settings *settings, uint8_t client, uint8_t key,
                       uint32_t value)
{
    struct out out;
    if (!client_begin_string(settings, client, key, sizeof value, &out))
        return false;
    out_u16(&out, (uint16_t)(value >> 16));
    out_u16(&out, (uint16_t)value);
    return true;
}

#endif
