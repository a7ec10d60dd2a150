/* session.h: whose session is kept: the broker's host and port, and the client id. */
#ifndef CORE_MQTT_SESSION_H
#define CORE_MQTT_SESSION_H

#include "core/bytes/lease.h"

struct session {
    struct lease lease;
    size_t count; /* 0: none is kept */
};

struct session session_from(const struct imqtt_memory_port *port);

bool session_is(const struct session *session, struct span host, uint16_t port,
                struct span client_id);

/* Replaces what was kept. false: the memory port refused; then none is kept. */
bool session_keep(struct session *session, struct span host, uint16_t port, struct span client_id);

void session_forget(struct session *session);

#endif
