#include "core/mqtt/client_private.h"

/* ---- one request ---------------------------------------------------------------------------- */

static enum mqtt_event_kind event_of(const struct request *request)
{
    if (request->type == MQTT_PUBLISH)
        return MQTT_PUBLISHED;
    return request->type == MQTT_SUBSCRIBE ? MQTT_SUBSCRIBED : MQTT_UNSUBSCRIBED;
}

/* Behind the fixed header, which ends with the first length byte under 0x80, and the packet id. */
struct span client_filters(struct request *request)
{
    struct span rest = span_of(request_packet(request), request->packet_bytes);
    uint8_t byte;
    span_skip(&rest, 1);
    while (span_take_u8(&rest, &byte) && byte >= 0x80)
        ;
    span_skip(&rest, 2);
    return rest;
}

static void report(struct request *request, bool acknowledged, struct imqtt_failure failure,
                   struct mqtt_event *event)
{
    *event = (struct mqtt_event){
        .kind = event_of(request),
        .packet_id = request->packet_id,
        .qos = request->qos,
        .tag = request->tag,
        .acknowledged = acknowledged,
        .reported = request->reported,
        .due_ms = request->due_ms,
        .failure = failure,
    };
    if (request->type != MQTT_PUBLISH)
        event->filters = client_filters(request);
    request->reported = true;
}

void client_finish(struct mqtt_client *client, struct request *request)
{
    if (client_counts_in_window(request) && request->position != REQUEST_NOT_SENT)
        client->unanswered--;
    outbox_remove(&client->outbox, request);
}

void client_report_answer(struct mqtt_client *client, struct request *request,
                          struct mqtt_event *event)
{
    report(request, true, CLIENT_NO_FAILURE, event);
    client_finish(client, request);
}

void client_report_early(struct mqtt_client *client, struct mqtt_event *event)
{
    struct request *request = outbox_find(&client->outbox, client->early_id);
    client->early_id = 0;
    client_report_answer(client, request, event);
}

/* ---- written -------------------------------------------------------------------------------- */

/* The moment a request was written starts its time; with QoS 0 it is the end. */
bool client_next_written(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    struct request *request;
    while ((request = outbox_at(&client->outbox, OUTBOX_UNWRITTEN)) != NULL &&
           client_was_taken(client, request->position)) {
        outbox_pass(&client->outbox, OUTBOX_UNWRITTEN, request);
        request->due_ms = client_answer_clock(client, now_ms) + client->request_timeout_ms;
        if (request->packet_id == 0) {
            client_report_answer(client, request, event);
            return true;
        }
    }
    return false;
}

/* ---- late ----------------------------------------------------------------------------------- */

static const char *late_text(const struct request *request)
{
    if (request->position == REQUEST_NOT_SENT)
        return "not sent in time: the requests before it are unanswered";
    if (request->type == MQTT_SUBSCRIBE)
        return "no SUBACK in time";
    if (request->type == MQTT_UNSUBSCRIBE)
        return "no UNSUBACK in time";
    if (request->qos == 1)
        return "no PUBACK in time";
    return request->exchange == EXCHANGE_RELEASED ? "no PUBCOMP in time" : "no PUBREC in time";
}

struct request *client_unreported(const struct mqtt_client *client)
{
    struct request *request = outbox_at(&client->outbox, OUTBOX_UNREPORTED);
    while (request != NULL && request->reported)
        request = outbox_after(&client->outbox, request);
    return request;
}

/* The same, and what was walked over need not be walked over again. */
static struct request *pass_reported(struct mqtt_client *client)
{
    struct request *request;
    while ((request = outbox_at(&client->outbox, OUTBOX_UNREPORTED)) != NULL && request->reported)
        outbox_pass(&client->outbox, OUTBOX_UNREPORTED, request);
    return request;
}

/* A request that is not sent yet is given up when all before it were, and nothing has moved for as
 * long as an answer may take: the window is full of publishes that the broker does not answer. */
static uint64_t stalled_due_ms(const struct mqtt_client *client, const struct request *request)
{
    uint64_t due_ms = client_stall_ms(client);
    if (client->transmit.count > 0)
        return CLIENT_NEVER;
    return due_ms > request->due_ms ? due_ms : request->due_ms;
}

static uint64_t due_ms_of(const struct mqtt_client *client, const struct request *request)
{
    if (request->position == REQUEST_NOT_SENT)
        return stalled_due_ms(client, request);
    return client_was_taken(client, request->position) ? request->due_ms : CLIENT_NEVER;
}

uint64_t client_request_due_ms(const struct mqtt_client *client)
{
    const struct request *request = client_unreported(client);
    return request != NULL ? due_ms_of(client, request) : CLIENT_NEVER;
}

/* A late request that was sent stays: the broker may answer yet, and its id is not free before. One
 * that was not sent stays only if its session is kept. */
static bool outlasts_its_time(const struct mqtt_client *client, const struct request *request)
{
    return request->position != REQUEST_NOT_SENT ||
           (!client->is_clean && exchange_survives(request->type, request->qos));
}

bool client_next_late(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    struct request *request = pass_reported(client);
    if (request == NULL || client_answer_clock(client, now_ms) < due_ms_of(client, request))
        return false;
    struct imqtt_failure failure = {IMQTT_STAGE_REQUEST, 0, late_text(request)};
    report(request, false, failure, event);
    if (!outlasts_its_time(client, request))
        client_finish(client, request);
    else if (client->is_clean && request->type == MQTT_PUBLISH)
        outbox_shrink(&client->outbox, request); /* it is never sent again */
    return true;
}

/* ---- lost ----------------------------------------------------------------------------------- */

static bool was_written_qos0(const struct mqtt_client *client, const struct request *request)
{
    return request->packet_id == 0 && client_was_taken(client, request->position);
}

bool client_next_lost(struct mqtt_client *client, struct mqtt_event *event)
{
    struct request *request = pass_reported(client);
    if (request == NULL)
        return false;
    bool acknowledged = was_written_qos0(client, request);
    report(request, acknowledged, acknowledged ? CLIENT_NO_FAILURE : client->failure, event);
    return true;
}

uint32_t mqtt_client_took_ms(const struct mqtt_client *client, const struct mqtt_event *event,
                             uint64_t now_ms)
{
    uint64_t written_ms = event->due_ms - client->request_timeout_ms;
    uint64_t clock_ms = client_answer_clock(client, now_ms);
    return clock_ms > written_ms ? (uint32_t)(clock_ms - written_ms) : 0;
}
