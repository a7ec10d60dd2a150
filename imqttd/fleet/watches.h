/* watches.h: all that is known of the running modems, a watch for each. Metrics and the control
 * interface ask here.
 */
#ifndef IMQTTD_FLEET_WATCHES_H
#define IMQTTD_FLEET_WATCHES_H

#include "imqttd/fleet/watch.h"

struct watches;

struct watches *watches_new(struct daemon *daemon);
void watches_end(struct watches *watches);

/* From the observer. False: no memory to look at the modem with. */
bool watch_began(struct watches *watches, struct host_modem *modem);
void watch_ended(struct watches *watches, struct host_modem *modem);
void watch_news(struct watches *watches, struct host_modem *modem, const struct imqtt_news *news);

/* All of them, in the order of their names; count is how many. Valid until one begins or ends. */
struct watch **watches_sorted(struct watches *watches, size_t *count);

/* The place of the first behind that name; NULL: of the first. For who looks at all of them, some at a
 * time, while others begin and end. */
size_t watches_behind(struct watches *watches, const char *name);

/* NULL: there is none of that name. The second is for who looks at all of them. */
struct watch *watch_find(struct watches *watches, const char *name);
struct watch *watch_find_sorted(struct watches *watches, const char *name);

#endif
