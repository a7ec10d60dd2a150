/* esp_wifi.c: AT+CWMODE, CWJAP, CWLAP, CWQAP, CWSTATE, CIFSR, CIPSTATUS and PING: the radio's network as an
 * access point, or as a cable. */
#include "core/device/device_identity.h"
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_params.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/own_address.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { MODE_MAX = 3, SSID_BYTES = 32, PASSPHRASE_BYTES = 64 };
enum { STATION_IP = 1, GATEWAY = 254, PING_MS = 40 };
/* Of identity_bits(). */
enum { OWN_MAC = IMQTT_IDENTITY_FIELD_COUNT + 1, ACCESS_POINT_MAC };
/* <state> of CWSTATE, <stat> of CIPSTATUS */
enum { STATE_IDLE = 0, STATE_HAS_IP = 2, STATE_CONNECTING = 3, STATE_LEFT = 4 };
enum { STATUS_HAS_IP = 2, STATUS_LEFT = 5 };

/* ---- what there is -------------------------------------------------------------------------------------- */

static bool module_has(const struct imqtt_modem *modem, enum esp_module_key key)
{
    return client_has(&modem->clients, ESP_MODULE, (uint8_t)key);
}

static uint32_t module_number(const struct imqtt_modem *modem, enum esp_module_key key)
{
    return client_number(&modem->clients, ESP_MODULE, (uint8_t)key, 0);
}

static bool put_module_number(struct imqtt_modem *modem, enum esp_module_key key, uint32_t number)
{
    return client_put_number(&modem->clients, ESP_MODULE, (uint8_t)key, number);
}

static bool has_left(const struct imqtt_modem *modem)
{
    return module_has(modem, ESP_WIFI) && module_number(modem, ESP_WIFI) == 0;
}

static bool has_joined(const struct imqtt_modem *modem)
{
    return module_number(modem, ESP_WIFI) == 1;
}

/* A module that nobody has asked to join knows its access point from before. */
bool esp_is_on_network(const struct imqtt_modem *modem)
{
    return radio_is_attached(&modem->radio) && !has_left(modem);
}

static void put_mac(const struct imqtt_modem *modem, unsigned whose, struct out *line)
{
    uint64_t bits = identity_bits(&modem->options.identity, whose);
    out_text(line, "\"02");
    for (unsigned i = 0; i < 5; i++) {
        uint8_t byte = (uint8_t)(bits >> 8 * i);
        out_u8(line, ':');
        out_hex(line, span_of(&byte, 1));
    }
    out_u8(line, '"');
}

static void put_ip(const struct imqtt_modem *modem, unsigned host, struct out *line)
{
    if (esp_is_on_network(modem))
        own_address_put(modem, host, line);
    else
        out_text(line, "0.0.0.0");
}

/* ---- what the host hears of it ---------------------------------------------------------------------------- */

static void say_up(struct imqtt_modem *modem)
{
    if (!modem->options.is_wired) {
        modem_say(modem, "WIFI CONNECTED");
        modem_say(modem, "WIFI GOT IP");
        return;
    }
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+ETH_GOT_IP:");
    own_address_put(modem, STATION_IP, &urc);
    modem_end_urc(modem, &urc);
}

/* The network of a host that has joined, or has a cable, comes and goes. */
static void follow_network(struct imqtt_modem *modem)
{
    bool is_up = radio_is_attached(&modem->radio) && (has_joined(modem) || modem->options.is_wired);
    if (is_up == (module_number(modem, ESP_SAID_UP) == 1))
        return;
    put_module_number(modem, ESP_SAID_UP, is_up);
    if (is_up)
        say_up(modem);
    else
        modem_say(modem, modem->options.is_wired ? "+ETH_DISCONNECTED" : "WIFI DISCONNECT");
}

void esp_say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "\r\nready");
}

void esp_say_radio(struct imqtt_modem *modem, const struct radio_change *change)
{
    say_radio_change(modem, change);
    follow_network(modem);
}

/* ---- AT+CWMODE --------------------------------------------------------------------------------------------- */

enum imqtt_status esp_mode_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t mode = params_number(call->params, 0, MODE_MAX);
    params_optional_number(call->params, 0, 1, 0);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !put_module_number(modem, ESP_WIFI_MODE, mode))
        status = IMQTT_UNKNOWN_ERROR;
    return status;
}

enum imqtt_status esp_mode_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_number(call,
                         "+CWMODE:", client_number(&modem->clients, ESP_MODULE, ESP_WIFI_MODE, 1));
}

/* ---- AT+CWJAP ------------------------------------------------------------------------------------------------ */

static enum imqtt_status join(struct imqtt_modem *modem, struct span name)
{
    if (!client_put_string(&modem->clients, ESP_MODULE, ESP_ACCESS_POINT, name) ||
        !put_module_number(modem, ESP_WIFI, 1) || !put_module_number(modem, ESP_SAID_UP, 1))
        return IMQTT_UNKNOWN_ERROR;
    struct out line = modem_begin_line(modem);
    out_text(&line, "WIFI CONNECTED\r\nWIFI GOT IP");
    return modem_end_line(modem, &line);
}

