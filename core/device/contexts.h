/* contexts.h: the PDP contexts: what AT+CGDCONT has defined and which of them are active (TS 27.007
 * 10.1). A context is known by its <cid>, 1 to IMQTT_CONTEXTS; sets of them are bits. */
#ifndef CORE_DEVICE_CONTEXTS_H
#define CORE_DEVICE_CONTEXTS_H

#include "core/bytes/strings.h"
#include "imqtt/limits.h"
#include "imqtt/status.h"

enum context_type { CONTEXT_UNDEFINED, CONTEXT_IP, CONTEXT_IPV6, CONTEXT_IPV4V6, CONTEXT_TYPES };

struct contexts {
    struct strings access_points; /* one place a context */
    uint8_t types[IMQTT_CONTEXTS];
    uint8_t active; /* a bit a context */
};

static inline uint8_t context_bit(unsigned cid)
{
    return (uint8_t)(1U << (cid - 1));
}

/* Context 1 is defined, with the access point that the network chooses. */
void contexts_init(struct contexts *contexts, const struct imqtt_memory_port *memory);

/* Defines a context, or defines it anew: an active one stays so. *access_point is then to be filled
 * at once, with exactly so many bytes. false: no memory. */
bool contexts_define(struct contexts *contexts, unsigned cid, enum context_type type,
                     size_t access_point_bytes, struct out *access_point);
/* An active one is no longer so; the next attachment defines and activates one if none is left. */
void contexts_undefine(struct contexts *contexts, unsigned cid);

uint8_t contexts_defined(const struct contexts *contexts);
enum context_type context_type(const struct contexts *contexts, unsigned cid);
struct span context_access_point(const struct contexts *contexts, unsigned cid);

/* Attached to the network: it activates the first context, which it defines if it must. */
void contexts_attach(struct contexts *contexts);
void contexts_detach(struct contexts *contexts);

/* Only while attached, and only contexts that are defined. */
void contexts_activate(struct contexts *contexts, uint8_t which);
/* NOT_ALLOWED: one is not defined, or none would stay active. */
enum imqtt_status contexts_deactivate(struct contexts *contexts, uint8_t which);

#endif
