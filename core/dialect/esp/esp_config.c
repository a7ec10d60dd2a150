/* esp_config.c: AT+MQTTUSERCFG, CLIENTID, USERNAME, PASSWORD and their long forms, CONNCFG, ALPN, SNI:
 * what the next connection is to be. */
#include "core/bytes/utf8.h"
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_errors.h"
#include "core/dialect/esp/esp_params.h"
#include "core/modem/data_prompt.h"
#include "core/modem/radio_service.h"

#if IMQTT_WITH_DIALECTS

enum { USER_BYTES = 64, PATH_BYTES = 32, WILL_TOPIC_BYTES = 128, WILL_MESSAGE_BYTES = 64 };
enum { KEEP_ALIVE_MAX_S = 7200, PROTOCOLS_MAX = 6 };

static bool keep_number(struct imqtt_modem *modem, enum esp_key key, uint32_t number)
{
    return client_put_number(&modem->clients, ESP_LINK, (uint8_t)key, number);
}

static bool keep_string(struct imqtt_modem *modem, enum esp_key key, struct span string)
{
    return client_put_string(&modem->clients, ESP_LINK, (uint8_t)key, string);
}

static enum imqtt_status kept(struct imqtt_modem *modem, bool is_kept)
{
    if (is_kept)
        return IMQTT_DONE;
    esp_fail(modem, ESP_NO_MEMORY);
    return IMQTT_UNKNOWN_ERROR;
}

/* ---- AT+MQTTUSERCFG ----------------------------------------------------------------------------- */

struct user {
    uint32_t scheme;
    struct text client_id, user_name, password, path;
};

static bool is_in_use(const struct broker_link *link)
{
    return mqtt_client_state(&link->mqtt) != MQTT_IDLE;
}

/* All that was set before is gone. */
static enum imqtt_status keep_user(struct imqtt_modem *modem, const struct user *user)
{
    client_forget_all(&modem->clients, ESP_LINK);
    return kept(modem, keep_string(modem, ESP_CLIENT_ID, user->client_id.raw) &&
                           keep_string(modem, ESP_USER_NAME, user->user_name.raw) &&
                           keep_string(modem, ESP_PASSWORD, user->password.raw) &&
                           keep_string(modem, ESP_PATH, user->path.raw) &&
                           keep_number(modem, ESP_SCHEME, user->scheme));
}

enum imqtt_status esp_user_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct user user;
    esp_begin_link(&taken, call->params);
    user.scheme = esp_take_number(&taken, ESP_TCP, ESP_SCHEME_MAX, ESP_OF_SCHEME);
    user.client_id = esp_take_utf8(&taken, IMQTT_CLIENT_ID_BYTES, ESP_OF_CLIENT_ID);
    user.user_name = esp_take_utf8(&taken, USER_BYTES, ESP_OF_USER_NAME);
    user.password = esp_take_text(&taken, USER_BYTES, ESP_OF_PASSWORD);
    esp_take_number(&taken, 0, 0, ESP_OF_CERTIFICATE);
    esp_take_number(&taken, 0, 0, ESP_OF_AUTHORITY);
    user.path = esp_take_text(&taken, PATH_BYTES, ESP_OF_PATH);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (mqtt_client_state(&modem->link->mqtt) == MQTT_CLOSING)
        return IMQTT_LATER;
    if (is_in_use(modem->link))
        return esp_fail(modem, ESP_ALREADY_CONNECTED);
    modem_forgo_reconnection(modem); /* the address is forgotten */
    modem->settings.reconnect.is_on = false;
    return keep_user(modem, &user);
}

/* ---- AT+MQTTCLIENTID, USERNAME, PASSWORD ----------------------------------------------------------- */

struct string_rule {
    uint16_t most_bytes;
    enum esp_error error;
};

static struct string_rule rule_of(enum esp_key key)
{
    if (key == ESP_CLIENT_ID)
        return (struct string_rule){IMQTT_CLIENT_ID_BYTES, ESP_OF_CLIENT_ID};
    if (key == ESP_USER_NAME)
        return (struct string_rule){IMQTT_USER_NAME_BYTES, ESP_OF_USER_NAME};
    return (struct string_rule){IMQTT_PASSWORD_BYTES, ESP_OF_PASSWORD};
}

enum imqtt_status esp_string_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum esp_key key = (enum esp_key)call->command->which;
    struct esp_params taken;
    esp_begin_link(&taken, call->params);
    struct string_rule rule = rule_of(key);
    struct text string = key == ESP_PASSWORD ? esp_take_text(&taken, rule.most_bytes, rule.error)
                                             : esp_take_utf8(&taken, rule.most_bytes, rule.error);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (!esp_is_configured(modem))
        return esp_fail(modem, ESP_NOT_CONFIGURED);
    return kept(modem, keep_string(modem, key, string.raw));
}

