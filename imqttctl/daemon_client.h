/* daemon_client.h: requests to a daemon, and lines that say why they failed. */
#ifndef IMQTTCTL_DAEMON_CLIENT_H
#define IMQTTCTL_DAEMON_CLIENT_H

#include <stddef.h>

#include "control_client/control_client.h"
#include "imqttctl/ctl.h"

struct daemon_client;

/* NULL: a line says why. No connection is made before the first request. */
struct daemon_client *daemon_client_new(const struct control_target *target);
void daemon_client_end(struct daemon_client *client);

/* body: taken over; NULL: none. CTL_DONE: it was done; otherwise a line has said why not, but for a
 * status of 409 and a body with "errors", which the caller says. */
enum ctl_exit daemon_ask(struct daemon_client *client, const char *method, const char *path,
                         json_t *body, struct control_answer *answer);
/* GET; nothing is said. true: it was done. */
bool daemon_ask_quietly(struct daemon_client *client, const char *path,
                        struct control_answer *answer);

/* Hands over what comes, until the daemon ends it (CTL_FAILED, said), the receiver has enough
 * (false) or the user (CTL_DONE). No bytes: it begins. */
typedef bool daemon_receiver(void *context, const char *bytes, size_t count);
enum ctl_exit daemon_follow(struct daemon_client *client, const char *path,
                            daemon_receiver *receiver, void *context);

#endif
