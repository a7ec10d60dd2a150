#include "host/faults/fault_lane.h"

#include <stdlib.h>
#include <string.h>

#define MS_A_S  1000u
#define US_A_MS 1000u
#define US_A_S  1000000u

/* Of a limited pace, what comes out at a time takes about so long. */
#define PACE_STEP_MS 20

/* What is paced comes at multiples of it, all modems' at once, as from a UART with a buffer: a loop
 * that wakes for each line of each modem does little else. */
#define PACE_GRID_MS 5

struct fault_piece {
    struct fault_piece *next;
    uint64_t due_ms;
    size_t count;
    size_t taken;
    bool begins;     /* what was added as one begins with it */
    bool was_asked;  /* whether a stall holds it */
    bool is_stalled; /* it, and what is behind it, waits until the stall is removed */
    uint8_t bytes[];
};

void fault_lane_init(struct fault_lane *lane, struct fault_set *set, enum fault_link link,
                     enum fault_stream stream)
{
    *lane = (struct fault_lane){.set = set, .link = link, .stream = stream};
}

static void drop_first(struct fault_lane *lane)
{
    struct fault_piece *piece = lane->first;
    lane->first = piece->next;
    if (lane->first == NULL)
        lane->last = NULL;
    lane->held_bytes -= sizeof *piece + piece->count;
    free(piece);
}

void fault_lane_end(struct fault_lane *lane)
{
    while (lane->first != NULL)
        drop_first(lane);
}

/* ---- coming in ------------------------------------------------------------------------------ */

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static bool append(struct fault_lane *lane, const uint8_t *bytes, size_t count, uint64_t due_ms,
                   bool begins)
{
    struct fault_piece *piece = malloc(sizeof *piece + count);
    if (piece == NULL)
        return false;
    *piece = (struct fault_piece){.due_ms = due_ms, .count = count, .begins = begins};
    memcpy(piece->bytes, bytes, count);
    if (lane->last != NULL)
        lane->last->next = piece;
    else
        lane->first = piece;
    lane->last = piece;
    lane->last_ms = due_ms;
    lane->held_bytes += sizeof *piece + count;
    return true;
}

static struct fault *next_of_type(const struct fault_lane *lane, const struct fault *after,
                                  enum fault_type type)
{
    struct fault *fault = fault_set_next(lane->set, after, lane->link, lane->stream);
    while (fault != NULL && fault->type != type)
        fault = fault_set_next(lane->set, fault, lane->link, lane->stream);
    return fault;
}

/* Uniform, plus or minus; never before now. */
static uint64_t draw_latency_ms(struct fault *fault)
{
    uint64_t latency_ms = fault->values[FAULT_LATENCY_MS],
             jitter_ms = fault->values[FAULT_JITTER_MS];
    if (jitter_ms == 0)
        return latency_ms;
    uint64_t drawn_ms = latency_ms + fault_random_below(&fault->random, 2 * jitter_ms + 1);
    return drawn_ms > jitter_ms ? drawn_ms - jitter_ms : 0;
}

static uint64_t delay_of_piece(struct fault_lane *lane)
{
    uint64_t delay_ms = 0;
    struct fault *fault = NULL;
    while ((fault = next_of_type(lane, fault, FAULT_LATENCY)) != NULL)
        if (fault_strikes(lane->set, fault))
            delay_ms += draw_latency_ms(fault);
    return delay_ms;
}

static uint64_t pace_of(const struct fault *fault)
{
    return fault_has(fault, FAULT_BAUD) ? fault->values[FAULT_BAUD] / 10
                                        : fault->values[FAULT_BYTES_PER_S];
}

static struct fault_shape shape_of_piece(struct fault_lane *lane)
{
    struct fault_shape shape = {.delay_ms = delay_of_piece(lane), .slice_bytes = SIZE_MAX};
    struct fault *fault = NULL;
    while ((fault = next_of_type(lane, fault, FAULT_SLICER)) != NULL)
        if (fault_strikes(lane->set, fault) && fault->values[FAULT_BYTES] < shape.slice_bytes) {
            shape.slice_bytes = fault->values[FAULT_BYTES];
            shape.pause_ms = fault->values[FAULT_DELAY_MS];
        }
    while ((fault = next_of_type(lane, fault, FAULT_BANDWIDTH)) != NULL)
        if (fault_strikes(lane->set, fault) &&
            (shape.bytes_per_s == 0 || pace_of(fault) < shape.bytes_per_s))
            shape.bytes_per_s = pace_of(fault);
    return shape;
}

static size_t step_bytes(const struct fault_shape *shape)
{
    size_t step = shape->slice_bytes;
    if (shape->bytes_per_s != 0) {
        size_t at_pace = shape->bytes_per_s * PACE_STEP_MS / MS_A_S + 1;
        step = at_pace < step ? at_pace : step;
    }
    return step;
}

/* When the line has carried so many bytes more. Without a pace: at due_ms, which is in order. With
 * one, the line goes on where it was, not where the grid has put the piece before. */
