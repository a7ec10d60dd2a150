/* esp_connection.c: AT+MQTTCONN and MQTTCLEAN. */
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_errors.h"
#include "core/dialect/esp/esp_flash.h"
#include "core/dialect/esp/esp_params.h"
#include "core/modem/certificate_service.h"
#include "core/modem/radio_service.h"
#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

/* ---- what the host has set becomes what the next connection is --------------------------------------- */

static void put_string(struct strings *strings, enum setting setting, struct span string)
{
    strings_put(strings, setting_place(setting), string);
}

static size_t bytes_of(const struct imqtt_modem *modem)
{
    return esp_string(modem, ESP_CLIENT_ID).count + esp_string(modem, ESP_USER_NAME).count +
           esp_string(modem, ESP_PASSWORD).count + esp_string(modem, ESP_WILL_TOPIC).count +
           esp_string(modem, ESP_WILL_MESSAGE).count;
}

static void put_strings(struct imqtt_modem *modem, struct text host)
{
    struct strings *strings = &modem->settings.strings;
    put_string(strings, SETTING_ADDRESS, host.raw);
    put_string(strings, SETTING_CLIENT_ID, esp_string(modem, ESP_CLIENT_ID));
    put_string(strings, SETTING_USER_NAME, esp_string(modem, ESP_USER_NAME));
    put_string(strings, SETTING_PASSWORD, esp_string(modem, ESP_PASSWORD));
    put_string(strings, SETTING_WILL_TOPIC, esp_string(modem, ESP_WILL_TOPIC));
    put_string(strings, SETTING_WILL_MESSAGE, esp_string(modem, ESP_WILL_MESSAGE));
}

/* Once it was made, the factory's intervals make it again. */
static void put_reconnection(struct imqtt_modem *modem, bool is_wanted)
{
    const struct factory_changes *factory = &modem->settings.factory;
    struct reconnect_settings *reconnect = &modem->settings.reconnect;
    bool has_times = factory->reconnect_min_s > 0;
    reconnect->is_on = is_wanted;
    reconnect->min_s = has_times ? factory->reconnect_min_s : IMQTT_RECONNECT_MIN_DEFAULT_S;
    reconnect->max_s = has_times ? factory->reconnect_max_s : IMQTT_RECONNECT_MAX_DEFAULT_S;
}

static void put_numbers(struct imqtt_modem *modem, uint32_t port)
{
    struct settings *settings = &modem->settings;
    uint32_t keep_alive_s = esp_number(modem, ESP_KEEP_ALIVE);
    settings->port = (uint16_t)port;
    settings->tls = esp_number(modem, ESP_SCHEME) != ESP_TCP;
    settings->will_qos = (uint8_t)esp_number(modem, ESP_WILL_QOS);
    settings->will_retained = esp_number(modem, ESP_WILL_RETAINED) == 1;
    settings->request.timeout_s = ESP_CONNECT_S;
    settings->request.clean_session = esp_number(modem, ESP_KEEPS_SESSION) == 0;
    settings->request.keep_alive_s = (uint16_t)(keep_alive_s > 0 ? keep_alive_s : ESP_KEEP_ALIVE_S);
    put_reconnection(modem, esp_number(modem, ESP_RECONNECTS) == 1);
}

/* ---- AT+MQTTCONN --------------------------------------------------------------------------------------- */

struct address {
    struct text host;
    uint32_t port, reconnects;
};

/* Each scheme names the partitions that it uses. */
enum imqtt_status esp_prepare(struct imqtt_modem *modem)
{
    uint32_t scheme = esp_number(modem, ESP_SCHEME);
    bool verifies = scheme == ESP_TLS_SERVER || scheme == ESP_TLS_BOTH;
    bool shows = scheme == ESP_TLS_CLIENT || scheme == ESP_TLS_BOTH;
    struct tls_choice choice = {
        .insecure = !verifies,
        .ca = verifies ? span_text(ESP_FLASH_CA) : SPAN_EMPTY,
        .certificate = shows ? span_text(ESP_FLASH_CERTIFICATE) : SPAN_EMPTY,
        .key = shows ? span_text(ESP_FLASH_KEY) : SPAN_EMPTY,
        .unpack = esp_flash_unpack,
    };
    if (!esp_is_on_network(modem))
        return IMQTT_NO_NETWORK_SERVICE;
    return modem->settings.tls ? modem_secure(modem, &choice) : IMQTT_DONE;
}

