/* config_commands.c: what the next connection will use: AT+IMQTTMODE, PARA, USER, ADDR, LWT, LWTBIN. */
#include "core/bytes/ascii.h"
#include "core/bytes/control_bytes.h"
#include "core/bytes/hex.h"
#include "core/bytes/number.h"
#include "core/bytes/utf8.h"
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/module/setting_params.h"
#include "core/modem/say.h"

/* ---- strings of the settings --------------------------------------------------------------- */

static void put_text(struct strings *strings, enum setting setting, struct text text)
{
    struct out out = strings_begin(strings, setting_place(setting), text_bytes(text));
    text_put(text, &out);
}

static bool make_room(struct imqtt_modem *modem, size_t bytes)
{
    return strings_make_room(&modem->settings.strings, bytes);
}

/* ---- AT+IMQTTMODE (M2.1) ------------------------------------------------------------------- */

enum imqtt_status mode_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct settings *settings = &modem->settings;
    uint16_t mode = take_setting(params, settings, SETTING_MODE);
    uint16_t tls = take_setting(params, settings, SETTING_TLS);
    uint16_t receive_mode = take_optional_setting(params, settings, SETTING_RECEIVE_MODE);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    settings->mode = (uint8_t)mode;
    settings->tls = tls == 1;
    settings->receive_mode = (uint8_t)receive_mode;
    return IMQTT_DONE;
}

enum imqtt_status mode_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTMODE:");
    out_decimal(&line, modem->settings.mode);
    out_u8(&line, ',');
    out_decimal(&line, modem->settings.tls);
    out_u8(&line, ',');
    out_decimal(&line, modem->settings.receive_mode);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTPARA (M2.2) ------------------------------------------------------------------- */

static const char *version_name(uint8_t version)
{
    return version == VERSION_3_1 ? "3.1" : "3.1.1";
}

/* A number, or what a version is called. */
static uint16_t take_version(struct params *params)
{
    struct span name = params_text(params, SIZE_MAX).raw;
    for (int version = VERSION_3_1; version <= VERSION_3_1_1; version++)
        if (span_equal(name, span_text(version_name((uint8_t)version))))
            return (uint16_t)version;
    params_fail(params, IMQTT_BAD_PARAMETERS);
    return VERSION_3_1_1;
}

/* In the order in which they are read back. */
static const struct {
    const char *tag;
    enum setting setting;
} para_tags[] = {
    {"TIMEOUT", SETTING_TIMEOUT_S},
    {"CLEAN", SETTING_CLEAN_SESSION},
    {"KEEPALIVE", SETTING_KEEP_ALIVE_S},
    {"VERSION", SETTING_VERSION},
};
#define PARA_TAGS (sizeof para_tags / sizeof para_tags[0])

static size_t tag_index(struct span name)
{
    for (size_t i = 0; i < PARA_TAGS; i++)
        if (span_equal_ignoring_case(name, span_text(para_tags[i].tag)))
            return i;
    return PARA_TAGS;
}

static uint16_t take_tagged(struct params *params, const struct settings *settings,
                            enum setting setting)
{
    return setting == SETTING_VERSION ? take_version(params)
                                      : take_setting(params, settings, setting);
}

static void put_tagged(struct settings *settings, const uint16_t values[], unsigned given)
{
    for (size_t i = 0; i < PARA_TAGS; i++)
        if ((given & 1U << i) != 0)
            setting_put_number(settings, para_tags[i].setting, values[i]);
}

enum imqtt_status para_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint16_t values[PARA_TAGS] = {0};
    unsigned given = 0;
    do {
        size_t index = tag_index(params_text(params, SIZE_MAX).raw);
        if (index == PARA_TAGS || (given & 1U << index) != 0)
            return IMQTT_BAD_PARAMETERS;
        given |= 1U << index;
        values[index] = take_tagged(params, &modem->settings, para_tags[index].setting);
    } while (params_more(params));
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        put_tagged(&modem->settings, values, given);
    return status;
}

enum imqtt_status para_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTPARA:");
    for (size_t i = 0; i < PARA_TAGS; i++) {
        out_text(&line, i == 0 ? "" : ",");
        out_text(&line, para_tags[i].tag);
        out_u8(&line, ',');
        if (para_tags[i].setting == SETTING_VERSION)
            out_text(&line, version_name(modem->settings.request.version));
        else
            out_decimal(&line, setting_number(&modem->settings, para_tags[i].setting));
    }
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTUSER (M2.3) ------------------------------------------------------------------- */

enum imqtt_status user_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct text user_name = take_utf8(params, IMQTT_USER_NAME_BYTES);
    struct text password = params_text(params, IMQTT_PASSWORD_BYTES);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!make_room(modem, text_bytes(user_name) + text_bytes(password)))
        return IMQTT_UNKNOWN_ERROR;
    put_text(&modem->settings.strings, SETTING_USER_NAME, user_name);
    put_text(&modem->settings.strings, SETTING_PASSWORD, password);
    return IMQTT_DONE;
}

enum imqtt_status user_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span user_name = setting_string(&modem->settings, SETTING_USER_NAME);
    bool has_password = setting_string(&modem->settings, SETTING_PASSWORD).count > 0;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTUSER:");
    quoting_put_string(&line, user_name);
    out_text(&line, has_password ? ",*****" : ",\"\"");
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTADDR (M2.4) ------------------------------------------------------------------- */

