#include "core/mqtt/client_private.h"

static bool may_begin(const struct mqtt_client *client, size_t packet_bytes)
{
    return client->state == MQTT_IS_CONNECTED && packet_bytes <= MQTT_REQUEST_BYTES &&
           outbox_draft(&client->outbox) == NULL;
}

/* Room for a packet, with its fixed header written into *out. */
static struct request *begin(struct mqtt_client *client, uint8_t first, size_t remaining,
                             struct out *out)
{
    size_t packet_bytes = packet_header_bytes(remaining) + remaining;
    if (remaining > MQTT_REQUEST_BYTES || !may_begin(client, packet_bytes))
        return NULL;
    struct request *request = outbox_begin(&client->outbox, packet_bytes);
    if (request == NULL)
        return NULL;
    request->type = first >> 4;
    *out = out_on(request_packet(request), packet_bytes);
    packet_put_header(out, first, remaining);
    return request;
}

static void put_id(struct mqtt_client *client, struct request *request, struct out *out)
{
    request->packet_id = outbox_next_id(&client->outbox);
    out_u16(out, request->packet_id);
}

static struct out writer_of(struct out *out, size_t bytes)
{
    return out_on(out_claim(out, bytes), bytes);
}

bool mqtt_client_begin_publish(struct mqtt_client *client, const struct mqtt_publish *publish,
                               struct mqtt_draft *draft)
{
    struct out out;
    uint8_t qos = publish->qos;
    size_t remaining =
        packet_publish_head_bytes(publish->topic_bytes, qos) + publish->payload_bytes;
    uint8_t first = packet_publish_first(qos, publish->retained);
    struct request *request = begin(client, first, remaining, &out);
    if (request == NULL)
        return false;
    request->qos = qos;
    request->tag = publish->tag;
    out_u16(&out, (uint16_t)publish->topic_bytes);
    draft->topic = writer_of(&out, publish->topic_bytes);
    if (qos > 0)
        put_id(client, request, &out);
    draft->payload = writer_of(&out, publish->payload_bytes);
    return true;
}

static bool begin_filters(struct mqtt_client *client, enum mqtt_packet_type type,
                          size_t filter_bytes, struct mqtt_draft *draft)
{
    struct out out;
    struct request *request = begin(client, (uint8_t)(type << 4 | 0x02), 2 + filter_bytes, &out);
    if (request == NULL)
        return false;
    put_id(client, request, &out);
    draft->topic = out_on(NULL, 0);
    draft->payload = writer_of(&out, filter_bytes);
    return true;
}

bool mqtt_client_begin_subscribe(struct mqtt_client *client, size_t filter_bytes,
                                 struct mqtt_draft *draft)
{
    return begin_filters(client, MQTT_SUBSCRIBE, filter_bytes, draft);
}

bool mqtt_client_begin_unsubscribe(struct mqtt_client *client, size_t filter_bytes,
                                   struct mqtt_draft *draft)
{
    return begin_filters(client, MQTT_UNSUBSCRIBE, filter_bytes, draft);
}

bool mqtt_client_draft_is_open(const struct mqtt_client *client)
{
    return outbox_draft(&client->outbox) != NULL;
}

uint16_t mqtt_client_commit(struct mqtt_client *client, uint64_t now_ms)
{
    struct request *request = outbox_draft(&client->outbox);
    if (request == NULL)
        return 0;
    request->due_ms = client_answer_clock(client, now_ms) + client->request_timeout_ms;
    if (request->packet_id != 0)
        outbox_use_id(&client->outbox);
    outbox_commit(&client->outbox);
    return request->packet_id;
}

void mqtt_client_abandon(struct mqtt_client *client)
{
    outbox_abandon(&client->outbox);
}
