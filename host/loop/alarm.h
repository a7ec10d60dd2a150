/* alarm.h: one timer. It is its own object and outlives its owner's struct as libuv needs. */
#ifndef HOST_LOOP_ALARM_H
#define HOST_LOOP_ALARM_H

#include "host/loop/loop.h"

struct alarm;

/* rings is called with owner, once each time the alarm was set. NULL: no memory. */
struct alarm *alarm_new(struct loop *loop, void (*rings)(void *owner), void *owner);

/* Sets it, or sets it anew. */
void alarm_set(struct alarm *alarm, uint64_t after_ms);
void alarm_stop(struct alarm *alarm);

/* Never rings again, and is freed. NULL is allowed. */
void alarm_end(struct alarm *alarm);

#endif