enum imqtt_status address_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct text host = take_host(params);
    uint32_t port = params_number(params, 1, UINT16_MAX);
    struct text client_id = take_utf8(params, IMQTT_CLIENT_ID_BYTES);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!make_room(modem, text_bytes(host) + text_bytes(client_id)))
        return IMQTT_UNKNOWN_ERROR;
    put_text(&modem->settings.strings, SETTING_ADDRESS, host);
    put_text(&modem->settings.strings, SETTING_CLIENT_ID, client_id);
    modem->settings.port = (uint16_t)port;
    return IMQTT_DONE;
}

enum imqtt_status address_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (modem->settings.port == 0)
        return IMQTT_DONE;
    struct span host = setting_string(&modem->settings, SETTING_ADDRESS);
    struct span client_id = setting_string(&modem->settings, SETTING_CLIENT_ID);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTADDR:");
    quoting_put_string(&line, host);
    out_u8(&line, ',');
    out_decimal(&line, modem->settings.port);
    out_u8(&line, ',');
    quoting_put_string(&line, client_id);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTLWT, AT+IMQTTLWTBIN (M2.5, M2.6): one will, two ways to type and read it -------- */

/* AT+IMQTTLWT="" */
static bool clears_will(struct text topic, const struct params *params)
{
    return topic.raw.count == 0 && !params_more(params) && params->error == IMQTT_DONE;
}

static enum imqtt_status clear_will(struct imqtt_modem *modem)
{
    strings_put(&modem->settings.strings, setting_place(SETTING_WILL_TOPIC), SPAN_EMPTY);
    strings_put(&modem->settings.strings, setting_place(SETTING_WILL_MESSAGE), SPAN_EMPTY);
    return IMQTT_DONE;
}

/* The message is still to be written into *message. */
static enum imqtt_status keep_will(struct imqtt_modem *modem, const struct publish_params *will,
                                   size_t message_bytes, struct out *message)
{
    struct strings *strings = &modem->settings.strings;
    if (!make_room(modem, text_bytes(will->topic) + message_bytes))
        return IMQTT_UNKNOWN_ERROR;
    put_text(strings, SETTING_WILL_TOPIC, will->topic);
    modem->settings.will_qos = will->qos;
    modem->settings.will_retained = will->retained;
    *message = strings_begin(strings, setting_place(SETTING_WILL_MESSAGE), message_bytes);
    return IMQTT_DONE;
}

enum imqtt_status will_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params will = {.topic = params_text(params, SIZE_MAX)};
    if (clears_will(will.topic, params))
        return clear_will(modem);
    struct text text = take_publish_text(params, &will);
    enum imqtt_status status = params_end(params);
    struct out message;
    if (status == IMQTT_DONE)
        status = keep_will(modem, &will, text_bytes(text), &message);
    if (status == IMQTT_DONE)
        text_put(text, &message);
    return status;
}

enum imqtt_status will_hex_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params will = {.topic = params_text(params, SIZE_MAX)};
    if (clears_will(will.topic, params))
        return clear_will(modem);
    struct span hex = take_publish_hex(params, &will);
    enum imqtt_status status = params_end(params);
    struct out message;
    if (status == IMQTT_DONE)
        status = keep_will(modem, &will, hex.count / 2, &message);
    if (status == IMQTT_DONE)
        hex_decode(hex, &message);
    return status;
}

static struct out begin_will_line(struct imqtt_modem *modem, const char *name)
{
    struct span topic = setting_string(&modem->settings, SETTING_WILL_TOPIC);
    struct out line = modem_begin_line(modem);
    out_text(&line, name);
    quoting_put_string(&line, topic);
    out_u8(&line, ',');
    out_decimal(&line, modem->settings.will_qos);
    out_u8(&line, ',');
    return line;
}

static enum imqtt_status end_will_line(struct imqtt_modem *modem, struct out *line)
{
    out_u8(line, ',');
    out_decimal(line, modem->settings.will_retained);
    return modem_end_line(modem, line);
}

/* What it has of control bytes could not be typed back. */
static bool is_text(struct span message)
{
    return !has_control(message);
}

enum imqtt_status will_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span message = setting_string(&modem->settings, SETTING_WILL_MESSAGE);
    if (!settings_have_will(&modem->settings))
        return IMQTT_DONE;
    if (!is_text(message))
        return IMQTT_BAD_CHARACTER;
    struct out line = begin_will_line(modem, "+IMQTTLWT:");
    quoting_put_string(&line, message);
    return end_will_line(modem, &line);
}

enum imqtt_status will_hex_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span message = setting_string(&modem->settings, SETTING_WILL_MESSAGE);
    if (!settings_have_will(&modem->settings))
        return IMQTT_DONE;
    struct out line = begin_will_line(modem, "+IMQTTLWTBIN:");
    result_put_hex(&line, message);
    return end_will_line(modem, &line);
}

/* A will with control bytes is shown in hex. */
enum imqtt_status will_view(struct at_call *call)
{
    enum imqtt_status status = will_read(call);
    return status == IMQTT_BAD_CHARACTER ? will_hex_read(call) : status;
}
