#include "imqttd/trace/mqtt_packets.h"

#include <string.h>

static const char *const names[] = {"RESERVED",  "CONNECT",  "CONNACK",     "PUBLISH",
                                    "PUBACK",    "PUBREC",   "PUBREL",      "PUBCOMP",
                                    "SUBSCRIBE", "SUBACK",   "UNSUBSCRIBE", "UNSUBACK",
                                    "PINGREQ",   "PINGRESP", "DISCONNECT",  "AUTH"};

enum { CONNECT = 1, CONNACK, PUBLISH, PUBACK, SUBSCRIBE = 8, SUBACK, UNSUBSCRIBE, UNSUBACK };

/* What is left to be read of the head of a packet. */
struct rest {
    const uint8_t *at;
    size_t count;
};

static bool take(struct rest *rest, size_t count, const uint8_t **bytes)
{
    if (rest->count < count)
        return false;
    *bytes = rest->at;
    rest->at += count;
    rest->count -= count;
    return true;
}

static bool take_16(struct rest *rest, unsigned *number)
{
    const uint8_t *bytes;
    if (!take(rest, 2, &bytes))
        return false;
    *number = (unsigned)bytes[0] << 8 | bytes[1];
    return true;
}

/* A string that is longer than what was kept is cut. */
static bool take_text(struct rest *rest, const uint8_t **text, size_t *count)
{
    unsigned bytes;
    if (!take_16(rest, &bytes))
        return false;
    *count = bytes < rest->count ? bytes : rest->count;
    return take(rest, *count, text);
}

static void put_id(struct json_text *json, struct rest *rest)
{
    unsigned id;
    if (take_16(rest, &id))
        json_put_number(json, "id", id);
}

/* ---- each type ------------------------------------------------------------------------------ */

static uint32_t put_publish(struct json_text *json, struct rest *rest, uint8_t flags,
                            uint32_t remaining)
{
    const uint8_t *topic;
    size_t topic_bytes;
    unsigned qos = flags >> 1 & 3, named = 0;
    if (rest->count >= 2)
        named = (unsigned)rest->at[0] << 8 | rest->at[1];
    bool has_topic = take_text(rest, &topic, &topic_bytes);
    if (has_topic && qos > 0 && topic_bytes == named)
        put_id(json, rest);
    json_put_number(json, "qos", qos);
    json_put_flag(json, "dup", (flags & 8) != 0);
    json_put_flag(json, "retained", (flags & 1) != 0);
    if (has_topic)
        json_put_text(json, "topic", topic, topic_bytes);
    uint32_t head = 2 + named + (qos > 0 ? 2 : 0);
    return remaining > head ? remaining - head : 0;
}

static void put_connect(struct json_text *json, struct rest *rest)
{
    const uint8_t *text, *fixed;
    size_t count;
    if (!take_text(rest, &text, &count) || !take(rest, 4, &fixed))
        return;
    json_put_flag(json, "clean_session", (fixed[1] & 2) != 0);
    json_put_number(json, "keep_alive_s", fixed[2] << 8 | fixed[3]);
    if (take_text(rest, &text, &count))
        json_put_text(json, "client_id", text, count);
}

static void put_connack(struct json_text *json, struct rest *rest)
{
    const uint8_t *bytes;
    if (!take(rest, 2, &bytes))
        return;
    json_put_flag(json, "session_present", (bytes[0] & 1) != 0);
    json_put_number(json, "code", bytes[1]);
}

/* ["…","…"], with a granted QoS behind each where it is asked for. */
static void put_filters(struct json_text *json, struct rest *rest, bool have_qos)
{
    const uint8_t *text, *qos;
    size_t count;
    json_put(json, ",\"filters\":[");
    for (bool is_first = true; take_text(rest, &text, &count) && count > 0; is_first = false) {
        struct json_text one = {0};
        json_put_text(&one, "", text, count); /* "":"…" */
        if (!is_first)
            json_put(json, ",");
        if (one.text != NULL && one.count > 3)
            json_put_bytes(json, one.text + 3, one.count - 3);
        json_text_free(&one);
        if (have_qos && !take(rest, 1, &qos))
            break;
    }
    json_put(json, "]");
}

