/* qmt_connection.c: AT+QMTOPEN, CONN, DISC and CLOSE: the network and the session on it. */
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/connect_wish.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/connect_service.h"
#include "core/modem/radio_service.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

/* <result> of +QMTOPEN */
enum { OPEN_FAILED = -1, OPEN_OCCUPIED = 2, OPEN_NO_CONTEXT = 3 };

uint8_t qmt_take_index(struct params *params)
{
    return (uint8_t)params_number(params, 0, QMT_INDEX_MAX);
}

static bool is_idle(const struct broker_link *link)
{
    return mqtt_client_state(&link->mqtt) == MQTT_IDLE;
}

struct broker_link *qmt_link(struct imqtt_modem *modem, uint8_t index)
{
    struct broker_link *link = modem_link_at(modem, index);
    return link != NULL && link->client == index && !is_idle(link) ? link : NULL;
}

uint32_t qmt_timeout_ms(const struct imqtt_modem *modem, uint8_t index)
{
    return qmt_number(modem, index, QMT_TIMEOUT_S) * (qmt_number(modem, index, QMT_RETRIES) + 1) *
           1000;
}

void qmt_follow_receive_mode(struct imqtt_modem *modem, uint8_t index)
{
    struct broker_link *link = modem_link_at(modem, index);
    if (link != NULL && link->client == index)
        link->slots = qmt_number(modem, index, QMT_RECEIVE_MODE) == 1 ? QMT_SLOTS : 0;
}

/* ---- the settings of an index become those of the next connection --------------------------------- */

static struct text text_at(const struct imqtt_modem *modem, uint8_t index, enum qmt_key key)
{
    return text_of(qmt_string(modem, index, key));
}

static void add_will(const struct imqtt_modem *modem, uint8_t index, struct connect_wish *wish)
{
    if (qmt_number(modem, index, QMT_WILL) == 0)
        return;
    wish->will_topic = text_at(modem, index, QMT_WILL_TOPIC);
    wish->will_message = text_at(modem, index, QMT_WILL_MESSAGE);
    wish->will_qos = (uint8_t)qmt_number(modem, index, QMT_WILL_QOS);
    wish->will_retained = qmt_number(modem, index, QMT_WILL_RETAINED) == 1;
}

/* With a triple a host gives no user name: the login is signed. */
static void add_settings(const struct imqtt_modem *modem, uint8_t index, struct connect_wish *wish)
{
    uint32_t timeout_s = qmt_timeout_ms(modem, index) / 1000;
    add_will(modem, index, wish);
    wish->product_key = text_at(modem, index, QMT_PRODUCT_KEY);
    wish->device_name = text_at(modem, index, QMT_DEVICE_NAME);
    wish->device_secret = text_at(modem, index, QMT_DEVICE_SECRET);
    wish->request = (struct request_settings){
        .timeout_s = (uint8_t)(timeout_s < UINT8_MAX ? timeout_s : UINT8_MAX),
        .clean_session = qmt_number(modem, index, QMT_SESSION) == 1,
        .keep_alive_s = (uint16_t)qmt_number(modem, index, QMT_KEEP_ALIVE_S),
        .version = (uint8_t)qmt_number(modem, index, QMT_VERSION)};
}

/* ---- AT+QMTOPEN -------------------------------------------------------------------------------------- */

static enum imqtt_status dial(struct imqtt_modem *modem, uint8_t index)
{
    struct broker_link *link = modem->link;
    bool has_service = radio_is_attached(&modem->radio);
    if (link->client != index)
        inbox_clear(&link->inbox);
    enum imqtt_status status = connection_dial(link, &modem->settings, has_service, modem->now_ms);
    if (status == IMQTT_NO_NETWORK_SERVICE)
        qmt_say(modem, "+QMTOPEN: ", index, OPEN_NO_CONTEXT);
    else if (status == IMQTT_DONE)
        link->client = index;
    qmt_follow_receive_mode(modem, index);
    return status == IMQTT_NO_NETWORK_SERVICE ? IMQTT_DONE : status;
}

