#include "core/mqtt/reader.h"
#include "core/mqtt/wire/violation.h"
#include "imqtt/limits.h"

_Static_assert(2 + IMQTT_REQUEST_TOPICS <= READER_SMALL_BYTES, "only PUBLISH may need a block");

#define LONGEST_HEADER 5
#define LARGEST_KEPT   (2 + UINT16_MAX + 2 + IMQTT_PAYLOAD_BYTES)

void reader_init(struct reader *reader, const struct imqtt_memory_port *port)
{
    *reader = (struct reader){.lease = lease_from(port, IMQTT_MEMORY_RECEIVE)};
}

void reader_reset(struct reader *reader, enum mqtt_version version)
{
    lease_return(&reader->lease);
    *reader = (struct reader){
        .lease = reader->lease, .awaits_connack = true, .is_3_1 = version == MQTT_3_1};
}

/* ---- the fixed header ----------------------------------------------------------------------- */

/* CONNACK comes first [MQTT-3.2.0-1] and never again. */
static const char *check_order(const struct reader *reader)
{
    bool is_connack = reader->first >> 4 == MQTT_CONNACK;
    if (is_connack == reader->awaits_connack)
        return NULL;
    if (is_connack)
        return VIOLATION("a second CONNACK");
    return VIOLATION("the first packet is not CONNACK");
}

static void end_header(struct reader *reader)
{
    reader->has_header = true;
    reader->fault = check_order(reader);
    if (reader->fault == NULL)
        reader->fault = decode_check_header(reader->first, reader->body_bytes, reader->is_3_1);
    reader->awaits_connack = false;
}

static void add_length_byte(struct reader *reader, uint8_t byte)
{
    unsigned index = reader->header_bytes - 2U;
    reader->body_bytes |= (uint32_t)(byte & 0x7F) << 7 * index;
    if ((byte & 0x80) == 0)
        end_header(reader);
    else if (reader->header_bytes == LONGEST_HEADER)
        reader->fault = MALFORMED("a length of more than four bytes");
}

/* Most packets are short, and their header comes whole. */
static void take_short_header(struct reader *reader, struct span *in)
{
    reader->first = in->bytes[0];
    reader->body_bytes = in->bytes[1];
    reader->header_bytes = 2;
    span_skip(in, 2);
    end_header(reader);
}

static bool has_short_header(const struct reader *reader, struct span in)
{
    return reader->header_bytes == 0 && in.count >= 2 && in.bytes[1] < 0x80;
}

static void take_header(struct reader *reader, struct span *in)
{
    uint8_t byte;
    if (has_short_header(reader, *in))
        take_short_header(reader, in);
    while (!reader->has_header && reader->fault == NULL && span_take_u8(in, &byte))
        if (reader->header_bytes++ == 0)
            reader->first = byte;
        else
            add_length_byte(reader, byte);
}

void reader_tidy(struct reader *reader)
{
    if (reader->header_bytes == 0 && reader->lease.capacity > IMQTT_KEPT_BYTES)
        lease_return(&reader->lease);
}

static void begin_packet(struct reader *reader)
{
    reader_tidy(reader);
    reader->body_bytes = reader->seen_bytes = 0;
    reader->has_header = reader->is_draining = false;
}

/* ---- a body that is not kept ---------------------------------------------------------------- */

static bool is_publish(const struct reader *reader)
{
    return reader->first >> 4 == MQTT_PUBLISH;
}

/* Up to the payload. */
static uint32_t head_bytes(const struct reader *reader)
{
    uint8_t qos = reader->first >> MQTT_QOS_SHIFT & 0x03;
    return (uint32_t)packet_publish_head_bytes(reader->topic_bytes, qos);
}

static uint32_t unseen_bytes(const struct reader *reader)
{
    return reader->body_bytes - reader->seen_bytes;
}

