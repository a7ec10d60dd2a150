#include "core/dialect/module/requests.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

static bool is_connected(const struct broker_link *link)
{
    return link != NULL && broker_link_is_connected(link);
}

static void mark_and_commit(struct imqtt_modem *modem, struct mqtt_client *mqtt,
                            const struct request_mark *mark)
{
    mqtt_client_mark(mqtt, mark->tag, mark->label, mark->timeout_ms);
    mqtt_client_commit(mqtt, modem->now_ms);
}

enum imqtt_status request_publish(struct imqtt_modem *modem, struct broker_link *link,
                                  const struct publish_params *params,
                                  const struct request_mark *mark, struct span payload)
{
    struct mqtt_publish publish = {.qos = params->qos,
                                   .retained = params->retained,
                                   .topic_bytes = text_bytes(params->topic),
                                   .payload_bytes = payload.count};
    struct mqtt_draft draft;
    if (!is_connected(link) || !connection_takes_publish(link, params->qos, params->retained))
        return IMQTT_NOT_ALLOWED;
    if (!mqtt_client_begin_publish(&link->mqtt, &publish, &draft))
        return connection_no_room(link, modem->now_ms);
    text_put(params->topic, &draft.topic);
    out_span(&draft.payload, payload);
    mark_and_commit(modem, &link->mqtt, mark);
    return IMQTT_DONE;
}

/* ---- topic filters -------------------------------------------------------------------------- */

void filter_list_take(struct filter_list *list, struct params *params)
{
    if (list->count == IMQTT_SUBSCRIBE_TOPICS) {
        params_fail(params, IMQTT_BAD_PARAMETERS);
        return;
    }
    list->topics[list->count].filter = take_topic_filter(params);
    if (list->has_qos)
        list->topics[list->count].qos = (uint8_t)params_number(params, 0, 2);
    list->count++;
}

static size_t text_bytes_of(const struct filter_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += text_bytes(list->topics[i].filter);
    return bytes;
}

static size_t packet_bytes_of(const struct filter_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += packet_filter_bytes(text_bytes(list->topics[i].filter), list->has_qos);
    return bytes;
}

static void put_filters(const struct filter_list *list, struct out *packet)
{
    for (size_t i = 0; i < list->count; i++) {
        struct text filter = list->topics[i].filter;
        packet_begin_filter(packet, (uint16_t)text_bytes(filter));
        text_put(filter, packet);
        if (list->has_qos)
            out_u8(packet, list->topics[i].qos);
    }
}

static bool begin(struct broker_link *link, const struct filter_list *list,
                  struct mqtt_draft *draft)
{
    size_t bytes = packet_bytes_of(list);
    return list->has_qos ? mqtt_client_begin_subscribe(&link->mqtt, bytes, draft)
                         : mqtt_client_begin_unsubscribe(&link->mqtt, bytes, draft);
}

enum imqtt_status request_topics(struct imqtt_modem *modem, struct broker_link *link,
                                 const struct filter_list *list, const struct request_mark *mark)
{
    struct mqtt_draft draft;
    if (!is_connected(link))
        return IMQTT_NOT_ALLOWED;
    if (list->has_qos &&
        !subscriptions_have_room(&link->subscriptions, list->count, text_bytes_of(list)))
        return IMQTT_UNKNOWN_ERROR;
    if (!begin(link, list, &draft))
        return connection_no_room(link, modem->now_ms);
    put_filters(list, &draft.payload);
    mark_and_commit(modem, &link->mqtt, mark);
    return IMQTT_DONE;
}

#endif
