#include "core/mqtt/received.h"
#include "imqtt/limits.h"

/* An empty set keeps a block up to this size. */
#define KEPT_BYTES 256

struct exchange {
    uint16_t packet_id;
    uint16_t owed_pubrecs : 14;
    uint16_t is_released : 1;
    uint16_t is_handed_on : 1; /* its PUBREC has left, once at least */
};

_Static_assert(IMQTT_UNACKNOWLEDGED < 1 << 14, "more PUBRECs are never owed");

static struct exchange *exchanges_of(const struct received *received)
{
    return (struct exchange *)(void *)received->lease.bytes;
}

void received_init(struct received *received, const struct imqtt_memory_port *port)
{
    *received = (struct received){.lease = lease_from(port, IMQTT_MEMORY_INBOUND_QOS2)};
}

/* NULL: there is none. Brokers keep few exchanges open: a search is enough. */
static struct exchange *find(const struct received *received, uint16_t packet_id, bool is_released)
{
    struct exchange *exchanges = exchanges_of(received);
    for (size_t i = 0; i < received->count; i++)
        if (exchanges[i].packet_id == packet_id && exchanges[i].is_released == is_released)
            return &exchanges[i];
    return NULL;
}

static struct exchange *add(struct received *received, uint16_t packet_id)
{
    size_t bytes = (received->count + 1) * sizeof(struct exchange);
    if (!lease_grow(&received->lease, bytes, IMQTT_INBOUND_QOS2 * sizeof(struct exchange)))
        return NULL;
    struct exchange *added = &exchanges_of(received)[received->count++];
    *added = (struct exchange){.packet_id = packet_id};
    return added;
}

static void note_change(struct received *received, bool is_one)
{
    if (IMQTT_WITH_KEPT_SESSION)
        received->changes += is_one;
}

static void end(struct received *received, struct exchange *exchange)
{
    note_change(received, true);
    *exchange = exchanges_of(received)[--received->count];
    if (received->count == 0 && received->lease.capacity > KEPT_BYTES)
        lease_return(&received->lease);
}

enum received_result received_publish(struct received *received, uint16_t packet_id)
{
    struct exchange *known = find(received, packet_id, false);
    struct exchange *exchange = known != NULL ? known : add(received, packet_id);
    if (exchange == NULL)
        return RECEIVED_TOO_MANY;
    exchange->owed_pubrecs++;
    return known != NULL ? RECEIVED_AGAIN : RECEIVED_NEW;
}

bool received_acknowledge(struct received *received, uint16_t packet_id)
{
    struct exchange *exchange = find(received, packet_id, true); /* the older one, if any */
    if (exchange == NULL)
        exchange = find(received, packet_id, false);
    if (exchange == NULL)
        return false;
    if (exchange->owed_pubrecs > 0)
        exchange->owed_pubrecs--;
    note_change(received, !exchange->is_handed_on);
    exchange->is_handed_on = true;
    if (exchange->owed_pubrecs > 0 || !exchange->is_released)
        return false;
    end(received, exchange);
    return true;
}

bool received_release(struct received *received, uint16_t packet_id)
{
    struct exchange *exchange = find(received, packet_id, false);
    if (exchange == NULL)
        return find(received, packet_id, true) == NULL;
    if (exchange->owed_pubrecs > 0) {
        exchange->is_released = true;
        return false;
    }
    end(received, exchange);
    return true;
}

void received_lose_link(struct received *received)
{
    for (size_t i = received->count; i-- > 0;) {
        struct exchange *exchange = &exchanges_of(received)[i];
        if (exchange->is_released && find(received, exchange->packet_id, false) != NULL)
            end(received, exchange);
        else
            *exchange = (struct exchange){.packet_id = exchange->packet_id,
                                          .is_handed_on = exchange->is_handed_on};
    }
}

void received_clear(struct received *received)
{
    note_change(received, received->count > 0);
    received->count = 0;
    lease_return(&received->lease);
}

/* ---- over a power cut ----------------------------------------------------------------------- */

static uint16_t count_handed_on(const struct received *received)
{
    uint16_t count = 0;
    for (size_t i = 0; i < received->count; i++)
        count = (uint16_t)(count + exchanges_of(received)[i].is_handed_on);
    return count;
}

void received_put(const struct received *received, struct out *record)
{
    out_u16(record, count_handed_on(received));
    for (size_t i = 0; i < received->count; i++)
        if (exchanges_of(received)[i].is_handed_on)
            out_u16(record, exchanges_of(received)[i].packet_id);
}

bool received_take(struct received *received, struct span *record)
{
    uint16_t count, packet_id;
    if (!span_take_u16(record, &count))
        return false;
    for (; count > 0; count--) {
        if (!span_take_u16(record, &packet_id) || packet_id == 0 ||
            find(received, packet_id, false) != NULL)
            return false;
        struct exchange *exchange = add(received, packet_id);
        if (exchange == NULL)
            return false;
        exchange->is_handed_on = true;
    }
    return true;
}
