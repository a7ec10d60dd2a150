/* lease.h: a block borrowed from the memory port, grown as needed up to a cap, given back after. */
#ifndef CORE_BYTES_LEASE_H
#define CORE_BYTES_LEASE_H

#include "core/bytes/span.h"
#include "imqtt/ports.h"

struct lease {
    const struct imqtt_memory_port *port;
    enum imqtt_memory_purpose purpose;
    uint8_t *bytes; /* NULL while nothing is borrowed; aligned for any type */
    size_t capacity;
};

/* port must outlive the lease. Nothing is borrowed yet. */
struct lease lease_from(const struct imqtt_memory_port *port, enum imqtt_memory_purpose purpose);

/* lease_grow(), where the block is too small. */
bool lease_borrow(struct lease *lease, size_t bytes, size_t cap);

/* Makes the capacity at least `bytes`, in steps that double, never over `cap`; what the block held
 * stays. false: over the cap, or the port refused; the lease is then as before. */
static inline bool lease_grow(struct lease *lease, size_t bytes, size_t cap)
{
    return bytes <= lease->capacity || lease_borrow(lease, bytes, cap);
}

/* Gives the block back. */
void lease_return(struct lease *lease);

#endif
