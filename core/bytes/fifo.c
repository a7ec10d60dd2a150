#include "core/bytes/fifo.h"
#include "imqtt/limits.h"

void fifo_init(struct fifo *fifo, const struct imqtt_memory_port *port,
               enum imqtt_memory_purpose purpose, size_t cap_bytes)
{
    *fifo = (struct fifo){.lease = lease_from(port, purpose), .cap = cap_bytes};
}

static void move_to_front(struct fifo *fifo)
{
    if (fifo->start > 0 && fifo->count > 0)
        memmove(fifo->lease.bytes, fifo->lease.bytes + fifo->start, fifo->count);
    fifo->start = 0;
}

bool fifo_make_room(struct fifo *fifo, size_t bytes)
{
    if (bytes > fifo->cap - fifo->count)
        return false;
    move_to_front(fifo);
    return lease_grow(&fifo->lease, fifo->count + bytes, fifo->cap);
}

/* What has been written so far moves with the rest. */
bool fifo_grow(struct out *out, size_t count)
{
    struct fifo *fifo = out->fifo;
    fifo->count += out->count;
    bool made = fifo_make_room(fifo, count);
    fifo->count -= out->count;
    if (!made)
        return false;
    size_t allowed = fifo->cap - fifo->count;
    out->capacity = fifo->lease.capacity - fifo->start - fifo->count;
    if (out->capacity > allowed)
        out->capacity = allowed;
    out->bytes = fifo->lease.bytes + fifo->start + fifo->count;
    return true;
}

bool fifo_put(struct fifo *fifo, struct span bytes)
{
    struct out out = fifo_begin(fifo, bytes.count);
    out_span(&out, bytes);
    if (out.overflowed)
        return false;
    fifo_end(fifo, &out);
    return true;
}

void fifo_take(struct fifo *fifo, size_t count)
{
    fifo->start += count;
    fifo->count -= count;
    fifo->taken += count;
    if (fifo->count > 0)
        return;
    fifo->start = 0;
    if (fifo->lease.capacity > IMQTT_KEPT_BYTES) /* so that steady traffic does not allocate */
        lease_return(&fifo->lease);
}

void fifo_clear(struct fifo *fifo)
{
    fifo->taken += fifo->count;
    fifo->start = fifo->count = 0;
    lease_return(&fifo->lease);
}
