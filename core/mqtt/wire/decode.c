#include "core/mqtt/wire/decode.h"
#include "core/mqtt/wire/violation.h"
#include "core/mqtt/wire/topic.h"
#include "imqtt/limits.h"

#define ANY          UINT8_MAX /* bytes: as many as a fixed header can say */
#define PUBREL_FLAGS 0x02

/* What the fixed header of a packet may say that a broker sends. */
struct form {
    bool is_known;
    uint8_t flags;
    uint8_t min, max; /* bytes behind the fixed header */
};

static const struct form forms[16] = {
    [MQTT_CONNACK] = {true, 0, 2, 2},
    [MQTT_PUBLISH] = {true, 0, 3, ANY},
    [MQTT_PUBACK] = {true, 0, 2, 2},
    [MQTT_PUBREC] = {true, 0, 2, 2},
    [MQTT_PUBREL] = {true, PUBREL_FLAGS, 2, 2},
    [MQTT_PUBCOMP] = {true, 0, 2, 2},
    [MQTT_SUBACK] = {true, 0, 3, 2 + IMQTT_REQUEST_TOPICS},
    [MQTT_UNSUBACK] = {true, 0, 2, 2},
    [MQTT_PINGRESP] = {true, 0, 0, 0},
};

#define WRONG(name)                                                                                \
    {                                                                                              \
        MALFORMED(name " with wrong flags"), MALFORMED(name " of wrong length")                    \
    }

/* What is told of one that says something else. */
static const struct {
    const char *flags, *length;
} wrong[] = {
    [MQTT_CONNACK] = WRONG("CONNACK"),   [MQTT_PUBLISH] = WRONG("PUBLISH"),
    [MQTT_PUBACK] = WRONG("PUBACK"),     [MQTT_PUBREC] = WRONG("PUBREC"),
    [MQTT_PUBREL] = WRONG("PUBREL"),     [MQTT_PUBCOMP] = WRONG("PUBCOMP"),
    [MQTT_SUBACK] = WRONG("SUBACK"),     [MQTT_UNSUBACK] = WRONG("UNSUBACK"),
    [MQTT_PINGRESP] = WRONG("PINGRESP"),
};

static const char *wrong_flags(enum mqtt_packet_type type)
{
    return IMQTT_WITH_DETAILS ? wrong[type].flags : MALFORMED("");
}

static const char *wrong_length(enum mqtt_packet_type type)
{
    return IMQTT_WITH_DETAILS ? wrong[type].length : MALFORMED("");
}

static uint8_t qos_of(uint8_t first)
{
    return first >> MQTT_QOS_SHIFT & 0x03;
}

static const char *check_publish_flags(uint8_t first)
{
    if (qos_of(first) == 3)
        return MALFORMED("PUBLISH with QoS 3");
    if (qos_of(first) == 0 && (first & MQTT_DUP) != 0)
        return MALFORMED("PUBLISH with QoS 0 and DUP");
    return NULL;
}

/* MQTT 3.1 lets a broker mark a repeated PUBREL with DUP. */
static uint8_t flags_of(uint8_t first, bool is_3_1)
{
    bool may_repeat = is_3_1 && first >> 4 == MQTT_PUBREL;
    return first & (may_repeat ? 0x0F & ~MQTT_DUP : 0x0F);
}

const char *decode_check_header(uint8_t first, uint32_t body_bytes, bool is_3_1)
{
    enum mqtt_packet_type type = first >> 4;
    const struct form *form = &forms[type];
    if (!form->is_known)
        return type == 0 || type == 15 ? MALFORMED("reserved type")
                                       : VIOLATION("a packet that only clients send");
    if (body_bytes < form->min || (body_bytes > form->max && form->max != ANY))
        return wrong_length(type);
    if (type == MQTT_PUBLISH)
        return check_publish_flags(first);
    return flags_of(first, is_3_1) != form->flags ? wrong_flags(type) : NULL;
}

const char *decode_check_publish(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes)
{
    if (topic_bytes == 0)
        return MALFORMED("PUBLISH with an empty topic");
    if (packet_publish_head_bytes(topic_bytes, qos_of(first)) > body_bytes)
        return MALFORMED("PUBLISH with a topic longer than itself");
    return NULL;
}

static const char *check_packet_id(uint16_t packet_id)
{
    return packet_id == 0 ? MALFORMED("packet id 0") : NULL;
}

const char *decode_drained(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes,
                           uint16_t packet_id, struct mqtt_packet *packet)
{
    uint8_t qos = qos_of(first);
    size_t head_bytes = packet_publish_head_bytes(topic_bytes, qos);
    *packet = (struct mqtt_packet){.type = MQTT_PUBLISH,
                                   .qos = qos,
                                   .packet_id = packet_id,
                                   .is_drained = true,
                                   .payload_bytes = body_bytes - (uint32_t)head_bytes};
    return qos > 0 ? check_packet_id(packet_id) : NULL;
}

bool decode_is_too_large(uint8_t first, uint32_t body_bytes, uint16_t topic_bytes)
{
    return body_bytes - packet_publish_head_bytes(topic_bytes, qos_of(first)) > IMQTT_PAYLOAD_BYTES;
}

/* What is taken was checked to fit. */
static const char *take_head(struct span *body, struct mqtt_packet *packet)
{
    uint16_t topic_bytes = 0;
    span_take_u16(body, &topic_bytes);
    span_take(body, topic_bytes, &packet->topic);
    if (!topic_name_is_valid(packet->topic))
        return MALFORMED("PUBLISH with an invalid topic");
    if (packet->qos == 0)
        return NULL;
    span_take_u16(body, &packet->packet_id);
    return check_packet_id(packet->packet_id);
}

const char *decode_check_head(uint8_t first, struct span head)
{
    struct mqtt_packet publish = {.qos = qos_of(first)};
    return take_head(&head, &publish);
}

static const char *decode_publish(uint8_t first, struct span body, struct mqtt_packet *packet)
{
    struct span start = body;
    uint16_t topic_bytes = 0;
    span_take_u16(&start, &topic_bytes);
    *packet = (struct mqtt_packet){.type = MQTT_PUBLISH, .qos = qos_of(first)};
    const char *fault = decode_check_publish(first, (uint32_t)body.count, topic_bytes);
    if (fault == NULL)
        fault = take_head(&body, packet);
    packet->is_drained = body.count > IMQTT_PAYLOAD_BYTES;
    packet->payload_bytes = (uint32_t)body.count;
    packet->payload = body;
    return fault;
}

static bool is_suback_code(uint8_t code)
{
    return code <= 2 || code == MQTT_REFUSED;
}

static const char *check_codes(struct span codes)
{
    uint8_t code;
    while (span_take_u8(&codes, &code))
        if (!is_suback_code(code))
            return MALFORMED("SUBACK with an unknown code");
    return NULL;
}

static const char *decode_answer(struct span body, struct mqtt_packet *packet)
{
    span_take_u16(&body, &packet->packet_id);
    packet->codes = body;
    const char *fault = check_packet_id(packet->packet_id);
    return fault != NULL ? fault : check_codes(body);
}

const char *decode_body(uint8_t first, struct span body, struct mqtt_packet *packet)
{
    enum mqtt_packet_type type = first >> 4;
    if (type == MQTT_PUBLISH)
        return decode_publish(first, body, packet);
    *packet = (struct mqtt_packet){.type = type};
    if (type == MQTT_PINGRESP)
        return NULL;
    if (type != MQTT_CONNACK)
        return decode_answer(body, packet);
    span_take_u8(&body, &packet->connack_flags);
    span_take_u8(&body, &packet->return_code);
    return NULL;
}
