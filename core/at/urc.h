/* urc.h: unsolicited result codes: whole lines that leave in order, and only when they may
 * (commands.md section 3).
 *
 * While a command runs, or the host types, URCs wait in their own queue; else they go straight to
 * the terminal's output. None is dropped. Each has a number, one more than the one before it: that
 * is how others ask whether the terminal has taken it.
 */
#ifndef CORE_AT_URC_H
#define CORE_AT_URC_H

#include "core/bytes/fifo.h"
#include "imqtt/features.h"

/* So many URCs in the output are followed one by one: what comes while the terminal has not taken
 * the first of them counts as one with the last. It is known to be taken later, never sooner. */
#define URC_MARKS 8

/* The URCs up to this number end where the output ends at `position`. */
struct urc_mark {
    uint32_t number;
    uint32_t position; /* the low bits: never as much waits */
};

struct urcs {
    struct fifo waiting;
    struct fifo *output;
    bool held; /* between a command's beginning and its final result, or in typing */
#if IMQTT_WITH_DIALECTS
    bool bare; /* no CR LF in front */
#endif
    uint8_t first;   /* mark */
    uint8_t marked;  /* how many marks there are */
    uint32_t newest; /* number, of all that were queued */
    uint32_t taken;  /* the terminal has them up to this number */
    struct urc_mark marks[URC_MARKS];
};

/* Borrows nothing yet; output and memory must outlive it. fifo_clear(&urcs->waiting) ends it. */
void urcs_init(struct urcs *urcs, struct fifo *output, const struct imqtt_memory_port *memory,
               size_t cap_bytes);

/* A writer for one URC's text, without its frame. Nothing else may write or change the queue until
 * urc_end(). */
struct out urc_begin(struct urcs *urcs);
/* Ends it with its frame, and numbers it. false, and nothing was queued, if there was no memory for
 * it. */
bool urc_end(struct urcs *urcs, struct out *urc);

/* Somebody will ask whether the terminal has taken the newest URC: its number. There must have been
 * one. */
uint32_t urcs_follow(struct urcs *urcs);

/* The terminal has taken the URCs up to this number, as far as they are followed. Numbers wrap, and
 * never are 0 then. */
uint32_t urcs_taken(struct urcs *urcs);

/* From now on URCs wait. */
void urcs_hold(struct urcs *urcs);

/* From now on URCs may leave: those that waited go to the output at once, all of them, byte for
 * byte, and count as taken together. If the output has no room for all they go on waiting, later
 * ones behind them, until a release that finds room. */
void urcs_release(struct urcs *urcs);

/* How many bytes wait, frames included. */
size_t urcs_waiting(const struct urcs *urcs);

#endif
