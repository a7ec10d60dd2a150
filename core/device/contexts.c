#include "core/device/contexts.h"

_Static_assert(IMQTT_CONTEXTS <= 8, "a context is a bit of a byte");

void contexts_init(struct contexts *contexts, const struct imqtt_memory_port *memory)
{
    *contexts = (struct contexts){.types = {CONTEXT_IP}};
    strings_init(&contexts->access_points, memory, IMQTT_MEMORY_CONTEXTS);
}

bool contexts_define(struct contexts *contexts, unsigned cid, enum context_type type,
                     size_t access_point_bytes, struct out *access_point)
{
    struct strings *strings = &contexts->access_points;
    if (!strings_make_room(strings, access_point_bytes))
        return false;
    *access_point = strings_begin(strings, cid - 1, access_point_bytes);
    contexts->types[cid - 1] = (uint8_t)type;
    return true;
}

void contexts_undefine(struct contexts *contexts, unsigned cid)
{
    contexts->active &= (uint8_t)~context_bit(cid);
    strings_put(&contexts->access_points, cid - 1, SPAN_EMPTY);
    contexts->types[cid - 1] = CONTEXT_UNDEFINED;
}

uint8_t contexts_defined(const struct contexts *contexts)
{
    uint8_t defined = 0;
    for (unsigned cid = 1; cid <= IMQTT_CONTEXTS; cid++)
        if (context_type(contexts, cid) != CONTEXT_UNDEFINED)
            defined |= context_bit(cid);
    return defined;
}

enum context_type context_type(const struct contexts *contexts, unsigned cid)
{
    return (enum context_type)contexts->types[cid - 1];
}

struct span context_access_point(const struct contexts *contexts, unsigned cid)
{
    return strings_get(&contexts->access_points, cid - 1);
}

void contexts_attach(struct contexts *contexts)
{
    if (contexts_defined(contexts) == 0)
        contexts->types[0] = CONTEXT_IP;
    uint8_t defined = contexts_defined(contexts);
    contexts->active |= defined & -defined; /* the lowest bit */
}

void contexts_detach(struct contexts *contexts)
{
    contexts->active = 0;
}

void contexts_activate(struct contexts *contexts, uint8_t which)
{
    contexts->active |= which;
}

/* The last one ends with the attachment only (TS 27.007 10.1.10). */
enum imqtt_status contexts_deactivate(struct contexts *contexts, uint8_t which)
{
    if ((which & ~contexts_defined(contexts)) != 0 ||
        (contexts->active != 0 && (contexts->active & ~which) == 0))
        return IMQTT_NOT_ALLOWED;
    contexts->active &= (uint8_t)~which;
    return IMQTT_DONE;
}
