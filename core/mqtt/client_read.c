/* client_read.c: what each packet of the broker does. */
#include "core/mqtt/request_answers.h"
#include "core/mqtt/client.h"
#include "core/mqtt/connack.h"

/* ---- CONNACK -------------------------------------------------------------------------------- */

/* A broker without the session has forgotten what it received, on both sides. */
static void begin_session(struct mqtt_client *client, bool session_present)
{
    if (!session_present)
        received_clear(&client->received);
    if (!session_present || !client->resumes || client->was_loaded)
        outbox_begin_ids(&client->delivery.outbox,
                         session_present ? client->first_id : OUTBOX_FIRST_ID);
    client->was_loaded = false;
}

static bool on_connack(struct mqtt_client *client, const struct mqtt_packet *connack,
                       uint64_t now_ms, struct mqtt_event *event)
{
    struct mqtt_link *link = &client->link;
    struct connack_context context = {client->version, client->delivery.is_clean,
                                      link->transmit.count == 0};
    struct imqtt_failure failure;
    if (!connack_accepts(connack, &context, &failure)) {
        link_hang_up(link, failure);
        return false;
    }
    bool session_present = connack_session_present(connack, &context);
    begin_session(client, session_present);
    link->state = MQTT_ONLINE;
    delivery_begin(&client->delivery, link, answer_clock_now(&client->clock, now_ms));
    *event = (struct mqtt_event){.kind = MQTT_CONNECTED,
                                 .session_present = session_present,
                                 .failure = connack_remark(connack, &context)};
    return true;
}

/* ---- messages ------------------------------------------------------------------------------- */

static enum mqtt_event_kind kind_of_message(const struct mqtt_packet *publish)
{
    return publish->is_drained ? MQTT_MESSAGE_TOO_LARGE : MQTT_MESSAGE;
}

static bool on_publish(struct received *received, struct mqtt_link *link,
                       const struct mqtt_packet *publish, struct mqtt_event *event)
{
    enum received_result result =
        publish->qos == 2 ? received_publish(received, publish->packet_id) : RECEIVED_NEW;
    if (result == RECEIVED_TOO_MANY) {
        link_hang_up_on_peer(link, "too many QoS 2 messages without PUBREL");
        return false;
    }
    *event = (struct mqtt_event){
        .kind = result == RECEIVED_AGAIN ? MQTT_MESSAGE_AGAIN : kind_of_message(publish),
        .packet_id = publish->packet_id,
        .qos = publish->qos,
        .topic = publish->topic,
        .payload = publish->payload,
        .payload_bytes = publish->payload_bytes,
        .failure = MQTT_NO_FAILURE,
    };
    return true;
}

static void on_pubrel(struct received *received, struct mqtt_link *link, uint16_t packet_id)
{
    if (received_release(received, packet_id))
        link_put_answer(link, MQTT_PUBCOMP, packet_id);
}

void mqtt_client_acknowledge(struct mqtt_client *client, uint16_t packet_id, uint8_t qos)
{
    if (qos == 0)
        return;
    link_put_answer(&client->link, exchange_acknowledgement(qos), packet_id);
    if (qos == 2 && received_acknowledge(&client->received, packet_id))
        link_put_answer(&client->link, MQTT_PUBCOMP, packet_id);
}

/* ---- all packets ---------------------------------------------------------------------------- */

static bool on_packet(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now_ms,
                      struct mqtt_event *event)
{
    switch (packet->type) {
    case MQTT_PUBLISH:
        return on_publish(&client->received, &client->link, packet, event);
    case MQTT_CONNACK:
        return on_connack(client, packet, now_ms, event);
    case MQTT_PUBREL:
        on_pubrel(&client->received, &client->link, packet->packet_id);
        return false;
    case MQTT_PINGRESP:
        keep_alive_answered(&client->keep_alive, &client->link);
        return false;
    default:
        return answers_take(&client->delivery, &client->link, packet,
                            answer_clock_now(&client->clock, now_ms), event);
    }
}

bool mqtt_client_read(struct mqtt_client *client, struct span *in, uint64_t now_ms,
                      struct mqtt_event *event)
{
    struct mqtt_link *link = &client->link;
    struct mqtt_packet packet;
    if (client->delivery.early_id != 0) {
        request_report_early(&client->delivery, event);
        return true;
    }
#if IMQTT_WITH_DIALECTS
    if (link->state == MQTT_OPENED && !link->has_ended)
        link_hang_up_on_peer(link, "the broker speaks before CONNECT");
#endif
    while (link_is_up(link) && in->count > 0 && !link_is_backed_up(link)) {
        client->keep_alive.last_received_ms = now_ms;
        enum reader_result result = reader_take(&client->reader, in, &packet);
        if (result == READER_FAULT)
            link_hang_up_on_peer(link, client->reader.fault);
        if (result == READER_PACKET && on_packet(client, &packet, now_ms, event))
            return true;
    }
    if (!link_is_up(link)) /* nothing that follows the end of a link is looked at */
        *in = SPAN_EMPTY;
    return false;
}