static enum imqtt_status say_no_access_point(struct imqtt_modem *modem)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CWJAP:3");
    modem_end_line(modem, &line);
    return IMQTT_NO_NETWORK_SERVICE;
}

/* Behind the two: an address of the access point, and times, which have no effect. */
enum imqtt_status esp_join_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    esp_begin(&taken, call->params);
    struct text name = esp_take_text(&taken, SSID_BYTES, ESP_OF_HOST);
    esp_take_text(&taken, PASSPHRASE_BYTES, ESP_OF_PASSWORD);
    while (params_more(call->params))
        esp_take_text(&taken, SSID_BYTES, ESP_OF_HOST);
    if (name.raw.count == 0)
        params_fail(call->params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    return radio_is_attached(&modem->radio) ? join(modem, name.raw) : say_no_access_point(modem);
}

static void put_name(const struct imqtt_modem *modem, struct out *line)
{
    out_u8(line, '"');
    quoting_put_escaped(line, client_string(&modem->clients, ESP_MODULE, ESP_ACCESS_POINT));
    out_u8(line, '"');
}

enum imqtt_status esp_join_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!has_joined(modem) || !radio_is_attached(&modem->radio))
        return answer_text(call, "No AP");
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CWJAP:");
    put_name(modem, &line);
    out_u8(&line, ',');
    put_mac(modem, ACCESS_POINT_MAC, &line);
    out_text(&line, ",6,-50,0,1,3,0,1");
    return modem_end_line(modem, &line);
}

/* ---- AT+CWLAP ------------------------------------------------------------------------------------------------ */

/* An access point of any name can be joined: the one that is asked for is there, or else the one that
 * was joined. */
static enum imqtt_status show_access_point(struct imqtt_modem *modem, struct span name)
{
    if (name.count == 0 || !radio_is_attached(&modem->radio))
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CWLAP:(3,\"");
    quoting_put_escaped(&line, name);
    out_text(&line, "\",-50,");
    put_mac(modem, ACCESS_POINT_MAC, &line);
    out_text(&line, ",6,-1,-1,4,4,7,0)");
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_scan_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    return show_access_point(modem, client_string(&modem->clients, ESP_MODULE, ESP_ACCESS_POINT));
}

/* Behind the name: what narrows a scan down, and has no effect. */
enum imqtt_status esp_scan_set(struct at_call *call)
{
    struct esp_params taken;
    esp_begin(&taken, call->params);
    struct text name = esp_take_text(&taken, SSID_BYTES, ESP_OF_HOST);
    while (params_more(call->params))
        esp_take_text(&taken, SSID_BYTES, ESP_OF_HOST);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && name.raw.count == 0)
        return esp_scan_execute(call);
    return status == IMQTT_DONE ? show_access_point(call->context, name.raw) : status;
}

/* ---- AT+CWQAP ------------------------------------------------------------------------------------------------ */

/* What was connected is lost, as with the radio's network. */
enum imqtt_status esp_leave_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    static const struct imqtt_failure left = {IMQTT_STAGE_TCP, 0,
                                              "the host has left the access point"};
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!put_module_number(modem, ESP_WIFI, 0))
        return IMQTT_UNKNOWN_ERROR;
    follow_network(modem);
    if (mqtt_client_state(&modem->link->mqtt) != MQTT_IDLE)
        mqtt_client_abort(&modem->link->mqtt, &left);
    return IMQTT_DONE;
}

/* ---- AT+CWSTATE, CIFSR, CIPSTA, CIPSTATUS, PING: forms from memory (docs/dialects/esp.md) ------------------------------- */

static int32_t state_of(const struct imqtt_modem *modem)
{
    if (has_left(modem))
        return STATE_LEFT;
    if (!has_joined(modem))
        return STATE_IDLE;
    return radio_is_attached(&modem->radio) ? STATE_HAS_IP : STATE_CONNECTING;
}

enum imqtt_status esp_state_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CWSTATE:");
    out_decimal(&line, state_of(modem));
    out_u8(&line, ',');
    put_name(modem, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_addresses_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CIFSR:STAIP,\"");
    put_ip(modem, STATION_IP, &line);
    out_text(&line, "\"\r\n+CIFSR:STAMAC,");
    put_mac(modem, OWN_MAC, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_station_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CIPSTA:ip:\"");
    put_ip(modem, STATION_IP, &line);
    out_text(&line, "\"\r\n+CIPSTA:gateway:\"");
    put_ip(modem, GATEWAY, &line);
    out_text(&line, "\"\r\n+CIPSTA:netmask:\"255.255.255.0\"");
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_station_mac_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CIPSTAMAC:");
    put_mac(modem, OWN_MAC, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status esp_status_execute(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_number(call, "STATUS:", esp_is_on_network(modem) ? STATUS_HAS_IP : STATUS_LEFT);
}

/* None is sent: the network of the radio answers. */
enum imqtt_status esp_ping_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    esp_begin(&taken, call->params);
    esp_take_host(&taken);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (esp_is_on_network(modem))
        return answer_number(call, "+PING:", PING_MS);
    answer_text(call, "+PING:TIMEOUT");
    return IMQTT_NO_NETWORK_SERVICE;
}

#endif
