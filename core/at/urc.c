#include "core/at/urc.h"

#define LINE_END "\r\n"

struct urcs urcs_into(struct fifo *output, const struct imqtt_memory_port *memory, size_t cap_bytes)
{
    return (struct urcs){.waiting = fifo_from(memory, IMQTT_MEMORY_URCS, cap_bytes),
                         .output = output};
}

/* A URC never overtakes another: while one waits, the next one waits behind it. */
static struct fifo *next_place(struct urcs *urcs)
{
    return urcs->held || urcs->waiting.count > 0 ? &urcs->waiting : urcs->output;
}

struct out urc_begin(struct urcs *urcs)
{
    struct out urc = fifo_begin_growing(next_place(urcs));
    out_text(&urc, LINE_END);
    return urc;
}

bool urc_end(struct urcs *urcs, struct out *urc)
{
    out_text(urc, LINE_END);
    if (urc->overflowed)
        return false;
    fifo_end(next_place(urcs), urc);
    return true;
}

void urcs_hold(struct urcs *urcs)
{
    urcs->held = true;
}

void urcs_release(struct urcs *urcs)
{
    urcs->held = false;
    if (urcs->waiting.count > 0 && fifo_put(urcs->output, fifo_waiting(&urcs->waiting)))
        fifo_take(&urcs->waiting, urcs->waiting.count);
}

size_t urcs_waiting(const struct urcs *urcs)
{
    return urcs->waiting.count;
}