static struct span see(struct reader *reader, struct span *in, size_t bytes)
{
    struct span seen = SPAN_EMPTY;
    span_take(in, bytes, &seen);
    reader->seen_bytes += (uint32_t)seen.count;
    return seen;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The rest of the topic, then the packet id, then the payload. */
static void drain_step(struct reader *reader, struct span *in)
{
    uint32_t id_at = 2U + reader->topic_bytes;
    if (reader->seen_bytes < id_at)
        see(reader, in, least(in->count, id_at - reader->seen_bytes));
    else if (reader->seen_bytes < head_bytes(reader))
        reader->packet_id = (uint16_t)(reader->packet_id << 8 | span_first(see(reader, in, 1)));
    else
        see(reader, in, least(in->count, unseen_bytes(reader)));
}

static void drain(struct reader *reader, struct span *in)
{
    while (in->count > 0 && unseen_bytes(reader) > 0)
        drain_step(reader, in);
}

/* ---- a body that is kept -------------------------------------------------------------------- */

static uint8_t *store_of(struct reader *reader)
{
    return reader->seen_bytes <= READER_SMALL_BYTES ? reader->small : reader->lease.bytes;
}

/* What has been kept behind the topic's length goes through the drain first. */
static void begin_drain(struct reader *reader)
{
    struct span kept = span_of(store_of(reader), reader->seen_bytes);
    span_skip(&kept, 2);
    reader->seen_bytes = 2;
    reader->packet_id = 0;
    reader->is_draining = true;
    drain(reader, &kept);
    lease_return(&reader->lease);
}

/* A body begins in the reader and moves to borrowed memory once it outgrows it. */
static uint8_t *room_for(struct reader *reader, size_t bytes)
{
    if (bytes <= READER_SMALL_BYTES)
        return reader->small;
    if (!lease_grow(&reader->lease, bytes, LARGEST_KEPT))
        return NULL;
    if (reader->seen_bytes <= READER_SMALL_BYTES)
        memcpy(reader->lease.bytes, reader->small, reader->seen_bytes);
    return reader->lease.bytes;
}

static void keep_bytes(struct reader *reader, struct span *in, size_t bytes)
{
    uint8_t *store = room_for(reader, reader->seen_bytes + bytes);
    if (store == NULL) {
        begin_drain(reader);
        return;
    }
    struct out kept = out_on(store + reader->seen_bytes, bytes);
    out_span(&kept, see(reader, in, bytes));
}

/* Where the keeping of a body stops, to look at what is there. */
static uint32_t next_stop(const struct reader *reader)
{
    if (is_publish(reader) && reader->seen_bytes < 2)
        return 2;
    if (is_publish(reader) && reader->seen_bytes < head_bytes(reader))
        return head_bytes(reader);
    return reader->body_bytes;
}

/* The head is checked also of a message whose payload is not kept. */
static void judge_head(struct reader *reader)
{
    reader->fault = decode_check_head(reader->first, span_of(store_of(reader), reader->seen_bytes));
    if (reader->fault == NULL &&
        decode_is_too_large(reader->first, reader->body_bytes, reader->topic_bytes))
        begin_drain(reader);
}

/* The topic's length tells the payload's. */
static void judge_length(struct reader *reader)
{
    struct span start = span_of(reader->small, reader->seen_bytes);
    span_take_u16(&start, &reader->topic_bytes);
    reader->fault = decode_check_publish(reader->first, reader->body_bytes, reader->topic_bytes);
}

static void judge_publish(struct reader *reader)
{
    if (reader->seen_bytes == 2)
        judge_length(reader);
    else if (reader->seen_bytes == head_bytes(reader))
        judge_head(reader);
}

static void keep(struct reader *reader, struct span *in)
{
    while (in->count > 0 && unseen_bytes(reader) > 0 && !reader->is_draining &&
           reader->fault == NULL) {
        keep_bytes(reader, in, least(in->count, next_stop(reader) - reader->seen_bytes));
        if (is_publish(reader) && !reader->is_draining)
            judge_publish(reader);
    }
}

/* ---- a packet ------------------------------------------------------------------------------- */

static enum reader_result end_packet(struct reader *reader, const char *fault)
{
    reader->fault = fault;
    reader->header_bytes = 0;
    return fault != NULL ? READER_FAULT : READER_PACKET;
}

static enum reader_result end_split_packet(struct reader *reader, struct mqtt_packet *packet)
{
    if (reader->is_draining)
        return end_packet(reader, decode_drained(reader->first, reader->body_bytes,
                                                 reader->topic_bytes, reader->packet_id, packet));
    struct span body = span_of(store_of(reader), reader->body_bytes);
    return end_packet(reader, decode_body(reader->first, body, packet));
}

static enum reader_result take_split_body(struct reader *reader, struct span *in,
                                          struct mqtt_packet *packet)
{
    if (in->count > 0 && !reader->is_draining)
        keep(reader, in);
    if (reader->is_draining)
        drain(reader, in);
    if (reader->fault != NULL)
        return READER_FAULT;
    return unseen_bytes(reader) > 0 ? READER_MORE : end_split_packet(reader, packet);
}

enum reader_result reader_take(struct reader *reader, struct span *in, struct mqtt_packet *packet)
{
    struct span body;
    if (reader->fault != NULL)
        return READER_FAULT;
    if (reader->header_bytes == 0)
        begin_packet(reader);
    take_header(reader, in);
    if (reader->fault != NULL)
        return READER_FAULT;
    if (!reader->has_header)
        return READER_MORE;
    if (reader->seen_bytes == 0 && span_take(in, reader->body_bytes, &body))
        return end_packet(reader, decode_body(reader->first, body, packet));
    return take_split_body(reader, in, packet);
}
