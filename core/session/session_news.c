#include "core/session/session_news.h"

static void name_broker(const struct broker_link *link, struct imqtt_news *told)
{
    told->host = link->target.host;
    told->port = link->target.port;
    told->tls = link->target.tls;
}

static void name_topic(struct imqtt_news *told, struct span topic)
{
    told->topic = topic.bytes;
    told->topic_bytes = topic.count;
}

_Static_assert(IMQTT_NEWS_KIND_COUNT <= 32, "a set of kinds has a bit for each");

void session_news_complete(struct imqtt_news_port *port)
{
    static const uint32_t none = 0, all = UINT32_MAX;
    if (port->tell == NULL)
        port->kinds = &none;
    else if (port->kinds == NULL)
        port->kinds = &all;
}

void session_news_pass(const struct imqtt_news_port *port, const struct imqtt_news *news)
{
    if (session_news_is_wanted(port, news->kind) || news->failure.stage != IMQTT_STAGE_NONE)
        port->tell(port->context, news);
}

static void tell(const struct imqtt_news_port *port, const struct broker_link *link,
                 struct imqtt_news *told)
{
#if IMQTT_CLIENTS > 1
    told->client = link->number;
#else
    (void)link;
#endif
    session_news_pass(port, told);
}

static uint32_t took_ms_of(const struct broker_link *link, const struct mqtt_event *event,
                           uint64_t now_ms)
{
    return mqtt_client_took_ms(&link->mqtt, event, now_ms);
}

static void tell_warning(const struct session_news *news, const struct broker_link *link,
                         const struct imqtt_news_port *port)
{
    struct imqtt_news told = {
        .kind = IMQTT_NEWS_WARNING, .text = news->warning, .number = news->number};
    tell(port, link, &told);
}

static void tell_connection(enum imqtt_news_kind kind, const struct session_news *news,
                            const struct broker_link *link, uint64_t now_ms,
                            const struct imqtt_news_port *port)
{
    struct imqtt_news told = {.kind = kind,
                              .session_present = news->event->session_present,
                              .failure = news->event->failure};
    bool ends_attempt = kind == IMQTT_NEWS_CONNECTED || kind == IMQTT_NEWS_REFUSED;
    name_broker(link, &told);
    told.took_ms = ends_attempt ? (uint32_t)(now_ms - link->begun_ms) : 0;
    tell(port, link, &told);
}

/* What failed says at which broker; a request that was done does not. */
static void name_failure(const struct broker_link *link, const struct imqtt_failure *failure,
                         struct imqtt_news *told)
{
    told->failure = *failure;
    name_broker(link, told);
}

static void tell_published(const struct mqtt_event *event, const struct broker_link *link,
                           uint64_t now_ms, const struct imqtt_news_port *port)
{
    struct imqtt_news told = {.kind = IMQTT_NEWS_PUBLISHED,
                              .packet_id = event->packet_id,
                              .qos = event->qos,
                              .bytes = event->payload_bytes,
                              .took_ms = took_ms_of(link, event, now_ms)};
    if (!event->acknowledged)
        name_failure(link, &event->failure, &told);
    tell(port, link, &told);
}

static void tell_subscribed(const struct mqtt_event *event, const struct broker_link *link,
                            uint32_t took_ms, const struct imqtt_news_port *port)
{
    static const struct imqtt_failure refused = {IMQTT_STAGE_REQUEST, MQTT_REFUSED,
                                                 "subscription refused by the broker"};
    struct span filters = event->filters, codes = event->codes, filter;
    uint8_t asked;
    while (packet_take_filter(&filters, true, &filter, &asked)) {
        struct imqtt_news told = {.kind = IMQTT_NEWS_SUBSCRIBED,
                                  .packet_id = event->packet_id,
                                  .qos = MQTT_REFUSED,
                                  .took_ms = took_ms};
        span_take_u8(&codes, &told.qos);
        name_topic(&told, filter);
        if (!event->acknowledged)
            name_failure(link, &event->failure, &told);
        else if (told.qos == MQTT_REFUSED)
            name_failure(link, &refused, &told);
        tell(port, link, &told);
    }
}

static void tell_unsubscribed(const struct mqtt_event *event, const struct broker_link *link,
                              uint32_t took_ms, const struct imqtt_news_port *port)
{
    struct span filters = event->filters, filter;
    uint8_t unused;
    struct imqtt_news told = {
        .kind = IMQTT_NEWS_UNSUBSCRIBED, .packet_id = event->packet_id, .took_ms = took_ms};
    if (!event->acknowledged)
        name_failure(link, &event->failure, &told);
    while (packet_take_filter(&filters, false, &filter, &unused)) {
        name_topic(&told, filter);
        tell(port, link, &told);
    }
}

static void tell_message(enum imqtt_news_kind kind, const struct session_news *news,
                         const struct broker_link *link, const struct imqtt_news_port *port)
{
    const struct mqtt_event *event = news->event;
    struct imqtt_news told = {.kind = kind,
                              .packet_id = event->packet_id,
                              .qos = event->qos,
                              .bytes = event->payload_bytes,
                              .text = news->warning,
                              .number = news->number};
    if (kind == IMQTT_NEWS_RECEIVED)
        name_topic(&told, event->topic);
    tell(port, link, &told);
}

static const enum imqtt_news_kind connection_news[] = {
    [SESSION_CONNECTED] = IMQTT_NEWS_CONNECTED,
    [SESSION_REFUSED] = IMQTT_NEWS_REFUSED,
    [SESSION_LOST] = IMQTT_NEWS_LOST,
    [SESSION_DISCONNECTED] = IMQTT_NEWS_DISCONNECTED,
};

void session_news_tell(const struct session_news *news, const struct broker_link *link,
                       uint64_t now_ms, const struct imqtt_news_port *port)
{
    switch (news->kind) {
    case SESSION_CONNECTED:
    case SESSION_REFUSED:
    case SESSION_LOST:
    case SESSION_DISCONNECTED:
        tell_connection(connection_news[news->kind], news, link, now_ms, port);
        break;
    case SESSION_PUBLISHED:
        tell_published(news->event, link, now_ms, port);
        break;
    case SESSION_SUBSCRIBED:
        tell_subscribed(news->event, link, took_ms_of(link, news->event, now_ms), port);
        break;
    case SESSION_UNSUBSCRIBED:
        tell_unsubscribed(news->event, link, took_ms_of(link, news->event, now_ms), port);
        break;
    case SESSION_MESSAGE:
    case SESSION_BUFFERED:
        if (session_news_is_wanted(port, IMQTT_NEWS_RECEIVED))
            tell_message(IMQTT_NEWS_RECEIVED, news, link, port);
        return;
    case SESSION_DROPPED:
        tell_message(IMQTT_NEWS_DROPPED, news, link, port);
        return;
    case SESSION_SHOWN_BEFORE:
    case SESSION_REMARK:
#if IMQTT_WITH_DIALECTS
    case SESSION_OPENED:
#endif
        break;
    }
    if (news->warning != NULL)
        tell_warning(news, link, port);
}
