#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/at/quoting.h"
#include "core/modem/dynreg.h"
#include "core/modem/say.h"

bool say_number(struct imqtt_modem *modem, const char *text, int32_t number)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, text);
    out_decimal(&urc, number);
    return modem_end_urc(modem, &urc);
}

static bool say_numbers(struct imqtt_modem *modem, const char *text, int32_t a, int32_t b)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, text);
    out_decimal(&urc, a);
    out_u8(&urc, ',');
    out_decimal(&urc, b);
    return modem_end_urc(modem, &urc);
}

void say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "RDY");
    if (modem->radio.network.sim_ready)
        modem_say(modem, "+CPIN: READY");
}

/* ---- requests ------------------------------------------------------------------------------ */

static bool say_published(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    const char *name = event->tag == PUBLISHED_BY_PUBEX ? "+IMQTTPUBEX:" : "+IMQTTPUB:";
    return say_numbers(modem, name, event->packet_id, event->acknowledged ? 0 : 1);
}

/* A code for each filter: refused, where none came. */
static bool say_subscribed(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    if (news->is_known)
        return true;
    struct span filters = event->filters, codes = event->codes, filter;
    uint8_t qos;
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+IMQTTSUB:");
    out_decimal(&urc, event->packet_id);
    while (packet_take_filter(&filters, true, &filter, &qos)) {
        uint8_t code = MQTT_REFUSED;
        span_take_u8(&codes, &code);
        out_u8(&urc, ',');
        out_decimal(&urc, code);
    }
    return modem_end_urc(modem, &urc);
}

static bool say_unsubscribed(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    if (news->is_known)
        return true;
    return say_numbers(modem, "+IMQTTUNSUB:", event->packet_id, event->acknowledged ? 0 : -1);
}

/* ---- inbound messages ---------------------------------------------------------------------- */

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

void put_message(struct out *line, const struct message *message, bool as_hex)
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

static bool say_message(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    struct message message = {event->packet_id, event->topic, event->payload};
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+IMQTTRCVPUB:");
    put_message(&urc, &message, modem->settings.receive_hex);
    return modem_end_urc(modem, &urc);
}

/* ---- which of them ------------------------------------------------------------------------- */

static bool say_connected(struct imqtt_modem *modem, const struct session_news *news)
{
    (void)news;
    return say_number(modem, "+IMQTTCONN:", 0);
}

static bool say_ended(struct imqtt_modem *modem, const struct session_news *news)
{
    (void)news;
    return say_number(modem, "+IMQTTCONN:", -1);
}

static bool say_buffered(struct imqtt_modem *modem, const struct session_news *news)
{
    return say_number(modem, "+IMQTTCOUNT: ", news->waiting);
}

static bool say_dropped(struct imqtt_modem *modem, const struct session_news *news)
{
    return !news->is_first_full || modem_say(modem, "+IMQTTCOUNT: FULL");
}

typedef bool sayer(struct imqtt_modem *modem, const struct session_news *news);

/* NULL: nothing is said. */
static sayer *const sayers[] = {
    [SESSION_CONNECTED] = say_connected,
    [SESSION_REFUSED] = say_ended,
    [SESSION_LOST] = say_ended,
    [SESSION_DISCONNECTED] = say_ended,
    [SESSION_PUBLISHED] = say_published,
    [SESSION_SUBSCRIBED] = say_subscribed,
    [SESSION_UNSUBSCRIBED] = say_unsubscribed,
    [SESSION_MESSAGE] = say_message,
    [SESSION_BUFFERED] = say_buffered,
    [SESSION_DROPPED] = say_dropped,
    [SESSION_SHOWN_BEFORE] = NULL,
    [SESSION_REMARK] = NULL,
};

bool say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    sayer *say = sayers[news->kind];
    return say == NULL || say(modem, news);
}

/* ---- dynamic registration ------------------------------------------------------------------ */

void put_dynreg_result(struct out *line, const struct dynreg *dynreg, enum aliyun_mode mode)
{
    out_decimal(line, (int32_t)mode);
    for (unsigned i = 0; i < DYNREG_RESULT_STRINGS; i++) {
        out_text(line, ",\"");
        quoting_put_escaped(line, dynreg_result(dynreg, mode, i));
        out_u8(line, '"');
    }
}

static void say_failed_dynreg(struct imqtt_modem *modem, enum aliyun_mode mode)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+IMQTTDYNREG:");
    out_decimal(&urc, (int32_t)mode);
    out_text(&urc, ",\"\",\"\",\"\"");
    modem_end_urc(modem, &urc);
}

void say_dynreg(struct imqtt_modem *modem, enum aliyun_mode mode, bool succeeded)
{
    if (!succeeded) {
        say_failed_dynreg(modem, mode);
        return;
    }
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+IMQTTDYNREG:");
    put_dynreg_result(&urc, &modem->dynreg, mode);
    modem_end_urc(modem, &urc);
}
