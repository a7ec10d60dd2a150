#include "core/mqtt/received.h"
#include "imqtt/limits.h"

/* An empty set keeps a block up to this size. */
#define KEPT_BYTES 256

static uint16_t *ids_of(const struct received *received)
{
    return (uint16_t *)(void *)received->lease.bytes;
}

struct received received_from(const struct imqtt_memory_port *port)
{
    return (struct received){.lease = lease_from(port, IMQTT_MEMORY_INBOUND_QOS2)};
}

/* Where it is, or count if it is not there. Brokers keep few exchanges open: a search is enough. */
static size_t index_of(const struct received *received, uint16_t packet_id)
{
    const uint16_t *ids = ids_of(received);
    size_t index = 0;
    while (index < received->count && ids[index] != packet_id)
        index++;
    return index;
}

bool received_has(const struct received *received, uint16_t packet_id)
{
    return index_of(received, packet_id) < received->count;
}

bool received_add(struct received *received, uint16_t packet_id)
{
    size_t bytes = (received->count + 1) * sizeof packet_id;
    if (!lease_grow(&received->lease, bytes, IMQTT_INBOUND_QOS2 * sizeof packet_id))
        return false;
    ids_of(received)[received->count++] = packet_id;
    return true;
}

void received_remove(struct received *received, uint16_t packet_id)
{
    size_t index = index_of(received, packet_id);
    if (index == received->count)
        return;
    ids_of(received)[index] = ids_of(received)[--received->count];
    if (received->count == 0 && received->lease.capacity > KEPT_BYTES)
        lease_return(&received->lease);
}

void received_clear(struct received *received)
{
    received->count = 0;
    lease_return(&received->lease);
}
