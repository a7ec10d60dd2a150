#include "host/loop/alarm.h"

#include <stdlib.h>

struct alarm {
    uv_timer_t timer;
    void (*rings)(void *owner);
    void *owner;
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
