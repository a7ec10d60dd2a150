/* received.h: inbound QoS 2 messages between PUBLISH and PUBREL: each is delivered once, however
 * often it is sent [MQTT-4.3.3-2].
 *
 * PUBREC leaves only once the message is safe. A broker that sends PUBREL without waiting for it
 * gets its PUBCOMP behind that PUBREC: answers follow the order of what they answer. Its id is free
 * for another message already.
 */
#ifndef CORE_MQTT_RECEIVED_H
#define CORE_MQTT_RECEIVED_H

#include "core/bytes/lease.h"
#include "core/bytes/out.h"
#include "core/bytes/span.h"

struct received {
    struct lease lease;
    size_t count;
    uint32_t changes; /* of what is remembered over a power cut */
};

void received_init(struct received *received, const struct imqtt_memory_port *port);

/* A PUBLISH came, and owes a PUBREC. */
enum received_result {
    RECEIVED_NEW,
    RECEIVED_AGAIN,
    RECEIVED_TOO_MANY, /* IMQTT_INBOUND_QOS2 are open already, or the memory port refused */
};
enum received_result received_publish(struct received *received, uint16_t packet_id);

/* Its PUBREC leaves now. true: PUBCOMP follows at once, and the exchange is over. */
bool received_acknowledge(struct received *received, uint16_t packet_id);

/* A PUBREL came. true: PUBCOMP leaves now, and the exchange, if there was one, is over; false: it
 * waits for the message's PUBREC. */
bool received_release(struct received *received, uint16_t packet_id);

/* The link is gone, and with it what was owed to it. */
void received_lose_link(struct received *received);

void received_clear(struct received *received);

/* The ids of those whose PUBREC has left, as part of a record; and back, into an empty set. false:
 * that is damaged, or there is no memory. The others come again, and are then new. */
void received_put(const struct received *received, struct out *record);
bool received_take(struct received *received, struct span *record);

#endif
