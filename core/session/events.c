#include "core/session/events.h"
#include "core/at/quoting.h"
#include "core/bytes/utf8.h"
#include "core/modem/modem.h"

/* ---- connection ---------------------------------------------------------------------------- */

static void connected(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    diagnosis_clear(&modem->diagnosis);
    if (!event->session_present || !mqtt_client_resumes(&modem->mqtt))
        subscriptions_clear(&modem->subscriptions);
    modem_note(modem, IMQTT_NOTE_CONNECTED, 0);
    modem_report_number(modem, "+IMQTTCONN:", 0);
}

static void disconnected(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    diagnosis_set(&modem->diagnosis, &event->failure);
    receipts_clear(&modem->receipts); /* the broker sends again what it was not told about */
    if (modem->clean_session)
        subscriptions_clear(&modem->subscriptions);
    modem_note(modem, IMQTT_NOTE_CONNECTION_LOST, (uint32_t)event->failure.stage);
    modem_report_number(modem, "+IMQTTCONN:", -1);
}

/* ---- requests ------------------------------------------------------------------------------ */

static void diagnose_request(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    if (event->acknowledged)
        diagnosis_clear(&modem->diagnosis);
    else
        diagnosis_set(&modem->diagnosis, &event->failure);
}

static void published(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    diagnose_request(modem, event);
    const char *name = event->tag == PUBLISHED_BY_PUBEX ? "+IMQTTPUBEX:" : "+IMQTTPUB:";
    modem_report_numbers(modem, name, event->packet_id, event->acknowledged ? 0 : 1);
}

static void report_codes(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct span filters = event->filters, codes = event->codes, filter;
    uint8_t qos;
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, "+IMQTTSUB:");
    out_decimal(&urc, event->packet_id);
    while (packet_take_filter(&filters, true, &filter, &qos)) {
        uint8_t code = MQTT_REFUSED;
        span_take_u8(&codes, &code);
        out_u8(&urc, ',');
        out_decimal(&urc, code);
    }
    urc_end(&modem->urcs, &urc);
}

static void keep_granted(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    static const struct imqtt_failure refused = {IMQTT_STAGE_REQUEST, MQTT_REFUSED,
                                                 "subscription refused by the broker"};
    struct span filters = event->filters, codes = event->codes, filter;
    uint8_t qos, code;
    while (packet_take_filter(&filters, true, &filter, &qos) && span_take_u8(&codes, &code)) {
        if (code == MQTT_REFUSED)
            diagnosis_set(&modem->diagnosis, &refused);
        else if (!subscriptions_add(&modem->subscriptions, filter, code))
            modem_note(modem, IMQTT_NOTE_NO_MEMORY, IMQTT_MEMORY_SUBSCRIPTIONS);
    }
}

static void subscribed(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    if (!event->reported)
        diagnose_request(modem, event);
    keep_granted(modem, event);
    if (!event->reported)
        report_codes(modem, event);
}

static void unsubscribed(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct span filters = event->filters, filter = SPAN_EMPTY;
    uint8_t unused;
    packet_take_filter(&filters, false, &filter, &unused);
    if (event->acknowledged)
        subscriptions_remove(&modem->subscriptions, filter);
    if (event->reported)
        return;
    struct recall_numbers numbers = {.status = event->acknowledged ? 0 : -1};
    recall_keep(&modem->recall, RECALL_UNSUB, &numbers, filter, SPAN_EMPTY);
    diagnose_request(modem, event);
    modem_report_numbers(modem, "+IMQTTUNSUB:", event->packet_id, numbers.status);
}

/* ---- inbound messages ---------------------------------------------------------------------- */

static void keep_receipt(struct imqtt_modem *modem, const struct mqtt_event *event,
                         uint64_t position, bool queued)
{
    struct receipt receipt = {position, event->packet_id, event->qos, queued};
    if (event->qos > 0 && !receipts_add(&modem->receipts, &receipt))
        mqtt_client_acknowledge(&modem->mqtt, event->packet_id, event->qos);
}