static void put_codes(struct json_text *json, struct rest *rest)
{
    const uint8_t *code;
    json_put(json, ",\"codes\":[");
    for (bool is_first = true; take(rest, 1, &code); is_first = false) {
        char digits[] = {(char)('0' + *code / 100), (char)('0' + *code / 10 % 10),
                         (char)('0' + *code % 10)};
        size_t skip = *code < 10 ? 2 : *code < 100 ? 1 : 0;
        if (!is_first)
            json_put(json, ",");
        json_put_bytes(json, digits + skip, 3 - skip);
    }
    json_put(json, "]");
}

static void put_fields(struct json_text *json, unsigned type, struct rest *rest)
{
    if (type == CONNECT)
        put_connect(json, rest);
    else if (type == CONNACK)
        put_connack(json, rest);
    else if (type >= PUBACK && type <= UNSUBACK)
        put_id(json, rest);
    if (type == SUBSCRIBE || type == UNSUBSCRIBE)
        put_filters(json, rest, type == SUBSCRIBE);
    else if (type == SUBACK)
        put_codes(json, rest);
}

static void tell(struct mqtt_packets *packets)
{
    struct json_text *json = &packets->fields;
    uint8_t first = packets->head[0];
    unsigned type = first >> 4, header = 1 + packets->length_bytes;
    struct rest rest = {packets->head + 1, packets->head_bytes - 1};
    uint32_t bytes = packets->remaining + header;
    json_text_clear(json);
    json_put_word(json, "packet", names[type]);
    if (type == PUBLISH)
        bytes = put_publish(json, &rest, first & 15, packets->remaining);
    else
        put_fields(json, type, &rest);
    json_put_number(json, "bytes", bytes);
    packets->told(packets->context, json);
}

/* ---- the stream ----------------------------------------------------------------------------- */

void mqtt_packets_begin(struct mqtt_packets *packets)
{
    packets->state = PACKET_FIRST;
}

void mqtt_packets_end(struct mqtt_packets *packets)
{
    explicit_bzero(packets->head, sizeof packets->head); /* a CONNECT has a password */
    json_text_free(&packets->fields);
}

static void end_packet(struct mqtt_packets *packets)
{
    tell(packets);
    packets->state = PACKET_FIRST;
}

static void take_length(struct mqtt_packets *packets, uint8_t byte)
{
    packets->remaining |= (uint32_t)(byte & 0x7F) << (7 * packets->length_bytes);
    packets->length_bytes++;
    if ((byte & 0x80) != 0 && packets->length_bytes == 4) {
        packets->state = PACKET_LOST; /* that is no MQTT: up to the next connection */
        return;
    }
    if ((byte & 0x80) != 0)
        return;
    packets->left = packets->remaining;
    packets->state = PACKET_BODY;
    if (packets->left == 0)
        end_packet(packets);
}

static size_t take_body(struct mqtt_packets *packets, const uint8_t *bytes, size_t count)
{
    size_t taken = count < packets->left ? count : (size_t)packets->left;
    size_t room = MQTT_PACKETS_HEAD_BYTES - packets->head_bytes;
    size_t kept = taken < room ? taken : room;
    memcpy(packets->head + packets->head_bytes, bytes, kept);
    packets->head_bytes += kept;
    packets->left -= taken;
    if (packets->left == 0)
        end_packet(packets);
    return taken;
}

void mqtt_packets_take(struct mqtt_packets *packets, const uint8_t *bytes, size_t count)
{
    while (count > 0 && packets->state != PACKET_LOST) {
        size_t taken = 1;
        if (packets->state == PACKET_FIRST) {
            packets->head[0] = *bytes;
            packets->head_bytes = 1;
            packets->remaining = packets->length_bytes = 0;
            packets->state = PACKET_LENGTH;
        } else if (packets->state == PACKET_LENGTH) {
            take_length(packets, *bytes);
        } else {
            taken = take_body(packets, bytes, count);
        }
        bytes += taken;
        count -= taken;
    }
}
