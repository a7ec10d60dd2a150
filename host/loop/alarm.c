#include "host/loop/alarm.h"

#include <stdlib.h>

struct alarm {
    uv_timer_t timer;
    void (*rings)(void *owner);
    void *owner;
    bool is_of_modem;
};

static void ring(uv_timer_t *timer)
{
    struct alarm *alarm = timer->data;
    alarm->rings(alarm->owner);
}

struct alarm *alarm_new(struct loop *loop, void (*rings)(void *owner), void *owner)
{
    struct alarm *alarm = calloc(1, sizeof *alarm);
    if (alarm == NULL)
        return NULL;
    uv_timer_init(&loop->uv, &alarm->timer);
    alarm->timer.data = alarm;
    alarm->rings = rings;
    alarm->owner = owner;
    return alarm;
}

struct alarm *alarm_new_of_modem(struct loop *loop, void (*rings)(void *owner), void *owner)
{
    struct alarm *alarm = alarm_new(loop, rings, owner);
    if (alarm != NULL)
        alarm->is_of_modem = true;
    return alarm;
}

/* ---- virtual time --------------------------------------------------------------------------- */

/* All timers of a loop are alarms. NULL: not a modem's, or not set. */
static uv_timer_t *running_of_modem(uv_handle_t *handle)
{
    if (handle->type != UV_TIMER || !uv_is_active(handle) || uv_is_closing(handle))
        return NULL;
    const struct alarm *alarm = handle->data;
    return alarm->is_of_modem ? (uv_timer_t *)handle : NULL;
}

static void find_next(uv_handle_t *handle, void *context)
{
    uint64_t *next_ms = context;
    uv_timer_t *timer = running_of_modem(handle);
    if (timer != NULL && uv_timer_get_due_in(timer) < *next_ms)
        *next_ms = uv_timer_get_due_in(timer);
}

static void shorten(uv_handle_t *handle, void *context)
{
    const uint64_t *skipped_ms = context;
    uv_timer_t *timer = running_of_modem(handle);
    if (timer != NULL)
        uv_timer_start(timer, ring, uv_timer_get_due_in(timer) - *skipped_ms, 0);
}

uint64_t alarm_skip_time(struct loop *loop, uint64_t most_ms)
{
    uint64_t skipped_ms = most_ms;
    uv_walk(&loop->uv, find_next, &skipped_ms);
    uv_walk(&loop->uv, shorten, &skipped_ms);
    loop->skipped_ms += skipped_ms;
    return skipped_ms;
}

/* ---- one alarm ------------------------------------------------------------------------------ */

void alarm_set(struct alarm *alarm, uint64_t after_ms)
{
    uv_timer_start(&alarm->timer, ring, after_ms, 0);
}

void alarm_stop(struct alarm *alarm)
{
    uv_timer_stop(&alarm->timer);
}

static void forget(uv_handle_t *handle)
{
    free(handle->data);
}

void alarm_end(struct alarm *alarm)
{
    if (alarm != NULL)
        uv_close((uv_handle_t *)&alarm->timer, forget);
}
