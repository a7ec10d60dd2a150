#include "core/mqtt/request_events.h"

/* ---- one request ---------------------------------------------------------------------------- */

static enum mqtt_event_kind event_of(const struct request *request)
{
    if (request->type == MQTT_PUBLISH)
        return MQTT_PUBLISHED;
    return request->type == MQTT_SUBSCRIBE ? MQTT_SUBSCRIBED : MQTT_UNSUBSCRIBED;
}

/* Behind the fixed header, which ends with the first length byte under 0x80, and the packet id. */
struct span request_filters(struct request *request)
{
    struct span rest = span_of(request_packet(request), request->packet_bytes);
    uint8_t byte;
    span_skip(&rest, 1);
    while (span_take_u8(&rest, &byte) && byte >= 0x80)
        ;
    span_skip(&rest, 2);
    return rest;
}

static void report(const struct delivery *delivery, struct request *request, bool acknowledged,
                   struct imqtt_failure failure, struct mqtt_event *event)
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
#if IMQTT_WITH_NEWS
    event->payload_bytes = request->payload_bytes;
#endif
#if IMQTT_WITH_DIALECTS
    event->label = request->label;
    if (request->timeout_ms != 0) /* as if it were the connection's: took_ms counts back from it */
        event->due_ms += (uint64_t)delivery->timeout_ms - request->timeout_ms;
#else
    (void)delivery;
#endif
    if (request->type != MQTT_PUBLISH)
        event->filters = request_filters(request);
    request->reported = true;
}

void request_report_answer(struct delivery *delivery, struct request *request,
                           struct mqtt_event *event)
{
    report(delivery, request, true, MQTT_NO_FAILURE, event);
    delivery_finish(delivery, request);
}

void request_report_early(struct delivery *delivery, struct mqtt_event *event)
{
    struct request *request = outbox_find(&delivery->outbox, delivery->early_id);
    delivery->early_id = 0;
    request_report_answer(delivery, request, event);
}

/* ---- written -------------------------------------------------------------------------------- */

/* With QoS 0 it is the end, which was reported if it came late. */
static bool end_written(struct delivery *delivery, struct request *request,
                        struct mqtt_event *event)
{
    if (request->packet_id != 0)
        return false;
    if (request->reported) {
        delivery_finish(delivery, request);
        return false;
    }
    request_report_answer(delivery, request, event);
    return true;
}

/* The moment a request was written starts its time. */
bool request_next_written(struct delivery *delivery, const struct mqtt_link *link,
                          uint64_t clock_ms, struct mqtt_event *event)
{
    struct request *request;
    while ((request = outbox_at(&delivery->outbox, OUTBOX_UNWRITTEN)) != NULL &&
           link_was_taken(link, request->position)) {
        outbox_pass(&delivery->outbox, OUTBOX_UNWRITTEN, request);
        request->due_ms = clock_ms + delivery_timeout_ms(delivery, request);
        delivery->progress_ms = clock_ms;
        if (end_written(delivery, request, event))
            return true;
    }
    return false;
}

/* ---- late ----------------------------------------------------------------------------------- */

static const char *late_text(const struct mqtt_link *link, const struct request *request)
{
    if (request->position == REQUEST_NOT_SENT)
        return "not sent in time: the requests before it are unanswered";
    if (request->exchange == EXCHANGE_RELEASED)
        return "no PUBCOMP in time";
    if (!link_was_taken(link, request->position))
        return "not sent in time: the broker does not read";
    if (request->type == MQTT_SUBSCRIBE)
        return "no SUBACK in time";
    if (request->type == MQTT_UNSUBSCRIBE)
        return "no UNSUBACK in time";
    return request->qos == 1 ? "no PUBACK in time" : "no PUBREC in time";
}

struct request *request_unreported(const struct delivery *delivery)
{
    struct request *request = outbox_at(&delivery->outbox, OUTBOX_UNREPORTED);
    while (request != NULL && request->reported)
        request = outbox_after(&delivery->outbox, request);
    return request;
}