static uint64_t at_pace(struct fault_lane *lane, const struct fault_shape *shape, uint64_t due_ms,
                        size_t count)
{
    if (shape->bytes_per_s == 0)
        return due_ms;
    uint64_t begin_ms =
        shape->pause_ms > 0 ? due_ms : loop_now_ms(lane->set->loop) + shape->delay_ms;
    lane->free_us = later(lane->free_us, begin_ms * US_A_MS) + count * US_A_S / shape->bytes_per_s;
    uint64_t last_ms = lane->free_us / US_A_MS + PACE_GRID_MS - 1;
    return later(last_ms - last_ms % PACE_GRID_MS, lane->last_ms);
}

bool fault_lane_add(struct fault_lane *lane, const uint8_t *bytes, size_t count)
{
    bool begins = !lane->goes_on;
    if (begins)
        lane->shape = shape_of_piece(lane);
    lane->goes_on = true;
    const struct fault_shape *shape = &lane->shape;
    uint64_t due_ms =
        later(lane->last_ms + shape->pause_ms, loop_now_ms(lane->set->loop) + shape->delay_ms);
    while (count > 0) {
        size_t step = step_bytes(shape);
        step = step < count ? step : count;
        if (!append(lane, bytes, step, at_pace(lane, shape, due_ms, step), begins))
            return false;
        bytes += step;
        count -= step;
        due_ms = lane->last_ms + shape->pause_ms;
        begins = false;
    }
    return true;
}

void fault_lane_close_piece(struct fault_lane *lane)
{
    lane->goes_on = false;
}

/* ---- going out ------------------------------------------------------------------------------ */

/* One that strikes everything holds even what is on its way; another one chooses whole pieces. */
static bool may_hold(const struct fault *stall, const struct fault_piece *piece)
{
    bool is_always = stall->toxicity_ppm == FAULT_ALWAYS_PPM && *stall->when == '\0';
    return is_always || piece->begins;
}

/* Asked when the piece would come out, so that a stall holds what was sent before it. */
static bool is_held(struct fault_lane *lane, struct fault_piece *piece)
{
    struct fault *fault = NULL;
    if (piece->was_asked)
        return piece->is_stalled;
    piece->was_asked = true;
    while ((fault = next_of_type(lane, fault, FAULT_STALL)) != NULL)
        if (may_hold(fault, piece) && fault_strikes(lane->set, fault))
            piece->is_stalled = true;
    return piece->is_stalled;
}

static bool is_due(struct fault_lane *lane, struct fault_piece *piece)
{
    return piece != NULL && piece->due_ms <= loop_now_ms(lane->set->loop) && !is_held(lane, piece);
}

const uint8_t *fault_lane_due(struct fault_lane *lane, size_t *count)
{
    struct fault_piece *piece = lane->first;
    *count = 0;
    if (!is_due(lane, piece))
        return NULL;
    *count = piece->count - piece->taken;
    return piece->bytes + piece->taken;
}

size_t fault_lane_gather(struct fault_lane *lane, uint8_t *bytes, size_t room)
{
    size_t got = 0;
    for (struct fault_piece *piece = lane->first; got < room && is_due(lane, piece);
         piece = piece->next) {
        size_t count = piece->count - piece->taken;
        count = count < room - got ? count : room - got;
        memcpy(bytes + got, piece->bytes + piece->taken, count);
        got += count;
    }
    return got;
}

void fault_lane_take(struct fault_lane *lane, size_t count)
{
    while (count > 0) {
        struct fault_piece *piece = lane->first;
        size_t of_piece = piece->count - piece->taken;
        of_piece = of_piece < count ? of_piece : count;
        piece->taken += of_piece;
        count -= of_piece;
        if (piece->taken == piece->count)
            drop_first(lane);
    }
}

uint64_t fault_lane_next_ms(const struct fault_lane *lane)
{
    bool waits = lane->first != NULL && !lane->first->is_stalled;
    return waits ? lane->first->due_ms : FAULT_LANE_NEVER;
}

static bool is_still_stalled(const struct fault_lane *lane)
{
    return next_of_type(lane, NULL, FAULT_STALL) != NULL;
}

void fault_lane_release(struct fault_lane *lane, const struct fault *removed)
{
    if (removed->link != lane->link || !fault_is_on(removed, lane->stream))
        return;
    bool was_time = removed->type == FAULT_LATENCY || removed->type == FAULT_SLICER ||
                    removed->type == FAULT_BANDWIDTH;
    bool is_free = removed->type == FAULT_STALL && !is_still_stalled(lane);
    for (struct fault_piece *piece = lane->first; piece != NULL; piece = piece->next) {
        if (is_free)
            piece->is_stalled = false;
        if (was_time)
            piece->due_ms = 0;
    }
    if (was_time)
        lane->last_ms = lane->free_us = lane->shape.delay_ms = 0;
}