static bool keep_address(struct imqtt_modem *modem, struct text host, uint32_t port, uint8_t index)
{
    struct settings *settings = &modem->settings;
    if (!strings_make_room(&settings->strings, text_bytes(host)) ||
        !client_put_number(&modem->clients, index, QMT_OPENED, 1))
        return false;
    struct out out =
        strings_begin(&settings->strings, setting_place(SETTING_ADDRESS), text_bytes(host));
    text_put(host, &out);
    settings->port = (uint16_t)port;
    settings->tls = qmt_number(modem, index, QMT_TLS) == 1;
    return true;
}

/* The index that has the link keeps it until it closes. */
static enum imqtt_status open_on_link(struct imqtt_modem *modem, uint8_t index, struct text host,
                                      uint32_t port)
{
    const struct broker_link *link = modem->link;
    if (mqtt_client_state(&link->mqtt) == MQTT_CLOSING)
        return IMQTT_LATER;
    if (!is_idle(link)) {
        qmt_say(modem, "+QMTOPEN: ", index, link->client == index ? OPEN_OCCUPIED : OPEN_FAILED);
        return IMQTT_DONE;
    }
    modem_forgo_reconnection(modem);
    if (!keep_address(modem, host, port, index))
        return IMQTT_UNKNOWN_ERROR;
    if (qmt_secure(modem, index) == IMQTT_DONE)
        return dial(modem, index);
    qmt_say(modem, "+QMTOPEN: ", index, OPEN_FAILED);
    return IMQTT_DONE;
}

static enum imqtt_status open_for(struct imqtt_modem *modem, uint8_t index, struct text host,
                                  uint32_t port)
{
    enum imqtt_status status = modem_turn_to_index(modem, index);
    if (status == IMQTT_DONE)
        return open_on_link(modem, index, host, port);
    if (status == IMQTT_NOT_ALLOWED) /* there are fewer clients */
        qmt_say(modem, "+QMTOPEN: ", index, OPEN_FAILED);
    return status == IMQTT_NOT_ALLOWED ? IMQTT_DONE : status;
}

enum imqtt_status qmt_open_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = qmt_take_index(call->params);
    struct text host = take_host(call->params);
    uint32_t port = params_number(call->params, 1, UINT16_MAX);
    if (text_bytes(host) > QMT_HOST_BYTES)
        params_fail(call->params, IMQTT_TEXT_TOO_LONG);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? open_for(modem, index, host, port) : status;
}

static bool is_open(const struct broker_link *link)
{
    enum mqtt_state state = mqtt_client_state(&link->mqtt);
    return state >= MQTT_OPENED;
}

static enum imqtt_status show_open(struct imqtt_modem *modem, const struct broker_link *link)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QMTOPEN: ");
    out_decimal(&line, link->client);
    out_text(&line, ",\"");
    out_text(&line, link->target.host);
    out_text(&line, "\",");
    out_decimal(&line, link->target.port);
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_open_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (uint8_t client = 0; client < modem_client_count(modem); client++) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (status == IMQTT_DONE && link != NULL && is_open(link))
            status = show_open(modem, link);
    }
    return status;
}
enum imqtt_status qmt_open_test(struct at_call *call)
{
    return answer_text(call, "+QMTOPEN: (0-5),<host_name>,(1-65535)");
}

/* ---- AT+QMTCONN -------------------------------------------------------------------------------------- */

