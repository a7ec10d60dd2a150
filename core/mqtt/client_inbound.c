#include "core/mqtt/client_private.h"
#include "core/mqtt/fault.h"

/* ---- CONNACK [MQTT-3.2] --------------------------------------------------------------------- */

#define SESSION_PRESENT 0x01

/* By return code [MQTT-3.2.2.3]. */
static const char *const refusals[] = {
    NULL,
    "refused: unacceptable protocol version",
    "refused: client id rejected",
    "refused: server unavailable",
    "refused: bad user name or password",
    "refused: not authorized",
};

/* MQTT 3.1 has no such flag, and its brokers do not tell: a kept session is taken as kept. */
static bool session_is_present(const struct mqtt_client *client, const struct mqtt_packet *connack)
{
    if (client->version == MQTT_3_1)
        return !client->is_clean;
    return (connack->connack_flags & SESSION_PRESENT) != 0;
}

static const char *check_connack(const struct mqtt_client *client,
                                 const struct mqtt_packet *connack)
{
    if (connack->return_code >= sizeof refusals / sizeof refusals[0])
        return MALFORMED("CONNACK with an unknown return code");
    if (connack->return_code == 0 && client->transmit.count > 0) /* CONNECT, or a part of it */
        return VIOLATION("CONNACK before CONNECT was sent");
    if (client->version == MQTT_3_1)
        return NULL;
    if ((connack->connack_flags & ~SESSION_PRESENT) != 0)
        return MALFORMED("CONNACK with reserved bits set");
    if (!session_is_present(client, connack))
        return NULL;
    if (connack->return_code != 0)
        return VIOLATION("CONNACK refuses, with a session present");
    return client->is_clean ? VIOLATION("CONNACK with a session, where none was kept") : NULL;
}

/* A broker without the session has forgotten what it received, on both sides. */
static void resume_session(struct mqtt_client *client, bool session_present)
{
    struct outbox *outbox = &client->outbox;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (!exchange_resumes(r->exchange, session_present))
            outbox_remove(outbox, r);
    if (!session_present)
        received_clear(&client->received);
}

static void go_online(struct mqtt_client *client, uint64_t now_ms)
{
    client->state = MQTT_IS_CONNECTED;
    client->last_sent_ms = now_ms;
    client->progress_ms = client_answer_clock(client, now_ms);
}

static bool on_connack(struct mqtt_client *client, const struct mqtt_packet *connack,
                       uint64_t now_ms, struct mqtt_event *event)
{
    uint8_t code = connack->return_code;
    const char *fault = check_connack(client, connack);
    if (fault != NULL) {
        client_hang_up_on_peer(client, fault);
        return false;
    }
    if (code != 0) {
        client_hang_up(client, (struct imqtt_failure){IMQTT_STAGE_CONNACK, code, refusals[code]});
        return false;
    }
    bool session_present = session_is_present(client, connack);
    resume_session(client, session_present);
    go_online(client, now_ms);
    *event = (struct mqtt_event){
        .kind = MQTT_CONNECTED, .session_present = session_present, .failure = CLIENT_NO_FAILURE};
    return true;
}

/* ---- answers to requests -------------------------------------------------------------------- */

/* The broker did not hear, or forgot, that this exchange is over: the protocol goes on. */
static void answer_unknown(struct mqtt_client *client, const struct mqtt_packet *packet)
{
    if (packet->type == MQTT_PUBREC)
        client_put_answer(client, MQTT_PUBREL, packet->packet_id);
}

static size_t count_filters(struct request *request)
{
    struct span filters = client_filters(request), filter;
    size_t count = 0;
    uint8_t qos;
    while (packet_take_filter(&filters, request->type == MQTT_SUBSCRIBE, &filter, &qos))
        count++;
    return count;
}

/* What was written to an earlier link may be answered before it is repeated. */
static bool was_written(const struct mqtt_client *client, struct request *request)
{
    return client_was_taken(client, request->position) || request->exchange == EXCHANGE_RELEASED ||
           (request_packet(request)[0] & MQTT_DUP) != 0;
}

static enum exchange_verdict judge(const struct mqtt_client *client, struct request *request,
                                   const struct mqtt_packet *packet)
{
    if (!was_written(client, request))
        return EXCHANGE_FORBIDDEN;
    if (packet->type == MQTT_SUBACK && request->type == MQTT_SUBSCRIBE &&
        packet->codes.count != count_filters(request))
        return EXCHANGE_FORBIDDEN;
    return exchange_answer(request->type, request->qos, request->exchange, packet->type);
}

/* If the request still waits to be repeated, PUBREL goes out at its turn instead. */
static void release(struct mqtt_client *client, struct request *request)
{
    request->exchange = EXCHANGE_RELEASED;
    outbox_shrink(&client->outbox, request);
    if (request->position != REQUEST_NOT_SENT)
        client_put_answer(client, MQTT_PUBREL, request->packet_id);
}

