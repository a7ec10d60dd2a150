#include "host/modem/uplinks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct uplink *uplinks_of(struct uplinks *uplinks, uint8_t client)
{
    return client == 0 ? &uplinks->first : &uplinks->further[client - 1].uplink;
}

const struct uplink *uplinks_look_at(const struct uplinks *uplinks, uint8_t client)
{
    return client == 0 ? &uplinks->first : &uplinks->further[client - 1].uplink;
}

/* ---- life ----------------------------------------------------------------------------------- */

static bool init_one(struct uplinks *uplinks, uint8_t client, struct network_shared *shared,
                     const struct network_config *config, const struct uplink_owner *owner,
                     struct host_refusal *refusal)
{
    struct uplink_owner numbered = *owner;
    numbered.client = client;
    return uplink_init(uplinks_of(uplinks, client), shared, config, &numbered, refusal);
}

bool uplinks_init(struct uplinks *uplinks, uint8_t count, struct network_shared *shared,
                  const struct network_config *config, const struct uplink_owner *owner,
                  struct host_refusal *refusal)
{
    *uplinks = (struct uplinks){.count = 1};
    if (count > 1)
        uplinks->further = calloc(count - 1U, sizeof *uplinks->further);
    if (count > 1 && uplinks->further == NULL)
        return refuse(refusal, "modem", owner->label, strerror(ENOMEM));
    uplinks->count = count;
    for (uint8_t client = 0; client < count; client++)
        if (!init_one(uplinks, client, shared, config, owner, refusal))
            return false;
    return true;
}

void uplinks_join(struct uplinks *uplinks, struct imqtt_pump *pump,
                  const struct imqtt_memory_port *memory)
{
    for (uint8_t client = 1; client < uplinks->count; client++)
        imqtt_pump_add_client(pump, &uplinks->further[client - 1].stream, memory);
}

void uplinks_end(struct uplinks *uplinks)
{
    for (uint8_t client = 0; client < uplinks->count; client++)
        uplink_end(uplinks_of(uplinks, client));
    free(uplinks->further);
    *uplinks = (struct uplinks){0};
}

/* ---- the end of a turn ---------------------------------------------------------------------- */

bool uplinks_go_on(struct uplinks *uplinks)
{
    bool has_more = false;
    for (uint8_t client = 0; client < uplinks->count; client++)
        has_more |= uplink_go_on(uplinks_of(uplinks, client));
    return has_more;
}

void uplinks_watch(struct uplinks *uplinks, bool may_read)
{
    for (uint8_t client = 0; client < uplinks->count; client++)
        uplink_watch(uplinks_of(uplinks, client), may_read);
}

size_t uplinks_heard_bytes(const struct uplinks *uplinks)
{
    size_t bytes = 0;
    for (uint8_t client = 0; client < uplinks->count; client++)
        bytes += uplink_heard_bytes(uplinks_look_at(uplinks, client));
    return bytes;
}

/* ---- looking -------------------------------------------------------------------------------- */

uint64_t uplinks_quiet_ms(const struct uplinks *uplinks)
{
    uint64_t least_ms = UINT64_MAX;
    for (uint8_t client = 0; client < uplinks->count; client++) {
        uint64_t ms = uplink_quiet_ms(uplinks_look_at(uplinks, client));
        least_ms = ms < least_ms ? ms : least_ms;
    }
    return least_ms;
}

bool uplinks_want_input(const struct uplinks *uplinks)
{
    bool wants_input = false;
    for (uint8_t client = 0; client < uplinks->count; client++)
        wants_input |= uplink_wants_input(uplinks_look_at(uplinks, client));
    return wants_input;
}

bool uplinks_are_down(const struct uplinks *uplinks)
{
    bool are_down = true;
    for (uint8_t client = 0; client < uplinks->count; client++)
        are_down &= uplink_is_down(uplinks_look_at(uplinks, client));
    return are_down;
}

bool uplinks_are_opening(const struct uplinks *uplinks)
{
    bool are_opening = false;
    for (uint8_t client = 0; client < uplinks->count; client++) {
        const struct uplink *uplink = uplinks_look_at(uplinks, client);
        are_opening |= !uplink_is_down(uplink) && !uplink_is_open(uplink);
    }
    return are_opening;
}

/* ---- doing ---------------------------------------------------------------------------------- */

bool uplinks_break(struct uplinks *uplinks, enum channel_ending how)
{
    bool was_there = false;
    for (uint8_t client = 0; client < uplinks->count; client++)
        was_there |= uplink_break(uplinks_of(uplinks, client), how);
    return was_there;
}
