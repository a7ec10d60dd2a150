#include "core/session/subscriptions.h"
#include "imqtt/limits.h"

#define ENTRY_HEADER_BYTES 3

void subscriptions_init(struct subscriptions *list, const struct imqtt_memory_port *memory,
                        enum imqtt_memory_purpose purpose)
{
    fifo_init(&list->entries, memory, purpose, IMQTT_SUBSCRIPTIONS_BYTES);
}

static void note_change(struct subscriptions *list)
{
    if (IMQTT_WITH_KEPT_SESSION)
        list->changes++;
}

bool subscriptions_have_room(const struct subscriptions *list, size_t filters, size_t filter_bytes)
{
    return filter_bytes + filters * ENTRY_HEADER_BYTES <= list->entries.cap - list->entries.count;
}

struct span subscriptions_all(const struct subscriptions *list)
{
    return fifo_waiting(&list->entries);
}

bool subscriptions_next(struct span *rest, struct span *filter, uint8_t *granted_qos)
{
    uint16_t bytes;
    return span_take_u16(rest, &bytes) && span_take_u8(rest, granted_qos) &&
           span_take(rest, bytes, filter);
}

/* The entry's place in the list, in bytes from its beginning; the list's size if it is not there.
 */
static size_t place_of(const struct subscriptions *list, struct span filter)
{
    struct span all = subscriptions_all(list), rest = all, candidate;
    uint8_t qos;
    for (size_t place = 0; subscriptions_next(&rest, &candidate, &qos);
         place = all.count - rest.count)
        if (span_equal(candidate, filter))
            return place;
    return all.count;
}

bool subscriptions_add(struct subscriptions *list, struct span filter, uint8_t granted_qos)
{
    size_t place = place_of(list, filter);
    note_change(list);
    if (place < list->entries.count) {
        list->entries.lease.bytes[list->entries.start + place + 2] = granted_qos;
        return true;
    }
    struct out entry = fifo_begin(&list->entries, ENTRY_HEADER_BYTES + filter.count);
    out_u16(&entry, (uint16_t)filter.count);
    out_u8(&entry, granted_qos);
    out_span(&entry, filter);
    if (entry.overflowed)
        return false;
    fifo_end(&list->entries, &entry);
    return true;
}

void subscriptions_remove(struct subscriptions *list, struct span filter)
{
    size_t place = place_of(list, filter);
    if (place == list->entries.count)
        return;
    note_change(list);
    size_t bytes = ENTRY_HEADER_BYTES + filter.count;
    uint8_t *first = list->entries.lease.bytes + list->entries.start;
    memmove(first + bytes, first, place); /* what stood before it closes the gap */
    fifo_take(&list->entries, bytes);
}

void subscriptions_clear(struct subscriptions *list)
{
    note_change(list);
    fifo_clear(&list->entries);
}

bool subscriptions_take_all(struct subscriptions *list, struct span entries)
{
    struct span filter;
    uint8_t qos;
    while (entries.count > 0)
        if (!subscriptions_next(&entries, &filter, &qos) || filter.count == 0 || qos > 2 ||
            !subscriptions_add(list, filter, qos))
            return false;
    return true;
}
