/* fault_lane.h: one direction of a link while faults are on it: bytes go in, and come out later,
 * slower, in smaller pieces, or not until a stall is removed; always in order, and none is lost.
 *
 * Bytes come in as pieces: what a fault strikes, or not, as a whole. Its faults are latency,
 * bandwidth, slicer and stall; what else there is on a link is its own matter.
 */
#ifndef HOST_FAULTS_FAULT_LANE_H
#define HOST_FAULTS_FAULT_LANE_H

#include "host/faults/fault_set.h"

/* What is held; beyond it the lane is full, and whoever sends has to wait, as on a real link. */
#define FAULT_LANE_BYTES 262144

#define FAULT_LANE_NEVER UINT64_MAX

/* How a piece comes: decided where it begins. */
struct fault_shape {
    uint64_t delay_ms;
    size_t slice_bytes;
    uint64_t pause_ms;
    uint64_t bytes_per_s; /* 0: no matter */
};

struct fault_lane {
    struct fault_set *set;
    enum fault_link link;
    enum fault_stream stream; /* up or down */
    struct fault_piece *first;
    struct fault_piece *last;
    size_t held_bytes;        /* what is held, and what it takes to hold it */
    uint64_t last_ms;         /* when the last piece may come out: order */
    uint64_t free_us;         /* when a line of a limited pace is free again */
    struct fault_shape shape; /* of the piece that is being added */
    bool goes_on;             /* what comes in belongs to the piece before it */
};

void fault_lane_init(struct fault_lane *lane, struct fault_set *set, enum fault_link link,
                     enum fault_stream stream);
void fault_lane_end(struct fault_lane *lane);

/* Bytes of one piece; more of the same piece may follow, up to fault_lane_close_piece(). false: no
 * memory, and the link is broken. */
bool fault_lane_add(struct fault_lane *lane, const uint8_t *bytes, size_t count);
void fault_lane_close_piece(struct fault_lane *lane);

/* What is due now; NULL: nothing. Valid until something is taken, which need not be all of it. */
const uint8_t *fault_lane_due(struct fault_lane *lane, size_t *count);

/* Copies what is due now, of as many pieces as there are: for one write. How much; it is not taken. */
size_t fault_lane_gather(struct fault_lane *lane, uint8_t *bytes, size_t room);

/* Of what is due. */
void fault_lane_take(struct fault_lane *lane, size_t count);

/* When something is due next; FAULT_LANE_NEVER: when somebody removes a fault, or adds bytes. */
uint64_t fault_lane_next_ms(const struct fault_lane *lane);

/* A fault of the link was removed: what it held goes on at once. */
void fault_lane_release(struct fault_lane *lane, const struct fault *removed);

static inline bool fault_lane_is_empty(const struct fault_lane *lane)
{
    return lane->first == NULL;
}

static inline bool fault_lane_has_room(const struct fault_lane *lane)
{
    return lane->held_bytes < FAULT_LANE_BYTES;
}

#endif
