/* control.h: the control interface: HTTP and JSON on a Unix socket and on TCP, as
 * docs/control-api.yaml says. It runs in the modems' loop and never waits for a client.
 */
#ifndef IMQTTD_CONTROL_CONTROL_H
#define IMQTTD_CONTROL_CONTROL_H

#include <stdbool.h>

#include "host/refusal.h"

struct control;
struct daemon;

/* Listens where the configuration says, if it does; daemon->control is set then. false: *refusal
 * tells. */
bool control_begin(struct daemon *daemon, struct host_refusal *refusal);

/* The token is read again. false: it stays as it was, and *refusal tells. */
bool control_reload(struct control *control, struct host_refusal *refusal);

/* Closes all connections. control NULL is allowed. */
void control_stop(struct control *control);

void control_end(struct control *control);

#endif
