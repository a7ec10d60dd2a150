/* client_requests.c: how requests begin, and the packet ids that they take. */
#include "core/mqtt/client.h"

/* ---- requests ------------------------------------------------------------------------------- */

/* The ids of a kept session are reserved in the store before they are used. */
bool mqtt_client_has_id(const struct mqtt_client *client)
{
    return IMQTT_ID_MARKS == 0 || client->delivery.is_clean ||
           id_marks_allow(&client->ids, client->delivery.outbox.next_id);
}

bool mqtt_client_begin_publish(struct mqtt_client *client, const struct mqtt_publish *publish,
                               struct mqtt_draft *draft)
{
    return client->link.state == MQTT_ONLINE && (publish->qos == 0 || mqtt_client_has_id(client)) &&
           draft_publish(&client->delivery.outbox, publish, MQTT_REQUEST_BYTES, draft);
}

static bool begin_filters(struct mqtt_client *client, enum mqtt_packet_type type,
                          size_t filter_bytes, struct mqtt_draft *draft)
{
    return client->link.state == MQTT_ONLINE && mqtt_client_has_id(client) &&
           draft_filters(&client->delivery.outbox, type, filter_bytes, MQTT_REQUEST_BYTES, draft);
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
    return !client->link.has_ended && outbox_draft(&client->delivery.outbox) != NULL;
}

uint16_t mqtt_client_commit(struct mqtt_client *client, uint64_t now_ms)
{
    struct outbox *outbox = &client->delivery.outbox;
    struct request *request = outbox_draft(outbox);
    if (request == NULL)
        return 0;
    request->due_ms =
        answer_clock_now(&client->clock, now_ms) + delivery_timeout_ms(&client->delivery, request);
    if (request->packet_id != 0)
        outbox_use_id(outbox);
    outbox_commit(outbox);
    return request->packet_id;
}

#if IMQTT_WITH_DIALECTS
static void note_time(struct delivery *delivery, uint32_t timeout_ms)
{
    if (outbox_is_empty(&delivery->outbox))
        delivery->have_own_times = false;
    else if (timeout_ms != delivery->last_timeout_ms)
        delivery->have_own_times = true;
    delivery->last_timeout_ms = timeout_ms;
}

void mqtt_client_mark(struct mqtt_client *client, uint8_t tag, uint16_t label, uint32_t timeout_ms)
{
    struct request *request = outbox_draft(&client->delivery.outbox);
    if (request == NULL)
        return;
    request->tag = tag;
    request->label = label;
    request->timeout_ms = timeout_ms;
    note_time(&client->delivery, timeout_ms);
}
#endif

void mqtt_client_abandon(struct mqtt_client *client)
{
    outbox_abandon(&client->delivery.outbox);
}

#if IMQTT_WITH_DIALECTS
void mqtt_client_close_within(struct mqtt_client *client, uint32_t time_ms, uint64_t now_ms)
{
    if (client->link.state == MQTT_CLOSING && now_ms + time_ms < client->state_due_ms)
        client->state_due_ms = now_ms + time_ms;
}
#endif

/* ---- packet ids over a restart -------------------------------------------------------------- */

bool mqtt_client_load_ids(struct mqtt_client *client, struct span record)
{
    return id_marks_load(&client->ids, record);
}

bool mqtt_client_wants_save(const struct mqtt_client *client)
{
    return IMQTT_ID_MARKS > 0 && client->link.state == MQTT_ONLINE && !client->delivery.is_clean &&
           id_marks_want_save(&client->ids, client->delivery.outbox.next_id);
}

void mqtt_client_put_ids(const struct mqtt_client *client, struct out *record)
{
    id_marks_put(&client->ids, client->delivery.outbox.next_id, record);
}

void mqtt_client_ids_begun(struct mqtt_client *client)
{
    id_marks_begun(&client->ids, client->delivery.outbox.next_id);
}

void mqtt_client_ids_saved(struct mqtt_client *client)
{
    id_marks_saved(&client->ids);
}
