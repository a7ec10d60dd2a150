/* kept_session.h: whose session is kept: the broker's host and port, and the client id. */
#ifndef CORE_MQTT_KEPT_SESSION_H
#define CORE_MQTT_KEPT_SESSION_H

#include "core/bytes/lease.h"

struct kept_session {
    struct lease lease;
    size_t count; /* 0: none is kept */
};

struct kept_session kept_session_from(const struct imqtt_memory_port *port);

bool kept_session_is(const struct kept_session *session, struct span host, uint16_t port,
                     struct span client_id);

/* Replaces what was kept. false: the memory port refused; then none is kept. */
bool kept_session_begin(struct kept_session *session, struct span host, uint16_t port,
                        struct span client_id);

void kept_session_forget(struct kept_session *session);

#endif
