/* cmqtt_connection.c: AT+CMQTTCONNECT and DISC. */
#include "core/bytes/ascii.h"
#include "core/bytes/number.h"
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/imqtt/checks.h"
#include "core/modem/modem_clients.h"
#include "core/modem/connect_service.h"
#include "core/modem/radio_service.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

enum { KEEP_ALIVE_MAX_S = 64800, DISCONNECT_MAX_S = 180, PORT = 1883, TLS_PORT = 8883 };

/* ---- tcp://host:port ---------------------------------------------------------------------------- */

static const struct {
    const char *text;
    bool tls;
} schemes[] = {{"tcp://", false}, {"ssl://", true}, {"mqtts://", true}};

static bool take_scheme(struct span *url, bool *tls)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct span rest = *url, begin;
        struct span scheme = span_text(schemes[i].text);
        if (!span_take(&rest, scheme.count, &begin) || !span_equal_ignoring_case(begin, scheme))
            continue;
        *url = rest;
        *tls = schemes[i].tls;
        return true;
    }
    return false;
}

static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.count; i++)
        if (host.bytes[i] <= ' ' || host.bytes[i] >= ASCII_DEL)
            return false;
    return host.count > 0 && host.count <= IMQTT_ADDRESS_BYTES;
}

static void take_url(struct params *params, struct connect_wish *wish)
{
    struct text url = params_text(params, SIZE_MAX);
    struct span host = url.raw, port;
    uint32_t number = 0;
    bool is_url = url.escapes == 0 && take_scheme(&host, &wish->tls);
    size_t colon = span_find_last(host, ':');
    port = host;
    if (span_skip(&port, colon) && span_skip(&port, 1)) {
        is_url = is_url && number_parse(port, 1, UINT16_MAX, &number);
        host.count = colon;
    }
    if (!is_url || !is_host(host))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    wish->host = text_of(host);
    wish->port = (uint16_t)number;
}

/* ---- AT+CMQTTCONNECT ---------------------------------------------------------------------------- */

static void add_settings(const struct imqtt_modem *modem, uint8_t index, struct connect_wish *wish)
{
    wish->client_id = text_of(cmqtt_string(modem, index, CMQTT_CLIENT_ID));
    wish->tls |= cmqtt_number(modem, index, CMQTT_SERVER_TYPE) == 1;
    if (wish->port == 0)
        wish->port = wish->tls ? TLS_PORT : PORT;
    wish->will_topic = text_of(cmqtt_string(modem, index, CMQTT_WILL_TOPIC));
    wish->will_message = text_of(cmqtt_string(modem, index, CMQTT_WILL_MESSAGE));
    wish->will_qos = (uint8_t)cmqtt_number(modem, index, CMQTT_WILL_QOS);
    wish->product_key = text_of(cmqtt_string(modem, index, CMQTT_PRODUCT_KEY));
    wish->device_name = text_of(cmqtt_string(modem, index, CMQTT_DEVICE_NAME));
    wish->device_secret = text_of(cmqtt_string(modem, index, CMQTT_DEVICE_SECRET));
    wish->request.version = (uint8_t)cmqtt_number(modem, index, CMQTT_VERSION);
    wish->request.timeout_s = (uint8_t)cmqtt_number(modem, index, CMQTT_TIMEOUT_S);
}

static enum imqtt_status fail(struct imqtt_modem *modem, uint8_t index, enum cmqtt_error error)
{
    cmqtt_say(modem, "+CMQTTCONNECT: ", index, (int32_t)error);
    return IMQTT_DONE;
}

static enum imqtt_status begin(struct imqtt_modem *modem, uint8_t index, struct connect_wish *wish)
{
    add_settings(modem, index, wish);
    if (!connect_wish_put(modem, wish) ||
        !client_put_number(&modem->clients, index, CMQTT_KEEP_ALIVE_S, wish->request.keep_alive_s))
        return IMQTT_UNKNOWN_ERROR;
    if (wish->tls && cmqtt_secure(modem, index) != IMQTT_DONE)
        return fail(modem, index, CMQTT_NO_CERTIFICATE);
    enum imqtt_status status = modem_connect_secured(modem);
    if (status == IMQTT_NO_NETWORK_SERVICE)
        return fail(modem, index, CMQTT_NET_NOT_OPENED);
    if (status == IMQTT_DONE)
        modem->link->client = index;
    return status;
}

