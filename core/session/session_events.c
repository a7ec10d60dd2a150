#include "core/session/session_events.h"
#include "core/bytes/utf8.h"
#include "core/settings/setting_list.h"

/* ---- connection ---------------------------------------------------------------------------- */

static void note_reached(struct broker_link *link, struct session_news *news, enum mqtt_state state)
{
#if IMQTT_WITH_DIALECTS
    news->before = link->reached;
    link->reached = state;
#else
    (void)link, (void)news, (void)state;
#endif
}

static void connected(struct broker_link *link, const struct mqtt_event *event,
                      struct session_news *news)
{
    diagnosis_set(&link->diagnosis, &event->failure);
    if (!event->session_present || !mqtt_client_resumes(&link->mqtt))
        subscriptions_clear(&link->subscriptions);
    link->is_up = true;
    note_reached(link, news, MQTT_ONLINE);
    news->kind = SESSION_CONNECTED;
}

#if IMQTT_WITH_DIALECTS
static void opened(struct broker_link *link, struct session_news *news)
{
    link->reached = MQTT_OPENED;
    news->kind = SESSION_OPENED;
}
#endif

static enum session_news_kind end_of(const struct broker_link *link, const struct mqtt_event *event)
{
    if (event->failure.stage == IMQTT_STAGE_NONE)
        return SESSION_DISCONNECTED;
    return link->is_up ? SESSION_LOST : SESSION_REFUSED;
}

static void disconnected(struct broker_link *link, const struct mqtt_event *event,
                         struct session_news *news)
{
    diagnosis_set(&link->diagnosis, &event->failure);
    receipts_clear(&link->receipts); /* the broker sends again what it was not told about */
    if (link->clean_session)
        subscriptions_clear(&link->subscriptions);
    note_reached(link, news, MQTT_IDLE);
    news->kind = end_of(link, event);
    link->is_up = false;
}

/* ---- requests ------------------------------------------------------------------------------ */

static void warn(struct session_news *news, const char *warning, uint32_t number)
{
    if (!IMQTT_WITH_NEWS)
        return;
    news->warning = warning;
    news->number = number;
}

static void diagnose_request(struct broker_link *link, const struct mqtt_event *event)
{
    if (event->acknowledged)
        diagnosis_clear(&link->diagnosis);
    else
        diagnosis_set(&link->diagnosis, &event->failure);
}

static void published(struct broker_link *link, const struct mqtt_event *event,
                      struct session_news *news)
{
    diagnose_request(link, event);
    news->kind = SESSION_PUBLISHED;
}

static void keep_granted(struct broker_link *link, const struct mqtt_event *event,
                         struct session_news *news)
{
    static const struct imqtt_failure refused = {IMQTT_STAGE_REQUEST, MQTT_REFUSED,
                                                 "subscription refused by the broker"};
    struct span filters = event->filters, codes = event->codes, filter;
    uint8_t qos, code;
    while (packet_take_filter(&filters, true, &filter, &qos) && span_take_u8(&codes, &code)) {
        if (code == MQTT_REFUSED)
            diagnosis_set(&link->diagnosis, &refused);
        else if (!subscriptions_add(&link->subscriptions, filter, code))
            warn(news, "the memory port refused, purpose", IMQTT_MEMORY_SUBSCRIPTIONS);
    }
}

static void subscribed(struct broker_link *link, const struct mqtt_event *event,
                       struct session_news *news)
{
    if (!event->reported)
        diagnose_request(link, event);
    keep_granted(link, event, news);
    news->kind = SESSION_SUBSCRIBED;
    news->is_known = event->reported;
}

/* Those behind the first: in the commands of other makers' dialects. */
static void remove_others(struct broker_link *link, struct span filters)
{
#if IMQTT_WITH_DIALECTS
    struct span filter;
    uint8_t unused;
    while (packet_take_filter(&filters, false, &filter, &unused))
        subscriptions_remove(&link->subscriptions, filter);
#else
    (void)link, (void)filters;
#endif
}

static void unsubscribed(struct broker_link *link, const struct mqtt_event *event,
                         struct session_news *news)
{
    struct span filters = event->filters, filter = SPAN_EMPTY;
    uint8_t unused;
    packet_take_filter(&filters, false, &filter, &unused);
    if (event->acknowledged) {
        subscriptions_remove(&link->subscriptions, filter);
        remove_others(link, filters);
    }
    news->kind = SESSION_UNSUBSCRIBED;
    news->is_known = event->reported;
    if (event->reported)
        return;
    struct recall_numbers numbers = {.status = event->acknowledged ? 0 : -1};
    recall_keep(&link->recall, RECALL_UNSUB, &numbers, filter, SPAN_EMPTY);
    diagnose_request(link, event);
}

