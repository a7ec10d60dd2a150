/* loop.h: the event loop, and what is done once at the end of each of its turns.
 *
 * A turn handles every event that is there; objects that were touched ask for loop_soon(), and are
 * run once, just before the loop waits again. So output is gathered and written once per turn.
 */
#ifndef HOST_LOOP_LOOP_H
#define HOST_LOOP_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "host/loop/read_turns.h"

/* One read takes at most this much; all readers share the buffer. */
#define LOOP_INPUT_BYTES 65536

/* Something to do at the end of a turn. Embedded in its owner; run is set once by the owner. */
struct task {
    struct task *next; /* NULL: not waiting */
    struct task *previous;
    void (*run)(struct task *task);
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t turn_ends;
    uv_idle_t more_waits;
    struct task due; /* head of a ring */
    unsigned holders;
    struct read_turns terminal_turns;
    struct read_turns broker_turns;
    bool is_stopped;
    uint64_t skipped_ms; /* alarm_skip_time() */
    uint8_t input[LOOP_INPUT_BYTES];
};

/* 0 or a libuv error. The loop must not move afterwards. */
int loop_init(struct loop *loop);

/* Runs until the last holder lets go. */
void loop_run(struct loop *loop);

/* loop_run() returns, whoever holds the loop. */
void loop_stop(struct loop *loop);

/* Closes what is left. All handles of others must be closed, and no lookup may be under way. */
void loop_close(struct loop *loop);

/* Who holds the loop keeps loop_run() running. */
void loop_hold(struct loop *loop);
void loop_release(struct loop *loop);

/* Runs the task at the end of this turn, once however often it is asked for; asked for while it
 * runs, at the end of the next turn, which does not wait. */
void loop_soon(struct loop *loop, struct task *task);

/* The task's owner goes away. */
void loop_forget(struct task *task);

/* Milliseconds of a clock that never goes back, as of this turn; what was skipped counts. */
uint64_t loop_now_ms(const struct loop *loop);

#endif
