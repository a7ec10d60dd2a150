/* mqtt_packets.h: the packets in one direction of a connection, for people to see: types, ids and
 * topics; never a payload, a user name or a password. What it cannot read it passes over.
 */
#ifndef IMQTTD_TRACE_MQTT_PACKETS_H
#define IMQTTD_TRACE_MQTT_PACKETS_H

#include <stddef.h>
#include <stdint.h>

#include "imqttd/trace/json_text.h"

/* So much of a packet is looked at: a topic, the filters of a subscription. */
#define MQTT_PACKETS_HEAD_BYTES 1024

/* The packet as the inside of a JSON object, without its braces. Valid during the call. */
typedef void mqtt_packets_told(void *context, const struct json_text *fields);

struct mqtt_packets {
    mqtt_packets_told *told;
    void *context;
    uint8_t head[MQTT_PACKETS_HEAD_BYTES];
    size_t head_bytes;
    uint64_t left;         /* of the packet */
    uint32_t remaining;    /* as its header says */
    unsigned length_bytes; /* of the header's length that have come */
    enum { PACKET_FIRST, PACKET_LENGTH, PACKET_BODY, PACKET_LOST } state;
    struct json_text fields;
};

/* A connection begins. */
void mqtt_packets_begin(struct mqtt_packets *packets);

void mqtt_packets_take(struct mqtt_packets *packets, const uint8_t *bytes, size_t count);

void mqtt_packets_end(struct mqtt_packets *packets);

#endif