/* The same, and what was walked over need not be walked over again. */
static struct request *pass_reported(struct delivery *delivery)
{
    struct request *request;
    while ((request = outbox_at(&delivery->outbox, OUTBOX_UNREPORTED)) != NULL && request->reported)
        outbox_pass(&delivery->outbox, OUTBOX_UNREPORTED, request);
    return request;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Until it is written, due_ms is the TIMEOUT after it was accepted. */
static uint64_t unwritten_due_ms(const struct delivery *delivery, const struct mqtt_link *link,
                                 const struct request *request)
{
    uint64_t last_ms =
        request->due_ms - delivery_timeout_ms(delivery, request) + IMQTT_QUEUE_TIMEOUT_MS;
    uint64_t stall_ms = delivery_stall_ms(delivery);
    if (link->transmit.count > 0)
        return last_ms;
    return least(last_ms, stall_ms > request->due_ms ? stall_ms : request->due_ms);
}

static uint64_t due_ms_of(const struct delivery *delivery, const struct mqtt_link *link,
                          const struct request *request)
{
    bool is_written =
        request->exchange == EXCHANGE_RELEASED || link_was_taken(link, request->position);
    return is_written ? request->due_ms : unwritten_due_ms(delivery, link, request);
}

/* The one that is late first: the oldest, if all have the same time. */
static struct request *first_due(const struct delivery *delivery, const struct mqtt_link *link,
                                 struct request *oldest)
{
    struct request *first = oldest;
#if IMQTT_WITH_DIALECTS
    if (delivery->have_own_times)
        for (struct request *r = oldest; r != NULL; r = outbox_after(&delivery->outbox, r))
            if (!r->reported && due_ms_of(delivery, link, r) < due_ms_of(delivery, link, first))
                first = r;
#else
    (void)delivery, (void)link;
#endif
    return first;
}

uint64_t request_due_ms(const struct delivery *delivery, const struct mqtt_link *link)
{
    const struct request *request = first_due(delivery, link, request_unreported(delivery));
    return request != NULL ? due_ms_of(delivery, link, request) : ANSWER_CLOCK_NEVER;
}

/* A late request that was sent stays: the broker may answer yet, and its id is not free before. One
 * that was not sent stays only if its session is kept. */
static bool outlasts_its_time(const struct delivery *delivery, const struct request *request)
{
    return request->position != REQUEST_NOT_SENT ||
           (!delivery->is_clean && exchange_survives(request->type, request->qos));
}

bool request_next_late(struct delivery *delivery, const struct mqtt_link *link,
                       struct answer_clock *clock, uint64_t now_ms, struct mqtt_event *event)
{
    struct request *request = first_due(delivery, link, pass_reported(delivery));
    if (request == NULL || !answer_clock_is_past(clock, due_ms_of(delivery, link, request), now_ms))
        return false;
    struct imqtt_failure failure = {IMQTT_STAGE_REQUEST, 0, late_text(link, request)};
    report(delivery, request, false, failure, event);
    if (!outlasts_its_time(delivery, request))
        delivery_finish(delivery, request);
    else if (delivery->is_clean && request->type == MQTT_PUBLISH)
        outbox_shrink(&delivery->outbox, request); /* it is never sent again */
    return true;
}

/* ---- lost ----------------------------------------------------------------------------------- */

static bool was_written_qos0(const struct mqtt_link *link, const struct request *request)
{
    return request->packet_id == 0 && link_was_taken(link, request->position);
}

bool request_next_lost(struct delivery *delivery, const struct mqtt_link *link,
                       struct mqtt_event *event)
{
    struct request *request = pass_reported(delivery);
    if (request == NULL)
        return false;
    bool acknowledged = was_written_qos0(link, request);
    report(delivery, request, acknowledged, acknowledged ? MQTT_NO_FAILURE : link->failure, event);
    return true;
}