/* Its link is turned to. NOT_ALLOWED: it is not free, or there is none for that index. */
static enum imqtt_status check_free(struct imqtt_modem *modem, uint8_t index)
{
    enum imqtt_status status = modem_turn_to_index(modem, index);
    return status == IMQTT_DONE ? connection_check_free(modem->link) : status;
}

enum imqtt_status cmqtt_connect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct connect_wish wish = {.tls = false};
    uint8_t index = cmqtt_take_index(params);
    take_url(params, &wish);
    wish.request.keep_alive_s = (uint16_t)params_number(params, 1, KEEP_ALIVE_MAX_S);
    wish.request.clean_session = params_number(params, 0, 1) == 1;
    if (params_more(params))
        wish.user_name = take_utf8(params, IMQTT_USER_NAME_BYTES);
    if (params_more(params))
        wish.password = params_text(params, IMQTT_PASSWORD_BYTES);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    if (!cmqtt_is_acquired(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_ACQUIRED);
    status = check_free(modem, index);
    if (status == IMQTT_NOT_ALLOWED && cmqtt_is_connected(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_SUPPORTED);
    if (status == IMQTT_NOT_ALLOWED && cmqtt_link(modem, index) != NULL)
        return cmqtt_refuse(call, index, CMQTT_BUSY);
    if (status == IMQTT_NOT_ALLOWED)
        return fail(modem, index, CMQTT_CONNECT_FAILED);
    return status == IMQTT_DONE ? begin(modem, index, &wish) : status;
}

/* "tcp://host:port", keep-alive and clean session. */
static enum imqtt_status show_connection(struct imqtt_modem *modem, const struct broker_link *link)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CMQTTCONNECT: ");
    out_decimal(&line, link->client);
    out_text(&line, link->target.tls ? ",\"ssl://" : ",\"tcp://");
    out_text(&line, link->target.host);
    out_u8(&line, ':');
    out_decimal(&line, link->target.port);
    out_text(&line, "\",");
    out_decimal(&line,
                (int32_t)client_number(&modem->clients, link->client, CMQTT_KEEP_ALIVE_S, 0));
    out_text(&line, link->clean_session ? ",1" : ",0");
    return modem_end_line(modem, &line);
}

enum imqtt_status cmqtt_connect_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = cmqtt_is_started(modem) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
    for (uint8_t client = 0; client < modem_client_count(modem); client++) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (status == IMQTT_DONE && link != NULL && broker_link_is_connected(link))
            status = show_connection(modem, link);
    }
    return status;
}

/* ---- AT+CMQTTDISC ------------------------------------------------------------------------------- */

enum imqtt_status cmqtt_disconnect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = cmqtt_take_index(call->params);
    uint32_t timeout_s = params_optional_number(call->params, 0, DISCONNECT_MAX_S, 0);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    struct broker_link *link = cmqtt_link(modem, index);
    modem_forgo_reconnection(modem);
    if (link == NULL || connection_close(link, modem->now_ms) != IMQTT_DONE)
        return cmqtt_refuse(call, index, CMQTT_NOT_CONNECTED);
    if (timeout_s > 0)
        mqtt_client_close_within(&link->mqtt, timeout_s * 1000, modem->now_ms);
    return IMQTT_DONE;
}

/* A host takes its answer, in any state, for a sign of life. */
enum imqtt_status cmqtt_disconnect_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    for (uint8_t index = 0; index <= CMQTT_INDEX_MAX; index++) {
        cmqtt_begin_row(&line, "+CMQTTDISC: ", index);
        out_text(&line, cmqtt_is_connected(modem, index) ? ",0" : ",1");
    }
    return modem_end_line(modem, &line);
}

#endif