/* ---- inbound messages ---------------------------------------------------------------------- */

void session_message_shown(struct broker_link *link, const struct mqtt_event *event, uint32_t urc)
{
    struct receipt receipt = {urc, event->packet_id, event->qos};
    if (event->qos > 0 && !receipts_add(&link->receipts, &receipt))
        mqtt_client_acknowledge(&link->mqtt, event->packet_id, event->qos);
}

/* The terminal need not take anything for it, but those before it come first [MQTT-4.6.0-2]. */
static void acknowledge(struct broker_link *link, const struct mqtt_event *event)
{
    session_message_shown(link, event, 0);
}

static void refuse(struct broker_link *link, const struct mqtt_event *event, uint32_t bytes,
                   struct session_news *news)
{
    static const struct imqtt_failure too_large = {
        IMQTT_STAGE_PEER, 0, "a message larger than this modem takes was dropped"};
    diagnosis_set(&link->diagnosis, &too_large);
    acknowledge(link, event);
    news->kind = SESSION_DROPPED;
    warn(news, "inbound message drained: larger than this modem takes, bytes", bytes);
}

void session_message_refused(struct broker_link *link, const struct mqtt_event *event,
                             struct session_news *news)
{
    refuse(link, event, (uint32_t)event->payload.count, news);
}

static void buffer_message(struct broker_link *link, const struct mqtt_event *event,
                           struct session_news *news)
{
    struct message message = {event->packet_id, event->topic, event->payload};
    bool is_kept = inbox_put(&link->inbox, &message);
    news->waiting = link->inbox.count;
    news->kind = is_kept ? SESSION_BUFFERED : SESSION_DROPPED;
    acknowledge(link, event);
#if IMQTT_WITH_DIALECTS
    if (is_kept)
        news->slot = inbox_give_slot(&link->inbox);
#endif
    if (is_kept)
        return;
    news->is_first_full = inbox_note_full(&link->inbox);
    warn(news, "inbound message dropped: the receive buffer is full", link->inbox.count);
}

static bool is_buffered(const struct broker_link *link, uint8_t receive_mode)
{
#if IMQTT_WITH_DIALECTS
    if (link->slots > 0)
        return true;
#endif
    (void)link;
    return receive_mode == RECEIVE_BUFFERED;
}

static void take_message(struct broker_link *link, const struct mqtt_event *event,
                         uint8_t receive_mode, struct session_news *news)
{
    if (utf8_has_line_break(event->topic)) {
        acknowledge(link, event);
        news->kind = SESSION_DROPPED;
        warn(news, "inbound message dropped: control byte in its topic", event->packet_id);
    } else if (is_buffered(link, receive_mode)) {
        buffer_message(link, event, news);
    } else {
        news->kind = SESSION_MESSAGE;
    }
}

static void note_puback(const struct mqtt_event *event, struct session_news *news)
{
    warn(news, "broker answered a QoS 2 publish with PUBACK; taken as done, id", event->packet_id);
}

static void take(struct broker_link *link, const struct mqtt_event *event, uint8_t receive_mode,
                 struct session_news *news)
{
    switch (event->kind) {
    case MQTT_CONNECTED:
        connected(link, event, news);
        break;
    case MQTT_DISCONNECTED:
        disconnected(link, event, news);
        break;
    case MQTT_PUBLISHED:
        published(link, event, news);
        break;
    case MQTT_SUBSCRIBED:
        subscribed(link, event, news);
        break;
    case MQTT_UNSUBSCRIBED:
        unsubscribed(link, event, news);
        break;
    case MQTT_MESSAGE:
        take_message(link, event, receive_mode, news);
        break;
    case MQTT_MESSAGE_AGAIN:
        news->kind = SESSION_SHOWN_BEFORE;
        break;
    case MQTT_MESSAGE_TOO_LARGE:
        refuse(link, event, event->payload_bytes, news);
        break;
    case MQTT_QOS2_PUBACK:
        note_puback(event, news);
        break;
#if IMQTT_WITH_DIALECTS
    case MQTT_NETWORK_OPENED:
        opened(link, news);
        break;
#endif
    }
}

void session_take_event(struct broker_link *link, const struct mqtt_event *event,
                        uint8_t receive_mode, struct session_news *news)
{
    *news = (struct session_news){.kind = SESSION_REMARK, .event = event};
#if IMQTT_WITH_DIALECTS
    news->link = link;
#endif
    take(link, event, receive_mode, news);
}

void session_acknowledge(struct broker_link *link, uint32_t taken)
{
    struct receipt due;
    while (receipts_take_due(&link->receipts, taken, &due))
        mqtt_client_acknowledge(&link->mqtt, due.packet_id, due.qos);
}
