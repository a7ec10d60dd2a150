#include "core/mqtt/request_answers.h"
#include "core/mqtt/wire/violation.h"

static size_t count_filters(struct request *request)
{
    struct span filters = request_filters(request), filter;
    size_t count = 0;
    uint8_t qos;
    while (packet_take_filter(&filters, request->type == MQTT_SUBSCRIBE, &filter, &qos))
        count++;
    return count;
}

/* What was written to an earlier link may be answered before it is repeated. */
static bool was_written(const struct mqtt_link *link, struct request *request)
{
    return request->exchange == EXCHANGE_RELEASED || link_was_taken(link, request->position) ||
           (request_packet(request)[0] & MQTT_DUP) != 0;
}

static enum exchange_verdict judge(const struct mqtt_link *link, struct request *request,
                                   const struct mqtt_packet *answer)
{
    if (!was_written(link, request))
        return EXCHANGE_FORBIDDEN;
    if (answer->type == MQTT_SUBACK && request->type == MQTT_SUBSCRIBE &&
        answer->codes.count != count_filters(request))
        return EXCHANGE_FORBIDDEN;
    return exchange_answer(request->type, request->qos, request->exchange, answer->type);
}

/* A publish that was reported as late has had its event; a subscription list still wants to know.
 */
static bool complete(struct delivery *delivery, struct request *request,
                     const struct mqtt_packet *answer, struct mqtt_event *event)
{
    if (request->reported && request->type == MQTT_PUBLISH) {
        delivery_finish(delivery, request);
        return false;
    }
    request_report_answer(delivery, request, event);
    event->codes = answer->codes;
    return true;
}

static bool complete_early(struct delivery *delivery, struct request *request,
                           struct mqtt_event *event)
{
    *event = (struct mqtt_event){.kind = MQTT_QOS2_PUBACK,
                                 .packet_id = request->packet_id,
                                 .qos = request->qos,
                                 .tag = request->tag,
                                 .failure = MQTT_NO_FAILURE};
    if (request->reported)
        delivery_finish(delivery, request);
    else
        delivery->early_id = request->packet_id;
    return true;
}

static bool advance(struct delivery *delivery, struct mqtt_link *link, struct request *request,
                    const struct mqtt_packet *answer, struct mqtt_event *event)
{
    switch (judge(link, request, answer)) {
    case EXCHANGE_COMPLETE:
        return complete(delivery, request, answer, event);
    case EXCHANGE_COMPLETE_EARLY:
        return complete_early(delivery, request, event);
    case EXCHANGE_RELEASE:
        delivery_release(delivery, link, request);
        return false;
    case EXCHANGE_FORBIDDEN:
        break;
    }
    link_hang_up_on_peer(link, VIOLATION("an answer that does not fit its request"));
    return false;
}

bool answers_take(struct delivery *delivery, struct mqtt_link *link,
                  const struct mqtt_packet *answer, uint64_t clock_ms, struct mqtt_event *event)
{
    struct request *request = outbox_find(&delivery->outbox, answer->packet_id);
    if (request == NULL) {
        /* The broker did not hear, or forgot, that this exchange is over: the protocol goes on. */
        if (answer->type == MQTT_PUBREC)
            link_put_answer(link, MQTT_PUBREL, answer->packet_id);
        return false;
    }
    bool is_repeated = answer->type == MQTT_PUBREC && request->exchange == EXCHANGE_RELEASED;
    if (!is_repeated)
        delivery->progress_ms = clock_ms;
    return advance(delivery, link, request, answer, event);
}
