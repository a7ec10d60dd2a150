/* store_worker.h: a thread that does the store's jobs in the order they were asked for: each time,
 * all that have gathered. Who has asked gets the answer in the loop.
 *
 * Not uv_queue_work(): its threads would do several at a time, and a modem's records are written in
 * the order they were asked for.
 */
#ifndef HOST_STORE_STORE_WORKER_H
#define HOST_STORE_STORE_WORKER_H

#include "host/loop/loop.h"

/* Begins its owner's struct. */
struct job {
    struct job *next;                /* NULL: the last one */
    void (*answer)(struct job *job); /* in the loop; the job can be asked for again from within */
};

struct job_queue {
    struct job *first;
    struct job **end;
};

/* Private but for its place in the owner. */
struct worker {
    uv_async_t answers_wait; /* first: it is all that its callback gets */
    void (*work)(struct worker *worker, struct job *jobs);
    void (*finish)(struct worker *worker);
    struct loop *loop;
    unsigned under_way; /* jobs that were not answered */
    uv_thread_t thread;
    uv_mutex_t mutex; /* of what follows */
    uv_cond_t has_news;
    struct job_queue asked;
    struct job_queue done;
    bool is_ending, has_ended;
};

/* work is called in the thread, with at least one job, and finish at its end. 0 or a libuv error. */
int worker_start(struct worker *worker, struct loop *loop,
                 void (*work)(struct worker *worker, struct job *jobs),
                 void (*finish)(struct worker *worker));

/* Asks for a job, which must not be under way. The loop runs until all are answered. */
void worker_ask(struct worker *worker, struct job *job);

/* Once all are answered. ended is called from the loop when the struct is not needed any more. False:
 * the thread has not ended after max_ms, and its struct stays. */
bool worker_end(struct worker *worker, unsigned max_ms, void (*ended)(struct worker *worker));

#endif
