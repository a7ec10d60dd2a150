/* service.h: what a service tells systemd: that it is ready, reloads, ends, and still turns.
 *
 * The protocol of sd_notify(3), without its library. Started by hand, without NOTIFY_SOCKET in the
 * environment, nothing is told and nothing is spent.
 */
#ifndef IMQTTD_SERVICE_H
#define IMQTTD_SERVICE_H

#include "host/loop/loop.h"

/* Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment. Where the unit has a watchdog, it is
 * fed from the loop twice in its time: a loop that no longer turns is restarted. */
void service_begin(struct loop *loop);

void service_ready(void);
void service_reloading(void); /* service_ready() ends it */
void service_stopping(void);

void service_end(void);

#endif
