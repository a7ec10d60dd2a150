#include "core/bytes/lease.h"
#include "imqtt/limits.h"

struct lease lease_from(const struct imqtt_memory_port *port, enum imqtt_memory_purpose purpose)
{
    return (struct lease){port, purpose, NULL, 0};
}

static bool resize(struct lease *lease, size_t bytes)
{
    const struct imqtt_memory_port *port = lease->port;
    void *block = port->resize(port->context, lease->purpose, lease->bytes, lease->capacity, bytes);
    if (block == NULL && bytes > 0)
        return false;
    lease->bytes = block;
    lease->capacity = bytes;
    return true;
}

static size_t next_capacity(size_t capacity, size_t bytes, size_t cap)
{
    if (capacity < IMQTT_BLOCK_BYTES)
        capacity = IMQTT_BLOCK_BYTES;
    while (capacity < bytes && capacity <= cap / 2)
        capacity *= 2;
    return capacity < bytes || capacity > cap ? cap : capacity;
}

bool lease_borrow(struct lease *lease, size_t bytes, size_t cap)
{
    if (bytes > cap)
        return false;
    return resize(lease, next_capacity(lease->capacity, bytes, cap)) || resize(lease, bytes);
}

void lease_return(struct lease *lease)
{
    if (lease->bytes != NULL)
        resize(lease, 0);
}
