#include "tests/transcripts/broker.h"

#include "tests/transcripts/packets.h"

#define CLEAN_SESSION 0x02

static void put_length(struct buffer *to, size_t length)
{
    for (; length >= 0x80; length >>= 7)
        buffer_put_u8(to, (uint8_t)(length | 0x80));
    buffer_put_u8(to, (uint8_t)length);
}

static void send(struct machine *machine, uint8_t first, struct span body)
{
    buffer_put_u8(&machine->client->network.in, first);
    put_length(&machine->client->network.in, body.count);
    buffer_put(&machine->client->network.in, body);
}

static void answer(struct machine *machine, enum packet_type type, struct span body)
{
    send(machine, (uint8_t)(type << 4), body);
}

/* The id is the first thing in `body`. */
static void answer_id(struct machine *machine, enum packet_type type, struct span body)
{
    struct span id = SPAN_EMPTY;
    span_take(&body, 2, &id);
    answer(machine, type, id);
}

/* ---- messages ------------------------------------------------------------------------------ */

static struct span take_level(struct span *topic)
{
    struct span level = SPAN_EMPTY;
    span_take(topic, span_find(*topic, '/'), &level);
    return level;
}

static bool matches(struct span filter, struct span topic)
{
    for (;;) {
        struct span wanted = take_level(&filter), level = take_level(&topic);
        if (span_equal(wanted, span_text("#")))
            return true;
        if (!span_equal(wanted, span_text("+")) && !span_equal(wanted, level))
            return false;
        if (filter.count == 0 || topic.count == 0)
            return filter.count == topic.count;
        span_skip(&filter, 1);
        span_skip(&topic, 1);
    }
}

void broker_send(struct machine *machine, struct span topic, uint8_t qos, struct span payload)
{
    struct buffer body = BUFFER_EMPTY;
    buffer_put_u16(&body, (uint16_t)topic.count);
    buffer_put(&body, topic);
    if (qos > 0)
        buffer_put_u16(&body, ++machine->broker_id);
    buffer_put(&body, payload);
    send(machine, (uint8_t)(PACKET_PUBLISH << 4 | qos << 1), buffer_span(&body));
    buffer_free(&body);
}

static bool take_filter(struct span *filters, struct span *filter, uint8_t *qos)
{
    return packet_take_string(filters, filter) && span_take_u8(filters, qos);
}

static void pass_on(struct machine *machine, struct span topic, uint8_t qos, struct span payload)
{
    struct span filters = buffer_span(&machine->filters), filter;
    uint8_t granted;
    while (take_filter(&filters, &filter, &granted))
        if (matches(filter, topic))
            broker_send(machine, topic, qos < granted ? qos : granted, payload);
}

static void take_publish(struct machine *machine, uint8_t first, struct span body)
{
    uint8_t qos = first >> 1 & 3;
    struct span topic = SPAN_EMPTY, id = SPAN_EMPTY;
    packet_take_string(&body, &topic);
    if (qos > 0)
        span_take(&body, 2, &id);
    if (qos > 0)
        answer_id(machine, qos == 1 ? PACKET_PUBACK : PACKET_PUBREC, id);
    pass_on(machine, topic, qos, body);
}

/* ---- subscriptions ------------------------------------------------------------------------- */

static void forget(struct machine *machine, struct span gone)
{
    struct buffer left = BUFFER_EMPTY;
    struct span filters = buffer_span(&machine->filters), filter;
    uint8_t qos;
    for (struct span entry = filters; take_filter(&filters, &filter, &qos); entry = filters)
        if (!span_equal(filter, gone))
            buffer_put(&left, span_of(entry.bytes, entry.count - filters.count));
    buffer_free(&machine->filters);
    machine->filters = left;
}

