/* subscribe_commands.c: AT+IMQTTSUB and UNSUB (M2.9, M2.10). */
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

/* The manual's range for a subscription, and MQTT's (commands.md section 8). */
enum { MANUAL_QOS_MAX = 1, WIDE_QOS_MAX = 2 };

struct subscribe_params {
    size_t count;
    struct {
        struct text filter;
        uint8_t qos;
    } topics[IMQTT_SUBSCRIBE_TOPICS];
    size_t text_bytes;   /* of all filters */
    size_t packet_bytes; /* with lengths and QoS, as SUBSCRIBE carries them */
};

static void take_topics(struct params *params, uint8_t qos_max, struct subscribe_params *to)
{
    do {
        if (to->count == IMQTT_SUBSCRIBE_TOPICS) {
            params_fail(params, IMQTT_BAD_PARAMETERS);
            return;
        }
        struct text filter = take_topic_filter(params);
        to->topics[to->count].filter = filter;
        to->topics[to->count].qos = (uint8_t)params_number(params, 0, qos_max);
        to->text_bytes += text_bytes(filter);
        to->packet_bytes += packet_filter_bytes(text_bytes(filter), true);
        to->count++;
    } while (params_more(params));
}

static void put_filter(struct out *packet, struct text filter)
{
    packet_begin_filter(packet, (uint16_t)text_bytes(filter));
    text_put(filter, packet);
}

static enum imqtt_status subscribe(struct imqtt_modem *modem, const struct subscribe_params *wanted)
{
    struct mqtt_draft draft;
    if (!subscriptions_have_room(&modem->link->subscriptions, wanted->count, wanted->text_bytes))
        return IMQTT_UNKNOWN_ERROR;
    if (!mqtt_client_begin_subscribe(&modem->link->mqtt, wanted->packet_bytes, &draft))
        return connection_no_room(modem->link, modem->now_ms);
    for (size_t i = 0; i < wanted->count; i++) {
        put_filter(&draft.payload, wanted->topics[i].filter);
        out_u8(&draft.payload, wanted->topics[i].qos);
    }
    mqtt_client_commit(&modem->link->mqtt, modem->now_ms);
    return IMQTT_DONE;
}

enum imqtt_status subscribe_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    bool is_wide = modem->settings.factory.wide_limits;
    struct subscribe_params wanted = {.count = 0};
    take_topics(params, is_wide ? WIDE_QOS_MAX : MANUAL_QOS_MAX, &wanted);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = modem_is_connected(modem) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
    if (status == IMQTT_DONE)
        status = subscribe(modem, &wanted);
    return status;
}

static struct out begin_topic_line(struct imqtt_modem *modem, const char *name, struct span topic)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, name);
    quoting_put_string(&line, topic);
    out_u8(&line, ',');
    return line;
}

enum imqtt_status subscribe_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span rest = subscriptions_all(&modem->link->subscriptions), filter;
    uint8_t granted_qos;
    enum imqtt_status status = IMQTT_DONE;
    while (status == IMQTT_DONE && subscriptions_next(&rest, &filter, &granted_qos)) {
        struct out line = begin_topic_line(modem, "+IMQTTSUB:", filter);
        out_decimal(&line, granted_qos);
        status = modem_end_line(modem, &line);
    }
    return status;
}

enum imqtt_status unsubscribe_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct text filter = take_topic_filter(params);
    struct mqtt_draft draft;
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = modem_is_connected(modem) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
    if (status != IMQTT_DONE)
        return status;
    size_t bytes = packet_filter_bytes(text_bytes(filter), false);
    if (!mqtt_client_begin_unsubscribe(&modem->link->mqtt, bytes, &draft))
        return connection_no_room(modem->link, modem->now_ms);
    put_filter(&draft.payload, filter);
    mqtt_client_commit(&modem->link->mqtt, modem->now_ms);
    return IMQTT_DONE;
}

enum imqtt_status unsubscribe_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct recall_numbers *last = &modem->link->recall.numbers[RECALL_UNSUB];
    if (!last->known)
        return IMQTT_DONE;
    struct out line =
        begin_topic_line(modem, "+IMQTTUNSUB:", recall_topic(&modem->link->recall, RECALL_UNSUB));
    out_decimal(&line, last->status);
    return modem_end_line(modem, &line);
}
