#include "core/mqtt/draft.h"

/* Room for a packet, with its fixed header written into *out. */
static struct request *begin(struct outbox *outbox, uint8_t first, size_t remaining,
                             size_t max_bytes, struct out *out)
{
    size_t packet_bytes = packet_header_bytes(remaining) + remaining;
    if (remaining > max_bytes || packet_bytes > max_bytes || outbox_draft(outbox) != NULL)
        return NULL;
    struct request *request = outbox_begin(outbox, packet_bytes);
    if (request == NULL)
        return NULL;
    request->type = first >> 4;
    *out = out_on(request_packet(request), packet_bytes);
    packet_put_header(out, first, remaining);
    return request;
}

static void put_id(struct outbox *outbox, struct request *request, struct out *out)
{
    request->packet_id = outbox_next_id(outbox);
    out_u16(out, request->packet_id);
}

static struct out writer_of(struct out *out, size_t bytes)
{
    return out_on(out_claim(out, bytes), bytes);
}

bool draft_publish(struct outbox *outbox, const struct mqtt_publish *publish, size_t max_bytes,
                   struct mqtt_draft *draft)
{
    struct out out;
    uint8_t qos = publish->qos;
    size_t remaining =
        packet_publish_head_bytes(publish->topic_bytes, qos) + publish->payload_bytes;
    uint8_t first = packet_publish_first(qos, publish->retained);
    struct request *request = begin(outbox, first, remaining, max_bytes, &out);
    if (request == NULL)
        return false;
    request->qos = qos;
    request->tag = publish->tag;
#if IMQTT_WITH_NEWS
    request->payload_bytes = (uint16_t)publish->payload_bytes; /* it fits into an outbox */
#endif
    out_u16(&out, (uint16_t)publish->topic_bytes);
    draft->topic = writer_of(&out, publish->topic_bytes);
    if (qos > 0)
        put_id(outbox, request, &out);
    draft->payload = writer_of(&out, publish->payload_bytes);
    return true;
}

bool draft_filters(struct outbox *outbox, enum mqtt_packet_type type, size_t filter_bytes,
                   size_t max_bytes, struct mqtt_draft *draft)
{
    struct out out;
    uint8_t first = (uint8_t)(type << 4 | 0x02);
    struct request *request = begin(outbox, first, 2 + filter_bytes, max_bytes, &out);
    if (request == NULL)
        return false;
    put_id(outbox, request, &out);
    draft->topic = out_on(NULL, 0);
    draft->payload = writer_of(&out, filter_bytes);
    return true;
}