static void take_subscribe(struct machine *machine, struct span body)
{
    struct buffer codes = BUFFER_EMPTY;
    struct span id, filter;
    uint8_t qos;
    span_take(&body, 2, &id);
    buffer_put(&codes, id);
    for (struct span entry = body; take_filter(&body, &filter, &qos); entry = body) {
        buffer_put_u8(&codes, qos);
        forget(machine, filter);
        buffer_put(&machine->filters, span_of(entry.bytes, entry.count - body.count));
    }
    answer(machine, PACKET_SUBACK, buffer_span(&codes));
    buffer_free(&codes);
}

static void take_unsubscribe(struct machine *machine, struct span body)
{
    struct span rest = body, filter = SPAN_EMPTY;
    span_skip(&rest, 2);
    packet_take_string(&rest, &filter);
    forget(machine, filter);
    answer_id(machine, PACKET_UNSUBACK, body);
}

/* ---- connections --------------------------------------------------------------------------- */

static bool contains(struct span text, const char *part)
{
    size_t bytes = strlen(part);
    for (; text.count >= bytes; span_skip(&text, 1))
        if (memcmp(text.bytes, part, bytes) == 0)
            return true;
    return false;
}

/* What Alibaba's platform sends to a device that registers: made up here. */
static void register_device(struct machine *machine, struct span client_id)
{
    static const char secret[] = "{\"deviceSecret\":\"" BROKER_DEVICE_SECRET "\"}";
    static const char token[] =
        "{\"clientId\":\"" BROKER_CLIENT_ID "\",\"deviceToken\":\"" BROKER_DEVICE_TOKEN "\"}";
    if (contains(client_id, "authType=register"))
        broker_send(machine, span_text("/ext/register"), 0, span_text(secret));
    if (contains(client_id, "authType=regnwl"))
        broker_send(machine, span_text("/ext/regnwl"), 0, span_text(token));
}

static void take_connect(struct machine *machine, struct span body)
{
    struct span name, client_id = SPAN_EMPTY;
    uint8_t flags = 0;
    packet_take_string(&body, &name);
    span_skip(&body, 1);
    span_take_u8(&body, &flags);
    span_skip(&body, 2);
    packet_take_string(&body, &client_id);
    if (flags & CLEAN_SESSION)
        buffer_clear(&machine->filters);
    uint8_t accepted[] = {machine->filters.count > 0, 0};
    answer(machine, PACKET_CONNACK, span_of(accepted, sizeof accepted));
    register_device(machine, client_id);
}

static void take_packet(struct machine *machine, struct span packet)
{
    struct span body = packet_body(packet);
    switch (packet.bytes[0] >> 4) {
    case PACKET_CONNECT:
        take_connect(machine, body);
        break;
    case PACKET_PUBLISH:
        take_publish(machine, packet.bytes[0], body);
        break;
    case PACKET_PUBREL:
        answer_id(machine, PACKET_PUBCOMP, body);
        break;
    case PACKET_SUBSCRIBE:
        take_subscribe(machine, body);
        break;
    case PACKET_UNSUBSCRIBE:
        take_unsubscribe(machine, body);
        break;
    case PACKET_PINGREQ:
        answer(machine, PACKET_PINGRESP, SPAN_EMPTY);
        break;
    default: /* what needs no answer */
        break;
    }
}

static bool take_packets(struct machine *machine)
{
    struct span out = buffer_span(&machine->client->network.out), packet;
    while (packet_take(&out, &packet))
        take_packet(machine, packet);
    size_t taken = machine->client->network.out.count - out.count;
    buffer_take(&machine->client->network.out, taken);
    return taken > 0;
}

/* The last thing that happened counts: open, or closed. */
static bool take_marks(struct machine *machine)
{
    if (machine->client->mark_count == 0)
        return false;
    bool is_open = machine->client->marks[machine->client->mark_count - 1].is_open;
    machine->client->mark_count = 0;
    if (is_open) {
        machine->client->network_state = NETWORK_OPEN;
        imqtt_modem_network_opened(machine->modem, machine->now_ms);
    }
    return true;
}

bool broker_answer(struct machine *machine)
{
    bool moved = take_packets(machine);
    return take_marks(machine) || moved;
}
