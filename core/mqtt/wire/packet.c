#include "core/mqtt/wire/packet.h"
#include "core/bytes/utf8.h"
#include "core/mqtt/wire/topic.h"

/* Flags of CONNECT [MQTT-3.1.2]. */
#define CLEAN_SESSION  0x02
#define WILL           0x04
#define WILL_QOS_SHIFT 3
#define WILL_RETAINED  0x20
#define PASSWORD       0x40
#define USER_NAME      0x80

/* Two bytes of length come first [MQTT-1.5.3]. */
static size_t string_bytes(struct span text)
{
    return 2 + text.count;
}

static void put_string(struct out *out, struct span text)
{
    out_u16(out, (uint16_t)text.count);
    out_span(out, text);
}

/* ---- headers -------------------------------------------------------------------------------- */

size_t packet_header_bytes(size_t remaining)
{
    size_t bytes = 2;
    while ((remaining >>= 7) > 0)
        bytes++;
    return bytes;
}

void packet_put_header(struct out *out, uint8_t first, size_t remaining)
{
    out_u8(out, first);
    for (; remaining >= 0x80; remaining >>= 7)
        out_u8(out, (uint8_t)(remaining | 0x80));
    out_u8(out, (uint8_t)remaining);
}

/* ---- CONNECT -------------------------------------------------------------------------------- */

/* MQTT 3.1 had another name. */
static struct span protocol_name(enum mqtt_version version)
{
    return span_text(version == MQTT_3_1 ? "MQIsdp" : "MQTT");
}

static bool is_string(struct span text)
{
    return text.count <= UINT16_MAX && utf8_is_valid(text);
}

static bool will_is_valid(const struct mqtt_connect_packet *connect)
{
    return !connect->has_will ||
           (connect->will_qos <= 2 && topic_name_is_valid(connect->will_topic) &&
            connect->will_message.count <= UINT16_MAX);
}

static bool login_is_valid(const struct mqtt_connect_packet *connect)
{
    return (!connect->has_user_name || is_string(connect->user_name)) &&
           (!connect->has_password ||
            (connect->has_user_name && connect->password.count <= UINT16_MAX));
}

bool packet_may_lack_client_id(enum mqtt_version version, bool clean_session)
{
    return version != MQTT_3_1 && clean_session;
}

bool packet_connect_is_valid(const struct mqtt_connect_packet *connect)
{
    bool has_client_id = connect->client_id.count > 0 ||
                         packet_may_lack_client_id(connect->version, connect->clean_session);
    return has_client_id && is_string(connect->client_id) && will_is_valid(connect) &&
           login_is_valid(connect);
}

static uint8_t will_flags(const struct mqtt_connect_packet *connect)
{
    if (!connect->has_will)
        return 0;
    return (uint8_t)(WILL | connect->will_qos << WILL_QOS_SHIFT |
                     (connect->will_retained ? WILL_RETAINED : 0));
}

static uint8_t connect_flags(const struct mqtt_connect_packet *connect)
{
    uint8_t flags = will_flags(connect);
    if (connect->clean_session)
        flags |= CLEAN_SESSION;
    if (connect->has_user_name)
        flags |= USER_NAME;
    if (connect->has_password)
        flags |= PASSWORD;
    return flags;
}

static size_t connect_remaining(const struct mqtt_connect_packet *connect)
{
    size_t bytes = string_bytes(protocol_name(connect->version)) + 4;
    bytes += string_bytes(connect->client_id);
    if (connect->has_will)
        bytes += string_bytes(connect->will_topic) + string_bytes(connect->will_message);
    if (connect->has_user_name)
        bytes += string_bytes(connect->user_name);
    if (connect->has_password)
        bytes += string_bytes(connect->password);
    return bytes;
}

size_t packet_connect_bytes(const struct mqtt_connect_packet *connect)
{
    size_t remaining = connect_remaining(connect);
    return packet_header_bytes(remaining) + remaining;
}

/* The payload's order is fixed [MQTT-3.1.3-1]. */
static void put_connect_payload(struct out *out, const struct mqtt_connect_packet *connect)
{
    put_string(out, connect->client_id);
    if (connect->has_will) {
        put_string(out, connect->will_topic);
        put_string(out, connect->will_message);
    }
    if (connect->has_user_name)
        put_string(out, connect->user_name);
    if (connect->has_password)
        put_string(out, connect->password);
}

void packet_put_connect(struct out *out, const struct mqtt_connect_packet *connect)
{
    packet_put_header(out, MQTT_CONNECT << 4, connect_remaining(connect));
    put_string(out, protocol_name(connect->version));
    out_u8(out, (uint8_t)connect->version);
    out_u8(out, connect_flags(connect));
    out_u16(out, connect->keep_alive_s);
    put_connect_payload(out, connect);
}

/* ---- small packets -------------------------------------------------------------------------- */

void packet_put_answer(struct out *out, enum mqtt_packet_type type, uint16_t packet_id)
{
    packet_put_header(out, (uint8_t)(type << 4 | (type == MQTT_PUBREL ? 0x02 : 0)), 2);
    out_u16(out, packet_id);
}

void packet_put_empty(struct out *out, enum mqtt_packet_type type)
{
    packet_put_header(out, (uint8_t)(type << 4), 0);
}

/* ---- topic filters -------------------------------------------------------------------------- */

size_t packet_filter_bytes(size_t filter_bytes, bool with_qos)
{
    return 2 + filter_bytes + (with_qos ? 1U : 0U);
}

void packet_begin_filter(struct out *out, uint16_t filter_bytes)
{
    out_u16(out, filter_bytes);
}

bool packet_take_filter(struct span *filters, bool with_qos, struct span *filter, uint8_t *qos)
{
    uint16_t filter_bytes;
    return span_take_u16(filters, &filter_bytes) && span_take(filters, filter_bytes, filter) &&
           (!with_qos || span_take_u8(filters, qos));
}
