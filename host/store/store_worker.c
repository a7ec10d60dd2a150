#include "host/store/store_worker.h"

/* ---- queues --------------------------------------------------------------------------------- */

static void queue_clear(struct job_queue *queue)
{
    queue->first = NULL;
    queue->end = &queue->first;
}

/* Adds a job with all that follow it. */
static void queue_add(struct job_queue *queue, struct job *jobs)
{
    *queue->end = jobs;
    while (*queue->end != NULL)
        queue->end = &(*queue->end)->next;
}

static struct job *queue_take_all(struct job_queue *queue)
{
    struct job *jobs = queue->first;
    queue_clear(queue);
    return jobs;
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* NULL: the worker ends, and nothing waits any more. */
static struct job *wait_for_jobs(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    while (worker->asked.first == NULL && !worker->is_ending)
        uv_cond_wait(&worker->has_news, &worker->mutex);
    struct job *jobs = queue_take_all(&worker->asked);
    uv_mutex_unlock(&worker->mutex);
    return jobs;
}

static void hand_back(struct worker *worker, struct job *jobs)
{
    uv_mutex_lock(&worker->mutex);
    queue_add(&worker->done, jobs);
    uv_mutex_unlock(&worker->mutex);
    uv_async_send(&worker->answers_wait);
}

static void run(void *context)
{
    struct worker *worker = context;
    struct job *jobs;
    while ((jobs = wait_for_jobs(worker)) != NULL) {
        worker->work(worker, jobs);
        hand_back(worker, jobs);
    }
    worker->finish(worker);
    uv_mutex_lock(&worker->mutex);
    worker->has_ended = true;
    uv_cond_signal(&worker->has_news);
    uv_mutex_unlock(&worker->mutex);
}

/* ---- the loop ------------------------------------------------------------------------------- */

static struct job *take_done(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    struct job *jobs = queue_take_all(&worker->done);
    uv_mutex_unlock(&worker->mutex);
    return jobs;
}

static void answer_jobs(uv_async_t *answers_wait)
{
    struct worker *worker = (struct worker *)answers_wait;
    struct job *job = take_done(worker);
    while (job != NULL) {
        struct job *next = job->next; /* its answer may end it or ask for it again */
        job->answer(job);
        job = next;
        if (--worker->under_way == 0)
            loop_release(worker->loop);
    }
}

void worker_ask(struct worker *worker, struct job *job)
{
    if (worker->under_way++ == 0)
        loop_hold(worker->loop);
    job->next = NULL;
    uv_mutex_lock(&worker->mutex);
    queue_add(&worker->asked, job);
    uv_cond_signal(&worker->has_news);
    uv_mutex_unlock(&worker->mutex);
}

int worker_start(struct worker *worker, struct loop *loop,
                 void (*work)(struct worker *worker, struct job *jobs),
                 void (*finish)(struct worker *worker))
{
    worker->work = work;
    worker->finish = finish;
    worker->loop = loop;
    worker->under_way = 0;
    worker->is_ending = worker->has_ended = false;
    queue_clear(&worker->asked);
    queue_clear(&worker->done);
    int error = uv_async_init(&loop->uv, &worker->answers_wait, answer_jobs);
    if (error == 0)
        error = uv_mutex_init(&worker->mutex);
    if (error == 0)
        error = uv_cond_init(&worker->has_news);
    if (error == 0)
        error = uv_thread_create(&worker->thread, run, worker);
    return error;
}

static bool thread_ends(struct worker *worker, unsigned max_ms)
{
    uint64_t end_ns = uv_hrtime() + max_ms * UINT64_C(1000000);
    uv_mutex_lock(&worker->mutex);
    worker->is_ending = true;
    uv_cond_signal(&worker->has_news);
    for (uint64_t now_ns; !worker->has_ended && (now_ns = uv_hrtime()) < end_ns;)
        uv_cond_timedwait(&worker->has_news, &worker->mutex, end_ns - now_ns);
    bool has_ended = worker->has_ended;
    uv_mutex_unlock(&worker->mutex);
    return has_ended;
}

bool worker_end(struct worker *worker, unsigned max_ms, void (*ended)(struct worker *worker))
{
    if (!thread_ends(worker, max_ms))
        return false;
    uv_thread_join(&worker->thread);
    uv_mutex_destroy(&worker->mutex);
    uv_cond_destroy(&worker->has_news);
    uv_close((uv_handle_t *)&worker->answers_wait, (uv_close_cb)ended);
    return true;
}