static enum imqtt_status keep_typed(struct imqtt_modem *modem, enum esp_key key)
{
    struct span typed = modem_data(modem);
    bool is_text = utf8_is_valid(typed) && !utf8_has_disputed(typed);
    if (key != ESP_PASSWORD && !is_text) {
        esp_fail(modem, rule_of(key).error);
        return IMQTT_BAD_CHARACTER;
    }
    return kept(modem, keep_string(modem, key, typed));
}

enum imqtt_status esp_long_string_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum esp_key key = (enum esp_key)call->command->which;
    struct esp_params taken;
    struct typed_wish wish = {.end = TYPED_BY_COUNT};
    esp_begin_link(&taken, call->params);
    struct string_rule rule = rule_of(key);
    wish.bytes = esp_take_number(&taken, 1, rule.most_bytes, rule.error);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (!esp_is_configured(modem))
        return esp_fail(modem, ESP_NOT_CONFIGURED);
    return modem_has_data(modem) ? keep_typed(modem, key)
                                 : modem_prompt(modem, "\r\nOK\r\n>", &wish);
}

/* ---- AT+MQTTCONNCFG -------------------------------------------------------------------------------- */

struct connection {
    uint32_t keep_alive_s, keeps_session, will_qos, will_retained;
    struct text will_topic, will_message;
};

static void take_will(struct esp_params *taken, struct connection *connection)
{
    connection->will_topic = esp_take_will_topic(taken, WILL_TOPIC_BYTES);
    connection->will_message = esp_take_message(taken, WILL_MESSAGE_BYTES, ESP_OF_WILL_MESSAGE);
    connection->will_qos = esp_take_number(taken, 0, 2, ESP_OF_WILL_QOS);
    connection->will_retained = esp_take_number(taken, 0, 1, ESP_OF_WILL_RETAINED);
}

static enum imqtt_status keep_connection(struct imqtt_modem *modem,
                                         const struct connection *connection)
{
    return kept(modem, keep_number(modem, ESP_KEEP_ALIVE, connection->keep_alive_s) &&
                           keep_number(modem, ESP_KEEPS_SESSION, connection->keeps_session) &&
                           keep_string(modem, ESP_WILL_TOPIC, connection->will_topic.raw) &&
                           keep_string(modem, ESP_WILL_MESSAGE, connection->will_message.raw) &&
                           keep_number(modem, ESP_WILL_QOS, connection->will_qos) &&
                           keep_number(modem, ESP_WILL_RETAINED, connection->will_retained));
}

enum imqtt_status esp_connection_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct connection connection = {.keep_alive_s = 0};
    esp_begin_link(&taken, call->params);
    connection.keep_alive_s = esp_take_number(&taken, 0, KEEP_ALIVE_MAX_S, ESP_OF_KEEP_ALIVE);
    connection.keeps_session = esp_take_number(&taken, 0, 1, ESP_OF_SESSION);
    take_will(&taken, &connection);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    return esp_is_configured(modem) ? keep_connection(modem, &connection)
                                    : esp_fail(modem, ESP_NOT_CONFIGURED);
}

/* ---- AT+MQTTALPN, SNI: taken, without effect ------------------------------------------------------- */

static enum imqtt_status end_of_tls(struct esp_params *taken, struct imqtt_modem *modem)
{
    enum imqtt_status status = esp_end(taken, modem);
    if (status == IMQTT_DONE && !esp_is_configured(modem))
        status = esp_fail(modem, ESP_NOT_CONFIGURED);
    return status;
}

enum imqtt_status esp_alpn_set(struct at_call *call)
{
    struct esp_params taken;
    esp_begin_link(&taken, call->params);
    uint32_t count = esp_take_number(&taken, 0, PROTOCOLS_MAX, ESP_COUNT_IS_WRONG);
    for (uint32_t i = 0; i < count; i++)
        esp_take_text(&taken, UINT8_MAX, ESP_COUNT_IS_WRONG);
    return end_of_tls(&taken, call->context);
}

enum imqtt_status esp_server_name_set(struct at_call *call)
{
    struct esp_params taken;
    esp_begin_link(&taken, call->params);
    esp_take_text(&taken, IMQTT_ADDRESS_BYTES, ESP_OF_HOST);
    return end_of_tls(&taken, call->context);
}

#endif
