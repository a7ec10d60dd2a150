/* alarm.h: one timer. It is its own object and outlives its owner's struct as libuv needs. */
#ifndef HOST_LOOP_ALARM_H
#define HOST_LOOP_ALARM_H

#include "host/loop/loop.h"

struct alarm;

/* rings is called with owner, once each time the alarm was set. NULL: no memory. */
struct alarm *alarm_new(struct loop *loop, void (*rings)(void *owner), void *owner);

/* One of a modem's own: where time can be skipped, it is shortened by that. */
struct alarm *alarm_new_of_modem(struct loop *loop, void (*rings)(void *owner), void *owner);

/* Skips time up to the next alarm of a modem's own, at most so much. How much it was. */
uint64_t alarm_skip_time(struct loop *loop, uint64_t most_ms);

/* Sets it, or sets it anew. */
void alarm_set(struct alarm *alarm, uint64_t after_ms);
void alarm_stop(struct alarm *alarm);

/* Never rings again, and is freed. NULL is allowed. */
void alarm_end(struct alarm *alarm);

#endif
