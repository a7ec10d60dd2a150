#include "tests/transcripts/packets.h"

/* ---- and back ------------------------------------------------------------------------------ */

static bool take_length(struct span *from, size_t *length)
{
    uint8_t byte = 0x80;
    *length = 0;
    for (unsigned shift = 0; byte >= 0x80; shift += 7) {
        if (shift > 21 || !span_take_u8(from, &byte))
            return false;
        *length |= (size_t)(byte & 0x7F) << shift;
    }
    return true;
}

bool packet_take(struct span *stream, struct span *packet)
{
    struct span rest = *stream;
    size_t length;
    if (!span_skip(&rest, 1) || !take_length(&rest, &length) || !span_skip(&rest, length))
        return false;
    return span_take(stream, stream->count - rest.count, packet);
}

struct span packet_body(struct span packet)
{
    size_t length;
    span_skip(&packet, 1);
    take_length(&packet, &length);
    return packet;
}

bool packet_take_string(struct span *body, struct span *string)
{
    uint16_t count;
    return span_take_u16(body, &count) && span_take(body, count, string);
}

static void print_string(FILE *to, const char *before, struct span *body)
{
    struct span string = SPAN_EMPTY;
    packet_take_string(body, &string);
    fputs(before, to);
    print_escaped(to, string);
}

static unsigned take_number(struct span *body)
{
    uint16_t number = 0;
    span_take_u16(body, &number);
    return number;
}

static void print_connect(FILE *to, struct span body)
{
    uint8_t version = 0, flags = 0;
    struct span name;
    packet_take_string(&body, &name);
    span_take_u8(&body, &version);
    span_take_u8(&body, &flags);
    fprintf(to, " clean=%d version=%s keepalive=%u", flags >> 1 & 1, version == 3 ? "3.1" : "3.1.1",
            take_number(&body));
    print_string(to, " id: ", &body);
    if (flags & 0x04)
        fprintf(to, " willqos=%d%s", flags >> 3 & 3, flags & 0x20 ? " willretained" : "");
    if (flags & 0x04)
        print_string(to, " will=", &body);
    if (flags & 0x04)
        print_string(to, " says=", &body);
    if (flags & 0x80)
        print_string(to, " user=", &body);
    if (flags & 0x40)
        print_string(to, " password=", &body);
}

static void print_publish(FILE *to, uint8_t first, struct span body)
{
    print_string(to, " ", &body);
    if (first & 0x06)
        fprintf(to, " qos=%d id=%u", first >> 1 & 3, take_number(&body));
    fprintf(to, "%s%s \"", first & 0x08 ? " dup" : "", first & 0x01 ? " retained" : "");
    print_escaped(to, body);
    fputc('"', to);
}

static void print_filters(FILE *to, bool with_qos, struct span body)
{
    uint8_t qos = 0;
    fprintf(to, " %u", take_number(&body));
    while (body.count > 0) {
        print_string(to, " ", &body);
        if (with_qos && span_take_u8(&body, &qos))
            fprintf(to, " %d", qos);
    }
}

static void print_bytes(FILE *to, struct span bytes)
{
    for (size_t i = 0; i < bytes.count && i < 40; i++)
        fprintf(to, " %02X", bytes.bytes[i]);
}

void packet_print(FILE *to, struct span packet)
{
    enum packet_type type = packet.bytes[0] >> 4;
    struct span body = packet_body(packet);
    fputs(packet_name(type), to);
    if (type == PACKET_CONNECT)
        print_connect(to, body);
    else if (type == PACKET_PUBLISH)
        print_publish(to, packet.bytes[0], body);
    else if (type == PACKET_SUBSCRIBE || type == PACKET_UNSUBSCRIBE)
        print_filters(to, type == PACKET_SUBSCRIBE, body);
    else if (type >= PACKET_PUBACK && type <= PACKET_PUBCOMP)
        fprintf(to, " %u", take_number(&body));
    else
        print_bytes(to, body);
}
