/* qmt_urcs.c: news as these hosts hear them. */
#include "core/dialect/qmt/qmt_clients.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* <result> of +QMTOPEN, <err_code> of +QMTSTAT, <result> of a request */
enum { OPEN_DONE = 0, OPEN_FAILED = -1, OPEN_NO_NAME = 4, OPEN_NO_NETWORK = 5 };
enum { STAT_CLOSED = 1, STAT_PING = 2, STAT_NO_LINK = 7 };
enum { DONE = 0, FAILED = 2 };

void qmt_say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "RDY");
    if (modem->radio.network.sim_ready)
        modem_say(modem, "+CPIN: READY");
    modem_say(modem, "+QIND: SMS DONE");
    modem_say(modem, "+QIND: PB DONE");
    modem_say(modem, "APP RDY");
}

static struct out begin(struct imqtt_modem *modem, const char *name, uint8_t index, int32_t number)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, name);
    out_decimal(&urc, index);
    out_u8(&urc, ',');
    out_decimal(&urc, number);
    return urc;
}

bool qmt_say(struct imqtt_modem *modem, const char *name, uint8_t index, int32_t result)
{
    struct out urc = begin(modem, name, index, result);
    return modem_end_urc(modem, &urc);
}

/* ---- connections ------------------------------------------------------------------------------- */

static int32_t open_result(const struct imqtt_failure *failure)
{
    switch (failure->stage) {
    case IMQTT_STAGE_DNS:
        return OPEN_NO_NAME;
    case IMQTT_STAGE_TCP:
        return OPEN_NO_NETWORK;
    default:
        return OPEN_FAILED;
    }
}

static bool say_stat(struct imqtt_modem *modem, uint8_t index, const struct imqtt_failure *failure)
{
    int32_t error = STAT_CLOSED;
    if (failure->stage == IMQTT_STAGE_KEEPALIVE)
        error = STAT_PING;
    else if (!radio_is_attached(&modem->radio))
        error = STAT_NO_LINK;
    return qmt_say(modem, "+QMTSTAT: ", index, error);
}

/* A code of CONNACK was an answer. */
static bool say_not_connected(struct imqtt_modem *modem, uint8_t index,
                              const struct imqtt_failure *failure)
{
    bool is_answered = failure->stage == IMQTT_STAGE_CONNACK && failure->code > 0;
    if (!is_answered)
        return qmt_say(modem, "+QMTCONN: ", index, FAILED);
    struct out urc = begin(modem, "+QMTCONN: ", index, DONE);
    out_u8(&urc, ',');
    out_decimal(&urc, failure->code);
    return modem_end_urc(modem, &urc);
}

static bool say_failed(struct imqtt_modem *modem, uint8_t index, const struct session_news *news)
{
    const struct imqtt_failure *failure = &news->event->failure;
    if (news->before == MQTT_OPENING)
        return qmt_say(modem, "+QMTOPEN: ", index, open_result(failure));
    if (news->before == MQTT_CONNECTING)
        return say_not_connected(modem, index, failure);
    return say_stat(modem, index, failure);
}

static bool say_ended(struct imqtt_modem *modem, uint8_t index)
{
    bool is_close = client_number(&modem->clients, index, QMT_ENDS_WITH, 0) == 1;
    return qmt_say(modem, is_close ? "+QMTCLOSE: " : "+QMTDISC: ", index, DONE);
}

static bool say_connected(struct imqtt_modem *modem, uint8_t index)
{
    struct out urc = begin(modem, "+QMTCONN: ", index, DONE);
    out_text(&urc, ",0");
    return modem_end_urc(modem, &urc);
}

/* ---- requests ---------------------------------------------------------------------------------- */

static bool say_request(struct imqtt_modem *modem, const char *name, uint8_t index,
                        const struct mqtt_event *event)
{
    struct out urc = begin(modem, name, index, event->label);
    out_u8(&urc, ',');
    out_decimal(&urc, event->acknowledged ? DONE : FAILED);
    for (struct span codes = event->codes; codes.count > 0;) {
        uint8_t code = 0;
        span_take_u8(&codes, &code);
        out_u8(&urc, ',');
        out_decimal(&urc, code);
    }
    return modem_end_urc(modem, &urc);
}

/* ---- messages ---------------------------------------------------------------------------------- */

static bool say_message(struct imqtt_modem *modem, uint8_t index, const struct mqtt_event *event)
{
    struct message message = {event->packet_id, event->topic, event->payload};
    struct out urc = modem_begin_urc(modem);
    qmt_put_message(modem, index, &urc, &message);
    return modem_end_urc(modem, &urc);
}

/* ---- which of them ----------------------------------------------------------------------------- */

bool qmt_say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    uint8_t index = news->link->client;
    switch (news->kind) {
    case SESSION_OPENED:
        return qmt_say(modem, "+QMTOPEN: ", index, OPEN_DONE);
    case SESSION_CONNECTED:
        return say_connected(modem, index);
    case SESSION_REFUSED:
    case SESSION_LOST:
        return say_failed(modem, index, news);
    case SESSION_DISCONNECTED:
        return say_ended(modem, index);
    case SESSION_PUBLISHED:
        return say_request(modem, event->tag == QMT_PUBEX ? "+QMTPUBEX: " : "+QMTPUB: ", index,
                           event);
    case SESSION_SUBSCRIBED:
        return news->is_known || say_request(modem, "+QMTSUB: ", index, event);
    case SESSION_UNSUBSCRIBED:
        return news->is_known || say_request(modem, "+QMTUNS: ", index, event);
    case SESSION_MESSAGE:
        return say_message(modem, index, event);
    case SESSION_BUFFERED:
        return qmt_say(modem, "+QMTRECV: ", index, news->slot);
    case SESSION_DROPPED:
    case SESSION_SHOWN_BEFORE:
    case SESSION_REMARK:
        break;
    }
    return true;
}

#endif
