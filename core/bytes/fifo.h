/* fifo.h: bytes that wait in order, in one piece, in borrowed memory. */
#ifndef CORE_BYTES_FIFO_H
#define CORE_BYTES_FIFO_H

#include "core/bytes/lease.h"
#include "core/bytes/out.h"

struct fifo {
    struct lease lease;
    size_t start;   /* where the waiting bytes begin in the lease */
    size_t count;   /* how many wait */
    size_t cap;     /* they never are more */
    uint64_t taken; /* how many have ever left: a position in the stream */
};

/* Empty; nothing is borrowed yet. port must outlive the fifo. */
void fifo_init(struct fifo *fifo, const struct imqtt_memory_port *port,
               enum imqtt_memory_purpose purpose, size_t cap_bytes);

/* fifo_begin(), where the block is full or too small. */
bool fifo_make_room(struct fifo *fifo, size_t bytes);

/* Room for `bytes` more at the end, as a writer; fifo_end() then keeps what was written. NULL
 * writer (capacity 0, overflowed) if there is no room. Only one writer at a time. */
static inline struct out fifo_begin(struct fifo *fifo, size_t bytes)
{
    size_t end = fifo->start + fifo->count;
    bool fits = bytes <= fifo->cap - fifo->count && bytes <= fifo->lease.capacity - end;
    if (!fits && !fifo_make_room(fifo, bytes))
        return (struct out){.overflowed = true};
    return out_on(fifo->lease.bytes + fifo->start + fifo->count, bytes);
}

/* The same for a piece of unknown length: the writer makes room as it goes. */
static inline struct out fifo_begin_growing(struct fifo *fifo)
{
    size_t end = fifo->start + fifo->count;
    size_t room = fifo->lease.capacity - end;
    size_t allowed = fifo->cap - fifo->count;
    uint8_t *bytes = room > 0 ? fifo->lease.bytes + end : NULL;
    return (struct out){.bytes = bytes, .capacity = room < allowed ? room : allowed, .fifo = fifo};
}

static inline void fifo_end(struct fifo *fifo, const struct out *written)
{
    fifo->count += written->count;
}

/* Appends a copy, whole or not at all. */
bool fifo_put(struct fifo *fifo, struct span bytes);

/* What waits, oldest first; valid until the next call. */
static inline struct span fifo_waiting(const struct fifo *fifo)
{
    return fifo->count > 0 ? span_of(fifo->lease.bytes + fifo->start, fifo->count) : SPAN_EMPTY;
}

/* Drops the oldest `count` bytes; gives the memory back when nothing is left and it is large. */
void fifo_take(struct fifo *fifo, size_t count);

/* The stream position behind the last byte that waits. */
static inline uint64_t fifo_position(const struct fifo *fifo)
{
    return fifo->taken + fifo->count;
}

/* Forgets what waits and gives the memory back. */
void fifo_clear(struct fifo *fifo);

#endif
