/* urc.h: unsolicited result codes: whole lines that leave in order, and only when they may
 * (commands.md section 3).
 *
 * While a command runs, or the host types, URCs wait in their own queue; else they go straight to
 * the terminal's output. None is dropped.
 */
#ifndef CORE_AT_URC_H
#define CORE_AT_URC_H

#include "core/bytes/fifo.h"

struct urcs {
    struct fifo waiting;
    struct fifo *output;
    bool held; /* between a command's beginning and its final result, or in typing */
};

/* Borrows nothing yet; output and memory must outlive it. fifo_clear(&urcs->waiting) ends it. */
struct urcs urcs_into(struct fifo *output, const struct imqtt_memory_port *memory,
                      size_t cap_bytes);

/* A writer for one URC's text, without its frame. Nothing else may write or change the queue until
 * urc_end(). */
struct out urc_begin(struct urcs *urcs);
/* Ends it with its frame. false, and nothing was queued, if there was no memory for it. */
bool urc_end(struct urcs *urcs, struct out *urc);

/* From now on URCs wait. */
void urcs_hold(struct urcs *urcs);

/* From now on URCs may leave: those that waited go to the output at once, all of them, byte for
 * byte. If the output has no room for all they go on waiting, later ones behind them, until a
 * release that finds room. */
void urcs_release(struct urcs *urcs);

/* How many bytes wait, frames included. */
size_t urcs_waiting(const struct urcs *urcs);

#endif
