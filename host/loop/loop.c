#include "host/loop/loop.h"

#include "host/budgets.h"

static const struct read_budget terminals_budget = {
    BUDGET_TERMINALS_TURN_BYTES, BUDGET_TERMINAL_LEAST_BYTES, BUDGET_TERMINAL_PIECE_BYTES,
    BUDGET_TERMINAL_MOST_BYTES};
static const struct read_budget brokers_budget = {
    BUDGET_BROKERS_TURN_BYTES, BUDGET_BROKER_LEAST_BYTES, BUDGET_BROKER_PIECE_BYTES,
    BUDGET_BROKER_MOST_BYTES};

static void ring_start(struct task *head)
{
    head->next = head->previous = head;
}

static void ring_append(struct task *head, struct task *task)
{
    task->previous = head->previous;
    task->next = head;
    head->previous->next = task;
    head->previous = task;
}

static void ring_remove(struct task *task)
{
    task->previous->next = task->next;
    task->next->previous = task->previous;
    task->next = task->previous = NULL;
}

static void do_not_wait(uv_idle_t *idle)
{
    (void)idle; /* an active idle handle makes libuv poll without waiting: that is all it is for */
}

static void run_next(struct loop *loop)
{
    struct task *task = loop->due.next;
    ring_remove(task);
    task->run(task);
}

static bool has_more(const struct loop *loop)
{
    return loop->due.next != &loop->due || loop->terminal_turns.waiting > 0 ||
           loop->broker_turns.waiting > 0;
}

/* The marker ends the round: a task that asks again comes behind it, so events get their turn. */
static void run_due(uv_prepare_t *prepare)
{
    struct loop *loop = prepare->data;
    struct task marker;
    read_turns_end(&loop->terminal_turns);
    read_turns_end(&loop->broker_turns);
    ring_append(&loop->due, &marker);
    while (loop->due.next != &marker)
        run_next(loop);
    ring_remove(&marker);
    if (has_more(loop))
        uv_idle_start(&loop->more_waits, do_not_wait);
    else
        uv_idle_stop(&loop->more_waits);
}

int loop_init(struct loop *loop)
{
    int error = uv_loop_init(&loop->uv);
    if (error != 0)
        return error;
    ring_start(&loop->due);
    loop->holders = 0;
    loop->is_stopped = false;
    loop->skipped_ms = 0;
    read_turns_init(&loop->terminal_turns, &terminals_budget);
    read_turns_init(&loop->broker_turns, &brokers_budget);
    uv_prepare_init(&loop->uv, &loop->turn_ends);
    uv_idle_init(&loop->uv, &loop->more_waits);
    loop->turn_ends.data = loop;
    return uv_prepare_start(&loop->turn_ends, run_due);
}

void loop_run(struct loop *loop)
{
    while (loop->holders > 0 && !loop->is_stopped)
        uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
    loop->is_stopped = true;
    uv_stop(&loop->uv);
}

void loop_close(struct loop *loop)
{
    uv_close((uv_handle_t *)&loop->turn_ends, NULL);
    uv_close((uv_handle_t *)&loop->more_waits, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
}

void loop_hold(struct loop *loop)
{
    loop->holders++;
}

void loop_release(struct loop *loop)
{
    if (--loop->holders == 0)
        uv_stop(&loop->uv);
}

void loop_soon(struct loop *loop, struct task *task)
{
    if (task->next == NULL)
        ring_append(&loop->due, task);
}

void loop_forget(struct task *task)
{
    if (task->next != NULL)
        ring_remove(task);
}

uint64_t loop_now_ms(const struct loop *loop)
{
    return uv_now(&loop->uv) + loop->skipped_ms;
}
