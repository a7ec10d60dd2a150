#include "host/store_worker.h"

/* ---- queues --------------------------------------------------------------------------------- */

static void queue_clear(struct job_queue *queue)
{
    queue->first = NULL;
    queue->end = &queue->first;
}

static void queue_add(struct job_queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->end = job;
    queue->end = &job->next;
}

static struct job *queue_take(struct job_queue *queue)
{
    struct job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->end = &queue->first;
    return job;
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* NULL: the worker ends, and nothing waits any more. */
static struct job *wait_for_job(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    while (worker->asked.first == NULL && !worker->is_ending)
        uv_cond_wait(&worker->has_news, &worker->mutex);
    struct job *job = queue_take(&worker->asked);
    uv_mutex_unlock(&worker->mutex);
    return job;
}

static void hand_back(struct worker *worker, struct job *job)
{
    uv_mutex_lock(&worker->mutex);
    queue_add(&worker->done, job);
    uv_mutex_unlock(&worker->mutex);
    uv_async_send(&worker->answers_wait);
}

static void run(void *context)
{
    struct worker *worker = context;
    struct job *job;
    while ((job = wait_for_job(worker)) != NULL) {
        job->work(job);
        hand_back(worker, job);
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

static struct job *take_done(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    struct job *job = queue_take(&worker->done);
    uv_mutex_unlock(&worker->mutex);
    return job;
}

static void answer_jobs(uv_async_t *answers_wait)
{
    struct worker *worker = (struct worker *)answers_wait;
    struct job *job;
    while ((job = take_done(worker)) != NULL) {
        job->answer(job);
        if (--worker->under_way == 0)
            loop_release(worker->loop);
    }
}

void worker_ask(struct worker *worker, struct job *job)
{
    if (worker->under_way++ == 0)
        loop_hold(worker->loop);
    uv_mutex_lock(&worker->mutex);
    queue_add(&worker->asked, job);
    uv_cond_signal(&worker->has_news);
    uv_mutex_unlock(&worker->mutex);
}

int worker_start(struct worker *worker, struct loop *loop)
{
    worker->loop = loop;
    worker->under_way = 0;
    worker->is_ending = false;
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

void worker_end(struct worker *worker, void (*ended)(struct worker *worker))
{
    uv_mutex_lock(&worker->mutex);
    worker->is_ending = true;
    uv_cond_signal(&worker->has_news);
    uv_mutex_unlock(&worker->mutex);
    uv_thread_join(&worker->thread);
    uv_mutex_destroy(&worker->mutex);
    uv_cond_destroy(&worker->has_news);
    uv_close((uv_handle_t *)&worker->answers_wait, (uv_close_cb)ended);
}