/* A publish that was reported as late has had its event; a subscription list still wants to know.
 */
static bool complete(struct mqtt_client *client, struct request *request,
                     const struct mqtt_packet *packet, struct mqtt_event *event)
{
    if (request->reported && request->type == MQTT_PUBLISH) {
        client_finish(client, request);
        return false;
    }
    client_report_answer(client, request, event);
    event->codes = packet->codes;
    return true;
}

static bool complete_early(struct mqtt_client *client, struct request *request,
                           struct mqtt_event *event)
{
    *event = (struct mqtt_event){.kind = MQTT_QOS2_PUBACK,
                                 .packet_id = request->packet_id,
                                 .qos = request->qos,
                                 .tag = request->tag,
                                 .failure = CLIENT_NO_FAILURE};
    if (request->reported)
        client_finish(client, request);
    else
        client->early_id = request->packet_id;
    return true;
}

static bool on_answer(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now_ms,
                      struct mqtt_event *event)
{
    struct request *request = outbox_find(&client->outbox, packet->packet_id);
    client->progress_ms = client_answer_clock(client, now_ms);
    if (request == NULL) {
        answer_unknown(client, packet);
        return false;
    }
    switch (judge(client, request, packet)) {
    case EXCHANGE_COMPLETE:
        return complete(client, request, packet, event);
    case EXCHANGE_COMPLETE_EARLY:
        return complete_early(client, request, event);
    case EXCHANGE_RELEASE:
        release(client, request);
        return false;
    case EXCHANGE_FORBIDDEN:
        break;
    }
    client_hang_up_on_peer(client, VIOLATION("an answer that does not fit its request"));
    return false;
}

/* ---- messages ------------------------------------------------------------------------------- */

static enum mqtt_event_kind kind_of_message(const struct mqtt_packet *publish)
{
    return publish->is_drained ? MQTT_MESSAGE_TOO_LARGE : MQTT_MESSAGE;
}

static bool on_publish(struct mqtt_client *client, const struct mqtt_packet *publish,
                       struct mqtt_event *event)
{
    bool again = publish->qos == 2 && received_has(&client->received, publish->packet_id);
    if (publish->qos == 2 && !again && !received_add(&client->received, publish->packet_id)) {
        client_hang_up_on_peer(client, "too many QoS 2 messages without PUBREL");
        return false;
    }
    *event = (struct mqtt_event){
        .kind = again ? MQTT_MESSAGE_AGAIN : kind_of_message(publish),
        .packet_id = publish->packet_id,
        .qos = publish->qos,
        .topic = publish->topic,
        .payload = publish->payload,
        .payload_bytes = publish->payload_bytes,
        .failure = CLIENT_NO_FAILURE,
    };
    return true;
}

static void on_pubrel(struct mqtt_client *client, uint16_t packet_id)
{
    received_remove(&client->received, packet_id);
    client_put_answer(client, MQTT_PUBCOMP, packet_id);
}

void mqtt_client_acknowledge(struct mqtt_client *client, uint16_t packet_id, uint8_t qos)
{
    if (qos > 0)
        client_put_answer(client, exchange_acknowledgement(qos), packet_id);
}

/* ---- all packets ---------------------------------------------------------------------------- */

static bool on_packet(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now_ms,
                      struct mqtt_event *event)
{
    switch (packet->type) {
    case MQTT_PUBLISH:
        return on_publish(client, packet, event);
    case MQTT_CONNACK:
        return on_connack(client, packet, now_ms, event);
    case MQTT_PUBREL:
        on_pubrel(client, packet->packet_id);
        return false;
    case MQTT_PINGRESP:
        client->awaits_pingresp = false;
        return false;
    default:
        return on_answer(client, packet, now_ms, event);
    }
}

static bool is_reading(const struct mqtt_client *client)
{
    return client->state >= MQTT_CONNECTING && !client->has_ended;
}

bool mqtt_client_read(struct mqtt_client *client, struct span *in, uint64_t now_ms,
                      struct mqtt_event *event)
{
    struct mqtt_packet packet;
    if (client->early_id != 0) {
        client_report_early(client, event);
        return true;
    }
    while (is_reading(client) && in->count > 0 && !mqtt_client_is_backed_up(client)) {
        client->last_received_ms = now_ms;
        enum reader_result result = reader_take(&client->reader, in, &packet);
        if (result == READER_FAULT)
            client_hang_up_on_peer(client, client->reader.fault);
        if (result == READER_PACKET && on_packet(client, &packet, now_ms, event))
            return true;
    }
    if (!is_reading(client)) /* nothing that follows the end of a link is looked at */
        *in = SPAN_EMPTY;
    return false;
}
