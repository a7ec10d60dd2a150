/* wire.h: the few MQTT 3.1.1 packets that the benchmark's own client and broker exchange. */
#ifndef BENCH_COMMON_WIRE_H
#define BENCH_COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_type {
    WIRE_CONNECT = 1,
    WIRE_CONNACK,
    WIRE_PUBLISH,
    WIRE_PUBACK,
    WIRE_PUBREC,
    WIRE_PUBREL,
    WIRE_PUBCOMP,
    WIRE_SUBSCRIBE,
    WIRE_SUBACK,
    WIRE_UNSUBSCRIBE,
    WIRE_UNSUBACK,
    WIRE_PINGREQ,
    WIRE_PINGRESP,
    WIRE_DISCONNECT,
};

/* No packet that these functions write is longer. */
#define WIRE_PACKET_BYTES          256
#define WIRE_ACKNOWLEDGEMENT_BYTES 4

/* Each writes a packet and returns its length. Topics and client ids are short. */
size_t wire_connect(uint8_t *out, const char *client_id);
size_t wire_connack(uint8_t *out);
size_t wire_subscribe(uint8_t *out, uint16_t id, const char *topic, unsigned qos);
size_t wire_suback(uint8_t *out, uint16_t id, unsigned qos);
size_t wire_publish(uint8_t *out, const char *topic, unsigned qos, const char *payload);
size_t wire_acknowledgement(uint8_t *out, enum wire_type type, uint16_t id);
size_t wire_empty(uint8_t *out, enum wire_type type);

/* Where the packet id of what wire_publish() wrote stands, QoS 1 and 2. */
void wire_set_id(uint8_t *publish, uint16_t id);

struct wire_packet {
    enum wire_type type;
    unsigned qos; /* PUBLISH */
    const uint8_t *body;
    size_t body_bytes;
    size_t whole_bytes;
};

/* The packet at the front. false: it has not come whole yet. */
bool wire_next(const uint8_t *bytes, size_t count, struct wire_packet *packet);

/* Of a PUBLISH with QoS above 0, or of any other packet that has one. */
uint16_t wire_id(const struct wire_packet *packet);

/* The only topic filter of a SUBSCRIBE, copied into text of `bytes`, NUL-terminated; its QoS. */
unsigned wire_filter(const struct wire_packet *subscribe, char *text, size_t bytes);

#endif
