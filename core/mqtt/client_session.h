/* client_session.h: within the client: what leaves waits for the session's record. */
#ifndef CORE_MQTT_CLIENT_SESSION_H
#define CORE_MQTT_CLIENT_SESSION_H

#include "core/mqtt/client.h"

/* Before something is written: how much of it may leave. */
void client_session_limit(struct mqtt_client *client);

#endif
