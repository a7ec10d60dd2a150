/* control_link.h: a daemon's control interface as the player uses it: requests one at a time, and
 * the stream of one modem's events beside whatever else has to be waited for.
 */
#ifndef SCENARIO_CONTROL_LINK_H
#define SCENARIO_CONTROL_LINK_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>

#include "control_client/control_client.h"

struct control_link;

/* NULL: no memory, or no token in the file. Nothing is connected before the first request. */
struct control_link *control_link_new(const struct control_target *target);
void control_link_end(struct control_link *link);

/* The status, and what was answered (NULL: no JSON; give it back). body: taken over; NULL: none.
 * 0: no daemon is there. */
long control_link_ask(struct control_link *link, const char *method, const char *path, json_t *body,
                      json_t **json);

/* Begins the stream of a modem's events, and waits until it stands. */
bool control_link_follow(struct control_link *link, const char *modem);

/* Waits for events, for the others, or for so long. false: the stream has ended. */
bool control_link_wait(struct control_link *link, struct pollfd *others, unsigned count,
                       int timeout_ms);

/* The next event that came; NULL: none. Give it back. */
json_t *control_link_next(struct control_link *link);

#endif
