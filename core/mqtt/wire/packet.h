/* packet.h: MQTT control packets as bytes: types, the encoders, and topic filters one by one.
 *
 * The encoders write into a struct out; the _bytes() functions say beforehand how much they write.
 * reader.h is the way back.
 */
#ifndef CORE_MQTT_WIRE_PACKET_H
#define CORE_MQTT_WIRE_PACKET_H

#include "core/bytes/out.h"

enum mqtt_packet_type {
    MQTT_CONNECT = 1,
    MQTT_CONNACK,
    MQTT_PUBLISH,
    MQTT_PUBACK,
    MQTT_PUBREC,
    MQTT_PUBREL,
    MQTT_PUBCOMP,
    MQTT_SUBSCRIBE,
    MQTT_SUBACK,
    MQTT_UNSUBSCRIBE,
    MQTT_UNSUBACK,
    MQTT_PINGREQ,
    MQTT_PINGRESP,
    MQTT_DISCONNECT,
};

enum mqtt_version { MQTT_3_1 = 3, MQTT_3_1_1 = 4 }; /* the protocol level [MQTT-3.1.2-2] */

#define MQTT_REFUSED 0x80 /* a SUBACK code [MQTT-3.9.3-2] */

/* Bits of a PUBLISH's first byte [MQTT-3.3.1]; its QoS is in bits 1 and 2. */
#define MQTT_DUP       0x08
#define MQTT_RETAINED  0x01
#define MQTT_QOS_SHIFT 1

/* Bytes of a packet that has nothing but its packet id, and of one that has not even that. */
#define MQTT_ANSWER_BYTES 4
#define MQTT_EMPTY_BYTES  2

/* What CONNECT says [MQTT-3.1]. */
struct mqtt_connect_packet {
    enum mqtt_version version;
    bool clean_session;
    uint16_t keep_alive_s;
    struct span client_id;
    bool has_user_name, has_password, has_will;
    struct span user_name, password;
    struct span will_topic, will_message;
    uint8_t will_qos;
    bool will_retained;
};

/* A broker then assigns one [MQTT-3.1.3-7]. MQTT 3.1 knows no such thing. */
bool packet_may_lack_client_id(enum mqtt_version version, bool clean_session);

/* Whether it keeps MQTT's rules: UTF-8 where it must be, a will that may be published, no password
 * without a user name [MQTT-3.1.2-22], none without a client id but as above. */
bool packet_connect_is_valid(const struct mqtt_connect_packet *connect);

/* Of a valid one. */
size_t packet_connect_bytes(const struct mqtt_connect_packet *connect);
void packet_put_connect(struct out *out, const struct mqtt_connect_packet *connect);

/* ---- headers -------------------------------------------------------------------------------- */

/* The fixed header, for a packet with `remaining` bytes behind it [MQTT-2.2]. */
size_t packet_header_bytes(size_t remaining);
void packet_put_header(struct out *out, uint8_t first, size_t remaining);

/* Bytes between the fixed header and the payload of a PUBLISH. */
static inline size_t packet_publish_head_bytes(size_t topic_bytes, uint8_t qos)
{
    return 2 + topic_bytes + (qos > 0 ? 2U : 0U);
}

/* The first byte of a PUBLISH, DUP not set [MQTT-3.3.1]. */
static inline uint8_t packet_publish_first(uint8_t qos, bool retained)
{
    return (uint8_t)(MQTT_PUBLISH << 4 | qos << MQTT_QOS_SHIFT | (retained ? MQTT_RETAINED : 0));
}

/* ---- whole packets -------------------------------------------------------------------------- */

/* PUBACK, PUBREC, PUBREL or PUBCOMP. */
void packet_put_answer(struct out *out, enum mqtt_packet_type type, uint16_t packet_id);

/* PINGREQ or DISCONNECT. */
void packet_put_empty(struct out *out, enum mqtt_packet_type type);

/* ---- topic filters of SUBSCRIBE [MQTT-3.8.3] and UNSUBSCRIBE [MQTT-3.10.3] ------------------- */

/* What one topic filter of filter_bytes takes; with_qos: in a SUBSCRIBE. */
size_t packet_filter_bytes(size_t filter_bytes, bool with_qos);

/* Begins a topic filter: the caller then writes exactly filter_bytes bytes of it and, in a
 * SUBSCRIBE, out_u8(out, qos). */
void packet_begin_filter(struct out *out, uint16_t filter_bytes);

/* Takes the next topic filter off *filters; false at the end. qos: only with_qos. */
bool packet_take_filter(struct span *filters, bool with_qos, struct span *filter, uint8_t *qos);

#endif