/* To where its network was opened. */
static enum imqtt_status connect_as(struct imqtt_modem *modem, uint8_t index,
                                    struct connect_wish *wish)
{
    modem_turn_to_index(modem, index); /* it has one */
    const struct connection_target *target = &modem->link->target;
    wish->host = text_of(span_text(target->host));
    wish->port = target->port;
    wish->tls = target->tls;
    add_settings(modem, index, wish);
    return connect_wish_put(modem, wish) ? modem_connect(modem) : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status qmt_connect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint8_t index = qmt_take_index(params);
    struct connect_wish wish = {.client_id = take_utf8(params, IMQTT_CLIENT_ID_BYTES)};
    if (params_more(params))
        wish.user_name = take_utf8(params, IMQTT_USER_NAME_BYTES);
    if (params_more(params))
        wish.password = params_text(params, IMQTT_PASSWORD_BYTES);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    const struct broker_link *link = qmt_link(modem, index);
    if (link == NULL || mqtt_client_state(&link->mqtt) != MQTT_OPENED)
        return IMQTT_NOT_ALLOWED;
    return connect_as(modem, index, &wish);
}

/* <state>; 0: there is none */
static int32_t state_of(const struct broker_link *link)
{
    switch (mqtt_client_state(&link->mqtt)) {
    case MQTT_OPENED:
        return 1;
    case MQTT_CONNECTING:
        return 2;
    case MQTT_ONLINE:
        return 3;
    case MQTT_CLOSING:
        return 4;
    default:
        return 0;
    }
}

static enum imqtt_status show_state(struct imqtt_modem *modem, const struct broker_link *link)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QMTCONN: ");
    out_decimal(&line, link->client);
    out_u8(&line, ',');
    out_decimal(&line, state_of(link));
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_connect_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (uint8_t client = 0; client < modem_client_count(modem); client++) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (status == IMQTT_DONE && link != NULL && state_of(link) != 0)
            status = show_state(modem, link);
    }
    return status;
}

enum imqtt_status qmt_connect_test(struct at_call *call)
{
    return answer_text(call, "+QMTCONN: (0-5),<clientid>,<username>,<password>");
}

/* ---- AT+QMTDISC, CLOSE ------------------------------------------------------------------------------ */

static enum imqtt_status end_link(struct imqtt_modem *modem, uint8_t index, uint32_t ends_with)
{
    struct broker_link *link = qmt_link(modem, index);
    if (!client_put_number(&modem->clients, index, QMT_ENDS_WITH, ends_with))
        return IMQTT_UNKNOWN_ERROR;
    return connection_close(link, modem->now_ms);
}

static enum imqtt_status take_opened_index(struct at_call *call, uint8_t *index)
{
    struct imqtt_modem *modem = call->context;
    *index = qmt_take_index(call->params);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    const struct broker_link *link = qmt_link(modem, *index);
    if (link == NULL && !client_has(&modem->clients, *index, QMT_OPENED))
        status = IMQTT_NOT_ALLOWED;
    if (link != NULL && mqtt_client_state(&link->mqtt) == MQTT_CLOSING)
        status = IMQTT_LATER;
    return status;
}

enum imqtt_status qmt_disconnect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index;
    enum imqtt_status status = take_opened_index(call, &index);
    if (status != IMQTT_DONE)
        return status;
    if (qmt_link(modem, index) != NULL)
        return end_link(modem, index, 0);
    modem_forgo_reconnection(modem);
    qmt_say(modem, "+QMTDISC: ", index, -1); /* the link was lost before */
    return IMQTT_DONE;
}

enum imqtt_status qmt_disconnect_test(struct at_call *call)
{
    return answer_text(call, "+QMTDISC: (0-5)");
}

enum imqtt_status qmt_close_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index;
    enum imqtt_status status = take_opened_index(call, &index);
    if (status != IMQTT_DONE)
        return status;
    bool has_link = qmt_link(modem, index) != NULL;
    if (has_link)
        status = end_link(modem, index, 1);
    if (status != IMQTT_DONE)
        return status;
    client_forget(&modem->clients, index, QMT_OPENED);
    modem_forgo_reconnection(modem);
    if (!has_link)
        qmt_say(modem, "+QMTCLOSE: ", index, 0);
    return IMQTT_DONE;
}

enum imqtt_status qmt_close_test(struct at_call *call)
{
    return answer_text(call, "+QMTCLOSE: (0-5)");
}

#endif
