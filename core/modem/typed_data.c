#include "core/modem/typed_data.h"
#include "imqtt/limits.h"

#if IMQTT_WITH_DIALECTS

enum { CTRL_Z = 0x1A, ESCAPE = 0x1B };

#define GUARD_MS 1000 /* of silence before and behind +++ */
#define PLUSES   3

void typed_init(struct typed_data *data, const struct imqtt_memory_port *memory)
{
    *data = (struct typed_data){.is_open = false};
    fifo_init(&data->bytes, memory, IMQTT_MEMORY_DATA, IMQTT_DATA_BYTES);
}

void typed_forget(struct typed_data *data)
{
    if (data->bytes.lease.bytes != NULL)
        memset(data->bytes.lease.bytes, 0, data->bytes.lease.capacity);
    fifo_clear(&data->bytes);
    data->is_open = data->is_whole = data->is_lost = false;
}

/* Slower than any line is. */
static uint64_t transfer_ms(uint32_t bytes)
{
    return bytes * (uint64_t)1000 / IMQTT_DATA_BYTES_PER_S;
}

static uint32_t silence_ms(const struct typed_data *data)
{
    return data->wish.silence_ms != 0 ? data->wish.silence_ms : IMQTT_DATA_TIMEOUT_MS;
}

void typed_begin(struct typed_data *data, const struct typed_wish *wish, uint64_t now_ms)
{
    typed_forget(data);
    data->wish = *wish;
    data->is_open = true;
    data->pluses = 0;
    data->taken_bytes = 0;
    data->byte_ms = now_ms;
    data->last_ms = UINT64_MAX;
    if (wish->end == TYPED_BY_COUNT)
        data->last_ms = now_ms + silence_ms(data) + transfer_ms(wish->bytes);
}

/* ---- bytes ---------------------------------------------------------------------------------- */

static enum typed_result finish(struct typed_data *data, enum typed_result result)
{
    if (result == TYPED_WHOLE && data->is_lost)
        result = TYPED_TOO_LONG;
    if (result != TYPED_WHOLE)
        typed_forget(data);
    data->is_open = false;
    data->is_whole = result == TYPED_WHOLE;
    return result;
}

/* The pluses that may be the end are kept with the data, and are not of it. */
static bool fits(const struct typed_data *data, size_t count)
{
    size_t most = data->wish.bytes + (data->wish.end == TYPED_BY_PLUSES ? PLUSES : 0U);
    return data->bytes.count + count <= most;
}

static void keep(struct typed_data *data, struct span bytes)
{
    if (bytes.count == 0)
        return; /* where nothing was typed before the end, there is no memory yet */
    if (!data->is_lost && (!fits(data, bytes.count) || !fifo_put(&data->bytes, bytes)))
        data->is_lost = true;
}

/* A count is gone through even when there is no memory for it. */
static enum typed_result take_counted(struct typed_data *data, struct span *in, struct span *taken)
{
    size_t missing = data->wish.bytes;
    span_take(in, in->count < missing ? in->count : missing, taken);
    data->wish.bytes -= (uint32_t)taken->count;
    if (!data->is_lost && !fifo_put(&data->bytes, *taken))
        data->is_lost = true;
    return data->wish.bytes == 0 ? TYPED_WHOLE : TYPED_MORE;
}

static size_t find_end(struct span in)
{
    size_t ctrl_z = span_find(in, CTRL_Z), escape = span_find(in, ESCAPE);
    return ctrl_z < escape ? ctrl_z : escape;
}

static enum typed_result take_up_to_ctrl_z(struct typed_data *data, struct span *in,
                                           struct span *taken)
{
    uint8_t end = 0;
    span_take(in, find_end(*in), taken);
    keep(data, *taken);
    if (!span_take_u8(in, &end))
        return TYPED_MORE;
    return end == CTRL_Z ? TYPED_WHOLE : TYPED_GIVEN_UP;
}

/* Only pluses that begin behind a silence may be the end. */
static void count_pluses(struct typed_data *data, struct span taken, bool is_behind_silence)
{
    for (size_t i = 0; i < taken.count; i++) {
        bool begins = i == 0 && is_behind_silence;
        bool goes_on = data->pluses > 0 && data->pluses <= PLUSES;
        if (taken.bytes[i] != '+' || !(begins || goes_on))
            data->pluses = 0;
        else
            data->pluses = begins ? 1 : (uint8_t)(data->pluses + 1);
    }
}

static enum typed_result take_up_to_pluses(struct typed_data *data, struct span *in,
                                           struct span *taken, bool is_behind_silence)
{
    span_take(in, in->count, taken);
    count_pluses(data, *taken, is_behind_silence);
    keep(data, *taken);
    return TYPED_MORE;
}

static void answer(struct typed_data *data, struct span taken, struct fifo *output)
{
    uint32_t step = data->wish.ack_bytes, before = data->taken_bytes;
    data->taken_bytes += (uint32_t)taken.count;
    if (data->wish.is_echoed)
        fifo_put(output, taken);
    if (step == 0)
        return;
    for (uint32_t due = data->taken_bytes / step - before / step; due > 0; due--)
        fifo_put(output, span_text("A"));
}

enum typed_result typed_take(struct typed_data *data, struct span *in, struct fifo *output,
                             uint64_t now_ms)
{
    struct span taken = SPAN_EMPTY;
    enum typed_result result = TYPED_MORE;
    bool is_behind_silence = now_ms - data->byte_ms >= GUARD_MS;
    data->byte_ms = now_ms;
    if (data->wish.end == TYPED_BY_COUNT)
        result = take_counted(data, in, &taken);
    else if (data->wish.end == TYPED_BY_CTRL_Z)
        result = take_up_to_ctrl_z(data, in, &taken);
    else
        result = take_up_to_pluses(data, in, &taken, is_behind_silence);
    answer(data, taken, output);
    return result == TYPED_MORE ? TYPED_MORE : finish(data, result);
}

/* ---- time ----------------------------------------------------------------------------------- */

static bool may_end_by_pluses(const struct typed_data *data)
{
    return data->wish.end == TYPED_BY_PLUSES && data->pluses == PLUSES;
}

uint64_t typed_deadline_ms(const struct typed_data *data)
{
    if (may_end_by_pluses(data))
        return data->byte_ms + GUARD_MS;
    uint64_t silent_ms = data->byte_ms + silence_ms(data);
    return silent_ms < data->last_ms ? silent_ms : data->last_ms;
}

enum typed_result typed_tick(struct typed_data *data, uint64_t now_ms)
{
    if (!data->is_open || now_ms < typed_deadline_ms(data))
        return TYPED_MORE;
    if (!may_end_by_pluses(data))
        return finish(data, TYPED_TIMED_OUT);
    data->bytes.count -= data->is_lost ? 0 : PLUSES;
    data->is_lost |= data->bytes.count > data->wish.bytes;
    return finish(data, TYPED_WHOLE);
}

#endif