/* The terminal need not take anything for it, but those before it come first [MQTT-4.6.0-2]. */
static void acknowledge(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    keep_receipt(modem, event, 0, false);
}

/* Once the terminal has everything that has been reported up to now. */
static void acknowledge_when_taken(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    bool queued = urcs_waiting(&modem->urcs) > 0;
    const struct fifo *stream = queued ? &modem->urcs.waiting : &modem->output;
    keep_receipt(modem, event, fifo_position(stream), queued);
}

static void put_topic(struct out *line, struct span topic, bool as_hex)
{
    if (as_hex)
        out_hex(line, topic);
    else
        quoting_put_escaped(line, topic);
}

static void put_payload(struct out *line, struct span payload, bool as_hex)
{
    if (as_hex)
        out_hex(line, payload);
    else
        out_span(line, payload);
}

void modem_put_message(struct out *line, const struct message *message, bool as_hex)
{
    out_decimal(line, message->packet_id);
    out_text(line, ",\"");
    put_topic(line, message->topic, as_hex);
    out_text(line, "\",");
    out_decimal(line, (int32_t)message->payload.count);
    out_text(line, ",\"");
    put_payload(line, message->payload, as_hex);
    out_u8(line, '"');
}

static bool report_message(struct imqtt_modem *modem, const struct message *message)
{
    bool as_hex = modem->settings.receive_hex;
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, "+IMQTTRCVPUB:");
    modem_put_message(&urc, message, as_hex);
    return urc_end(&modem->urcs, &urc);
}

static void refuse_message(struct imqtt_modem *modem, const struct mqtt_event *event,
                           uint32_t bytes)
{
    static const struct imqtt_failure too_large = {
        IMQTT_STAGE_PEER, 0, "a message larger than this modem takes was dropped"};
    modem_note(modem, IMQTT_NOTE_TOO_LARGE, bytes);
    diagnosis_set(&modem->diagnosis, &too_large);
    acknowledge(modem, event);
}

static void buffer_message(struct imqtt_modem *modem, const struct message *message)
{
    if (inbox_put(&modem->inbox, message)) {
        modem_report_number(modem, "+IMQTTCOUNT: ", modem->inbox.count);
        return;
    }
    modem_note(modem, IMQTT_NOTE_INBOX_FULL, modem->inbox.count);
    if (inbox_note_full(&modem->inbox))
        modem_report(modem, "+IMQTTCOUNT: FULL");
}

static void take_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct message message = {event->packet_id, event->topic, event->payload};
    if (utf8_has_line_break(message.topic)) {
        modem_note(modem, IMQTT_NOTE_TOPIC_DROPPED, event->packet_id);
        acknowledge(modem, event);
    } else if (modem->settings.receive_mode == RECEIVE_BUFFERED) {
        buffer_message(modem, &message);
        acknowledge(modem, event);
    } else if (report_message(modem, &message)) {
        acknowledge_when_taken(modem, event);
    } else {
        refuse_message(modem, event, (uint32_t)message.payload.count);
    }
}

void modem_take_event(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    if (registration_is_under_way(modem)) {
        registration_take_event(modem, event);
        return;
    }
    switch (event->kind) {
    case MQTT_CONNECTED:
        connected(modem, event);
        break;
    case MQTT_DISCONNECTED:
        disconnected(modem, event);
        break;
    case MQTT_PUBLISHED:
        published(modem, event);
        break;
    case MQTT_SUBSCRIBED:
        subscribed(modem, event);
        break;
    case MQTT_UNSUBSCRIBED:
        unsubscribed(modem, event);
        break;
    case MQTT_MESSAGE:
        take_message(modem, event);
        break;
    case MQTT_MESSAGE_AGAIN:
        acknowledge_when_taken(modem, event);
        break;
    case MQTT_MESSAGE_TOO_LARGE:
        refuse_message(modem, event, event->payload_bytes);
        break;
    case MQTT_QOS2_PUBACK:
        modem_note(modem, IMQTT_NOTE_QOS2_PUBACK, event->packet_id);
        break;
    }
}
