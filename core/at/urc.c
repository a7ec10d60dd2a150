#include "core/at/urc.h"

#define LINE_END "\r\n"

void urcs_init(struct urcs *urcs, struct fifo *output, const struct imqtt_memory_port *memory,
               size_t cap_bytes)
{
    *urcs = (struct urcs){.output = output};
    fifo_init(&urcs->waiting, memory, IMQTT_MEMORY_URCS, cap_bytes);
}

/* All URCs up to the newest stand in the output. */
static void mark(struct urcs *urcs)
{
    if (urcs->marked < URC_MARKS)
        urcs->marked++;
    urcs->marks[(urcs->first + urcs->marked - 1U) % URC_MARKS] =
        (struct urc_mark){urcs->newest, (uint32_t)fifo_position(urcs->output)};
}

uint32_t urcs_taken(struct urcs *urcs)
{
    for (; urcs->marked > 0; urcs->marked--) {
        const struct urc_mark *oldest = &urcs->marks[urcs->first];
        if ((int32_t)((uint32_t)urcs->output->taken - oldest->position) < 0)
            break;
        urcs->taken = oldest->number;
        urcs->first = (uint8_t)((urcs->first + 1U) % URC_MARKS);
    }
    return urcs->taken;
}

/* A URC never overtakes another: while one waits, the next one waits behind it. */
static struct fifo *next_place(struct urcs *urcs)
{
    return urcs->held || urcs->waiting.count > 0 ? &urcs->waiting : urcs->output;
}

static bool has_lead(const struct urcs *urcs)
{
#if IMQTT_WITH_DIALECTS
    return !urcs->bare;
#else
    (void)urcs;
    return true;
#endif
}

struct out urc_begin(struct urcs *urcs)
{
    struct out urc = fifo_begin_growing(next_place(urcs));
    if (has_lead(urcs))
        out_text(&urc, LINE_END);
    return urc;
}

bool urc_end(struct urcs *urcs, struct out *urc)
{
    out_text(urc, LINE_END);
    if (urc->overflowed)
        return false;
    fifo_end(urc->fifo, urc);
    urcs->newest += urcs->newest == UINT32_MAX ? 2 : 1;
    return true;
}

/* One that still waits is marked when it is released. */
uint32_t urcs_follow(struct urcs *urcs)
{
    if (urcs->waiting.count == 0)
        mark(urcs);
    return urcs->newest;
}

void urcs_hold(struct urcs *urcs)
{
    urcs->held = true;
}

void urcs_release(struct urcs *urcs)
{
    urcs->held = false;
    if (urcs->waiting.count == 0 || !fifo_put(urcs->output, fifo_waiting(&urcs->waiting)))
        return;
    fifo_take(&urcs->waiting, urcs->waiting.count);
    mark(urcs);
}

size_t urcs_waiting(const struct urcs *urcs)
{
    return urcs->waiting.count;
}
