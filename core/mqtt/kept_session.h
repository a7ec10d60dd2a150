/* kept_session.h: a kept session as a record for the store, so that it outlives a power cut.
 *
 *   1. What this side tells a broker about a QoS 1 or 2 exchange (PUBLISH, PUBREL, PUBREC, PUBCOMP)
 *      binds it to remember that. While the record that is safe differs from what is remembered,
 *      the packets made since wait in the transmit stream.
 *   2. One record is under way at a time, and holds all that has changed: a slow store makes larger
 *      steps, not a longer queue.
 *   3. A store that fails to save does not stop the connection: it goes on as if it had.
 *   4. What is loaded was reported, or the host that asked for it is gone: it is not reported again.
 *      Any of it may have been sent, so all of it is sent with DUP [MQTT-3.3.1-1].
 */
#ifndef CORE_MQTT_KEPT_SESSION_H
#define CORE_MQTT_KEPT_SESSION_H

#include "core/mqtt/delivery.h"
#include "core/mqtt/received.h"

struct session_mark {
    uint64_t session;  /* id_marks_hash(); 0: none is kept */
    uint32_t changes;  /* counted by outbox and received */
    uint64_t position; /* of the transmit stream: what stands before it rests on no later change */
};

struct kept_session {
    bool is_on;
    bool is_saving;
    struct session_mark saved;
    struct session_mark saving;
};

/* What is remembered differs from what is safe. */
bool kept_session_has_changed(const struct kept_session *kept, const struct session_mark *now);

/* Up to which position of the transmit stream packets may leave. */
uint64_t kept_session_limit(const struct kept_session *kept, const struct session_mark *now);

/* A record of this state is on its way, or has arrived. */
void kept_session_begin(struct kept_session *kept, const struct session_mark *now);
void kept_session_end(struct kept_session *kept);

/* The exchanges as a record, and back into an empty outbox and an empty set. false: it is damaged. */
void kept_session_put(const struct delivery *delivery, const struct received *received,
                      struct out *record);
bool kept_session_take(struct delivery *delivery, struct received *received, struct span *record);

#endif
