#include "common/wire.h"

#include <string.h>

#include "common/need.h"

#define KEEP_ALIVE_S    120
#define FIRST_BODY_BYTE 2 /* every packet written here has one byte of length */

static size_t put_16(uint8_t *out, size_t at, uint16_t value)
{
    out[at] = (uint8_t)(value >> 8);
    out[at + 1] = (uint8_t)value;
    return at + 2;
}

static uint16_t get_16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static size_t put_text(uint8_t *out, size_t at, const char *text)
{
    size_t length = strlen(text);
    at = put_16(out, at, (uint16_t)length);
    memcpy(out + at, text, length);
    return at + length;
}

/* The header, once the body stands and ends at `end`. */
static size_t finish(uint8_t *out, uint8_t first_byte, size_t end)
{
    need(end - FIRST_BODY_BYTE < 128, "a packet is too long");
    out[0] = first_byte;
    out[1] = (uint8_t)(end - FIRST_BODY_BYTE);
    return end;
}

size_t wire_connect(uint8_t *out, const char *client_id)
{
    static const uint8_t clean_session = 2;
    size_t at = put_text(out, FIRST_BODY_BYTE, "MQTT");
    out[at++] = 4;
    out[at++] = clean_session;
    at = put_16(out, at, KEEP_ALIVE_S);
    return finish(out, WIRE_CONNECT << 4, put_text(out, at, client_id));
}

size_t wire_connack(uint8_t *out)
{
    return finish(out, WIRE_CONNACK << 4, put_16(out, FIRST_BODY_BYTE, 0));
}

size_t wire_subscribe(uint8_t *out, uint16_t id, const char *topic, unsigned qos)
{
    size_t at = put_text(out, put_16(out, FIRST_BODY_BYTE, id), topic);
    out[at++] = (uint8_t)qos;
    return finish(out, WIRE_SUBSCRIBE << 4 | 2, at);
}

size_t wire_suback(uint8_t *out, uint16_t id, unsigned qos)
{
    size_t at = put_16(out, FIRST_BODY_BYTE, id);
    out[at++] = (uint8_t)qos;
    return finish(out, WIRE_SUBACK << 4, at);
}

size_t wire_publish(uint8_t *out, const char *topic, unsigned qos, const char *payload)
{
    size_t at = put_text(out, FIRST_BODY_BYTE, topic);
    if (qos > 0)
        at = put_16(out, at, 0);
    memcpy(out + at, payload, strlen(payload));
    return finish(out, (uint8_t)(WIRE_PUBLISH << 4 | qos << 1), at + strlen(payload));
}

void wire_set_id(uint8_t *publish, uint16_t id)
{
    put_16(publish, FIRST_BODY_BYTE + 2 + get_16(publish + FIRST_BODY_BYTE), id);
}

size_t wire_acknowledgement(uint8_t *out, enum wire_type type, uint16_t id)
{
    uint8_t flags = type == WIRE_PUBREL ? 2 : 0;
    return finish(out, (uint8_t)(type << 4 | flags), put_16(out, FIRST_BODY_BYTE, id));
}

size_t wire_empty(uint8_t *out, enum wire_type type)
{
    return finish(out, (uint8_t)(type << 4), FIRST_BODY_BYTE);
}

/* The remaining length, and how many bytes it took; 0: it has not come whole yet. */
static size_t take_length(const uint8_t *bytes, size_t count, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < count && i < 4; i++) {
        *length |= (size_t)(bytes[i] & 127) << 7 * i;
        if (bytes[i] < 128)
            return i + 1;
    }
    return 0;
}

bool wire_next(const uint8_t *bytes, size_t count, struct wire_packet *packet)
{
    size_t body_bytes;
    size_t length_bytes = count > 1 ? take_length(bytes + 1, count - 1, &body_bytes) : 0;
    if (length_bytes == 0 || count - 1 - length_bytes < body_bytes)
        return false;
    packet->type = bytes[0] >> 4;
    packet->qos = bytes[0] >> 1 & 3;
    packet->body = bytes + 1 + length_bytes;
    packet->body_bytes = body_bytes;
    packet->whole_bytes = 1 + length_bytes + body_bytes;
    return true;
}

uint16_t wire_id(const struct wire_packet *packet)
{
    size_t at = packet->type == WIRE_PUBLISH ? 2 + (size_t)get_16(packet->body) : 0;
    need(at + 2 <= packet->body_bytes, "a packet is cut short");
    return get_16(packet->body + at);
}

unsigned wire_filter(const struct wire_packet *subscribe, char *text, size_t bytes)
{
    need(subscribe->body_bytes > 4, "a SUBSCRIBE is cut short");
    size_t length = get_16(subscribe->body + 2);
    need(length + 5 <= subscribe->body_bytes && length < bytes, "a topic filter is too long");
    memcpy(text, subscribe->body + 4, length);
    text[length] = '\0';
    return subscribe->body[4 + length];
}
