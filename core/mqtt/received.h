/* received.h: the packet ids of inbound QoS 2 messages between PUBLISH and PUBREL: each message is
 * delivered once, however often it is sent [MQTT-4.3.3-2]. */
#ifndef CORE_MQTT_RECEIVED_H
#define CORE_MQTT_RECEIVED_H

#include "core/bytes/lease.h"

struct received {
    struct lease lease;
    size_t count;
};

struct received received_from(const struct imqtt_memory_port *port);

bool received_has(const struct received *received, uint16_t packet_id);

/* false: IMQTT_INBOUND_QOS2 are open already, or the memory port refused. */
bool received_add(struct received *received, uint16_t packet_id);

/* Harmless if it is not there. */
void received_remove(struct received *received, uint16_t packet_id);

void received_clear(struct received *received);

#endif