static bool keep_address(struct imqtt_modem *modem, const struct address *address)
{
    size_t bytes = text_bytes(address->host) + bytes_of(modem);
    if (!strings_make_room(&modem->settings.strings, bytes) ||
        !client_put_number(&modem->clients, ESP_LINK, ESP_RECONNECTS, address->reconnects))
        return false;
    put_strings(modem, address->host);
    put_numbers(modem, address->port);
    return true;
}

static enum imqtt_status say_not_connected(struct imqtt_modem *modem)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+MQTTDISCONNECTED:0");
    modem_end_line(modem, &line);
    esp_fail(modem, ESP_START_FAILED);
    return IMQTT_NO_NETWORK_SERVICE;
}

static enum imqtt_status connect_to(struct imqtt_modem *modem, const struct address *address)
{
    if (!keep_address(modem, address)) {
        esp_fail(modem, ESP_NO_MEMORY);
        return IMQTT_UNKNOWN_ERROR;
    }
    enum imqtt_status status = modem_connect_for_host(modem);
    switch (status) {
    case IMQTT_DONE:
        return IMQTT_PENDING;
    case IMQTT_LATER:
        return status;
    case IMQTT_NO_NETWORK_SERVICE:
        return say_not_connected(modem);
    default:
        return esp_fail(modem, modem->settings.tls ? ESP_TLS_IS_WRONG : ESP_NOT_PREPARED);
    }
}

static void take_address(struct esp_params *taken, struct address *address)
{
    address->host = esp_take_host(taken);
    address->port = esp_take_number(taken, 1, UINT16_MAX, ESP_OF_PORT);
    address->reconnects = esp_take_number(taken, 0, 1, ESP_OF_RECONNECT);
}

enum imqtt_status esp_connect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct address address;
    esp_begin_link(&taken, call->params);
    take_address(&taken, &address);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (!esp_is_configured(modem))
        return esp_fail(modem, ESP_NOT_CONFIGURED);
    status = connection_check_free(modem->link);
    if (status == IMQTT_NOT_ALLOWED)
        return esp_fail(modem, ESP_ALREADY_CONNECTED);
    return status == IMQTT_DONE ? connect_to(modem, &address) : status;
}

/* <state>: 1 and 2 configured, 3 was connected, 4 is, 6 has subscribed */
static int32_t state_of(const struct imqtt_modem *modem)
{
    if (broker_link_is_connected(modem->link))
        return subscriptions_all(&modem->link->subscriptions).count > 0 ? 6 : 4;
    if (client_has(&modem->clients, ESP_LINK, ESP_HAS_CONNECTED))
        return 3;
    if (client_has(&modem->clients, ESP_LINK, ESP_KEEP_ALIVE))
        return 2;
    return esp_is_configured(modem) ? 1 : 0;
}

/* Where the host has not connected yet there is no address. */
void esp_put_connection(const struct imqtt_modem *modem, struct out *line)
{
    bool has_address = client_has(&modem->clients, ESP_LINK, ESP_RECONNECTS);
    struct span host = setting_string(&modem->settings, SETTING_ADDRESS);
    out_decimal(line, (int32_t)esp_number(modem, ESP_SCHEME));
    out_text(line, ",\"");
    out_span(line, has_address ? host : SPAN_EMPTY);
    out_text(line, "\",\"");
    if (has_address)
        out_decimal(line, modem->settings.port);
    out_text(line, "\",\"");
    quoting_put_escaped(line, esp_string(modem, ESP_PATH));
    out_text(line, "\",");
    out_decimal(line, (int32_t)esp_number(modem, ESP_RECONNECTS));
}

enum imqtt_status esp_connect_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+MQTTCONN:0,");
    out_decimal(&line, state_of(modem));
    out_u8(&line, ',');
    esp_put_connection(modem, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+MQTTCLEAN --------------------------------------------------------------------------------------- */

/* The connection has an end that is told, or none is to be made. */
enum imqtt_status esp_clean_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    esp_begin_link(&taken, call->params);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (!esp_is_configured(modem))
        return esp_fail(modem, ESP_ALREADY_CLEAN);
    if (mqtt_client_state(&modem->link->mqtt) == MQTT_CLOSING)
        return IMQTT_LATER;
    modem->settings.reconnect.is_on = false;
    client_forget_all(&modem->clients, ESP_LINK);
    if (connection_close(modem->link, modem->now_ms) == IMQTT_DONE)
        return IMQTT_PENDING;
    if (IMQTT_WITH_RECONNECT)
        reconnection_end(modem);
    return IMQTT_DONE;
}

#endif
