/* decode.h: the parts of one packet, decoded and checked. For reader.h.
 *
 * A function that checks returns NULL, or what is wrong, in English.
 */
#ifndef CORE_MQTT_WIRE_DECODE_H
#define CORE_MQTT_WIRE_DECODE_H

#include "core/mqtt/wire/packet.h"

/* A decoded packet. Spans lie where its bytes do. */
struct mqtt_packet {
    enum mqtt_packet_type type;
    uint16_t packet_id;         /* 0: it has none */
    uint8_t qos;                /* PUBLISH */
    bool is_drained;            /* PUBLISH: topic and payload are gone */
    uint8_t connack_flags;      /* CONNACK: as sent */
    uint8_t return_code;        /* CONNACK: as sent */
    uint32_t payload_bytes;     /* PUBLISH */
    struct span topic, payload; /* PUBLISH */
    struct span codes;          /* SUBACK */
};

/* The fixed header: its first byte and the length it announces. */
const char *decode_check_header(uint8_t first, uint32_t body_bytes, bool is_3_1);

/* A PUBLISH whose header was checked, as soon as its topic's length is known. */
const char *decode_check_publish(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes);

/* Its head, topic and packet id, whole: as soon as it is there. */
const char *decode_check_head(uint8_t first, struct span head);

/* Whether the payload of a PUBLISH that was checked so far is over IMQTT_PAYLOAD_BYTES. */
bool decode_is_too_large(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes);

/* A whole body whose header was checked. */
const char *decode_body(uint8_t first, struct span body, struct mqtt_packet *packet);

/* A PUBLISH that was checked so far and of which nothing else is left. */
const char *decode_drained(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes,
                           uint16_t packet_id, struct mqtt_packet *packet);

#endif
