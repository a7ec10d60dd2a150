/* cmqtt_urcs.c: news as these hosts hear them. */
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/modem/say.h"
#include "core/mqtt/wire/packet.h"

#if IMQTT_WITH_DIALECTS

/* <cause> of +CMQTTCONNLOST */
enum { LOST_CLOSED = 1, LOST_RESET = 2, LOST_NETWORK = 3 };

void cmqtt_say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "*ATREADY: 1");
    if (modem->radio.network.sim_ready)
        modem_say(modem, "+CPIN: READY");
    modem_say(modem, "SMS DONE");
    modem_say(modem, "PB DONE");
}

bool cmqtt_say(struct imqtt_modem *modem, const char *name, uint8_t index, int32_t result)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, name);
    out_decimal(&urc, index);
    out_u8(&urc, ',');
    out_decimal(&urc, result);
    return modem_end_urc(modem, &urc);
}

/* ---- connections ------------------------------------------------------------------------------- */

static int32_t error_of(const struct imqtt_failure *failure)
{
    switch (failure->stage) {
    case IMQTT_STAGE_NONE: /* the host has ended the connection */
        return CMQTT_NOT_CONNECTED;
    case IMQTT_STAGE_DNS:
        return CMQTT_NO_NAME;
    case IMQTT_STAGE_TCP:
        return CMQTT_CONNECT_FAILED;
    case IMQTT_STAGE_TLS:
        return CMQTT_HANDSHAKE_FAILED;
    case IMQTT_STAGE_CONNACK:
        return failure->code > 0 ? CMQTT_REFUSED + failure->code : CMQTT_TIMED_OUT;
    case IMQTT_STAGE_KEEPALIVE:
    case IMQTT_STAGE_REQUEST:
        return CMQTT_TIMED_OUT;
    case IMQTT_STAGE_PEER:
        return CMQTT_CLOSED_BY_SERVER;
    default:
        return CMQTT_FAILED;
    }
}

/* Of the module, whichever of its clients have lost their connection with the network. */
static bool say_no_network(struct imqtt_modem *modem)
{
    if (client_has(&modem->clients, CMQTT_MODULE, CMQTT_SAID_NO_NET))
        return true;
    client_put_number(&modem->clients, CMQTT_MODULE, CMQTT_SAID_NO_NET, 1);
    return modem_say(modem, "+CMQTTNONET");
}

static bool say_connected(struct imqtt_modem *modem, uint8_t index)
{
    client_forget(&modem->clients, CMQTT_MODULE, CMQTT_SAID_NO_NET);
    return cmqtt_say(modem, "+CMQTTCONNECT: ", index, CMQTT_OK);
}

static bool say_lost(struct imqtt_modem *modem, uint8_t index, const struct imqtt_failure *failure)
{
    int32_t cause = LOST_NETWORK;
    if (!radio_is_attached(&modem->radio))
        return say_no_network(modem);
    if (failure->stage == IMQTT_STAGE_PEER)
        cause = failure->code == 0 ? LOST_CLOSED : LOST_RESET;
    return cmqtt_say(modem, "+CMQTTCONNLOST: ", index, cause);
}

/* DISC may have ended an attempt: that has its answer, too. */
static bool say_ended(struct imqtt_modem *modem, uint8_t index, const struct session_news *news)
{
    if (news->before != MQTT_ONLINE)
        cmqtt_say(modem, "+CMQTTCONNECT: ", index, CMQTT_FAILED);
    return cmqtt_say(modem, "+CMQTTDISC: ", index, CMQTT_OK);
}

/* ---- requests ---------------------------------------------------------------------------------- */

static bool say_request(struct imqtt_modem *modem, const char *name, uint8_t index,
                        const struct mqtt_event *event)
{
    int32_t error = event->acknowledged ? CMQTT_OK : error_of(&event->failure);
    if (span_find(event->codes, MQTT_REFUSED) < event->codes.count)
        error = CMQTT_FAILED;
    return cmqtt_say(modem, name, index, error);
}

/* ---- messages ---------------------------------------------------------------------------------- */

static void begin_part(struct out *urc, const char *name, uint8_t index, size_t bytes)
{
    out_text(urc, name);
    out_decimal(urc, index);
    out_u8(urc, ',');
    out_decimal(urc, (int32_t)bytes);
}

static void put_payload(struct out *urc, uint8_t index, struct span payload)
{
    while (payload.count > 0) {
        size_t bytes = payload.count < CMQTT_PIECE_BYTES ? payload.count : CMQTT_PIECE_BYTES;
        struct span piece;
        span_take(&payload, bytes, &piece);
        begin_part(urc, "\r\n+CMQTTRXPAYLOAD: ", index, bytes);
        out_text(urc, "\r\n");
        out_span(urc, piece);
    }
}

/* One URC, so that nothing comes between its parts. */
static bool say_message(struct imqtt_modem *modem, uint8_t index, const struct mqtt_event *event)
{
    struct out urc = modem_begin_urc(modem);
    begin_part(&urc, "+CMQTTRXSTART: ", index, event->topic.count);
    out_u8(&urc, ',');
    out_decimal(&urc, (int32_t)event->payload.count);
    begin_part(&urc, "\r\n+CMQTTRXTOPIC: ", index, event->topic.count);
    out_text(&urc, "\r\n");
    out_span(&urc, event->topic);
    put_payload(&urc, index, event->payload);
    out_text(&urc, "\r\n+CMQTTRXEND: ");
    out_decimal(&urc, index);
    return modem_end_urc(modem, &urc);
}

/* ---- which of them ----------------------------------------------------------------------------- */

bool cmqtt_say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    uint8_t index = news->link->client;
    switch (news->kind) {
    case SESSION_CONNECTED:
        return say_connected(modem, index);
    case SESSION_REFUSED:
        return cmqtt_say(modem, "+CMQTTCONNECT: ", index, error_of(&event->failure));
    case SESSION_LOST:
        return say_lost(modem, index, &event->failure);
    case SESSION_DISCONNECTED:
        return say_ended(modem, index, news);
    case SESSION_PUBLISHED:
        return say_request(modem, "+CMQTTPUB: ", index, event);
    case SESSION_SUBSCRIBED:
        return news->is_known || say_request(modem, "+CMQTTSUB: ", index, event);
    case SESSION_UNSUBSCRIBED:
        return news->is_known || say_request(modem, "+CMQTTUNSUB: ", index, event);
    case SESSION_MESSAGE:
        return say_message(modem, index, event);
    case SESSION_OPENED:
    case SESSION_BUFFERED:
    case SESSION_DROPPED:
    case SESSION_SHOWN_BEFORE:
    case SESSION_REMARK:
        break;
    }
    return true;
}

#endif
