/* ica_settings.c: AT+IMQTTMODE, OPEN, PARA and RCVCFG. */
#include "core/bytes/number.h"
#include "core/dialect/ica/ica_commands.h"
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/modem/say.h"
#include "core/settings/fields.h"

#if IMQTT_WITH_DIALECTS

static bool keep_text(struct settings *settings, enum setting setting, struct text text)
{
    if (!strings_make_room(&settings->strings, text_bytes(text)))
        return false;
    struct out out = strings_begin(&settings->strings, setting_place(setting), text_bytes(text));
    text_put(text, &out);
    return true;
}

/* ---- AT+IMQTTMODE=<tls>; two or three numbers are those of M2.1 ------------------------------- */

enum imqtt_status ica_mode_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params first = *call->params;
    uint32_t tls = params_number(&first, 0, 2);
    if (params_more(&first))
        return mode_set(call);
    enum imqtt_status status = params_end(&first);
    if (status == IMQTT_DONE && tls > 1)
        status = IMQTT_BAD_PARAMETERS;
    if (status == IMQTT_DONE)
        modem->settings.tls = tls == 1;
    return status;
}

enum imqtt_status ica_mode_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTMODE:");
    out_decimal(&line, modem->settings.tls);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTOPEN: an address; nothing is opened ---------------------------------------------- */

enum imqtt_status ica_open_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct text host = take_host(call->params);
    uint32_t port = params_number(call->params, 1, UINT16_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!keep_text(&modem->settings, SETTING_ADDRESS, host))
        return IMQTT_UNKNOWN_ERROR;
    modem->settings.port = (uint16_t)port;
    return IMQTT_DONE;
}

enum imqtt_status ica_open_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (modem->settings.port == 0)
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTOPEN:\"");
    out_span(&line, setting_string(&modem->settings, SETTING_ADDRESS));
    out_text(&line, "\",");
    out_decimal(&line, modem->settings.port);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTPARA: tags in any order; numbers out of range are drawn into it ------------------ */

enum { TIMEOUT_MIN_S = 1, TIMEOUT_MAX_S = 60, KEEP_ALIVE_MIN_S = 60, KEEP_ALIVE_MAX_S = 180 };

enum tag { TIMEOUT, CLEAN, KEEPALIVE, VERSION, AUTHMODE, USER, PASSWORD, CLIENTID, TAGS };

static const char *const tag_names[TAGS] = {"TIMEOUT",  "CLEAN", "KEEPALIVE", "VERSION",
                                            "AUTHMODE", "USER",  "PASSWORD",  "CLIENTID"};

/* What was typed behind each tag; numbers are in force when all is well. */
struct para {
    unsigned given; /* a bit a tag */
    uint32_t numbers[TAGS];
    struct text texts[TAGS];
};

static enum tag find_tag(struct span name)
{
    enum tag tag = TIMEOUT;
    while (tag < TAGS && !span_equal_ignoring_case(name, span_text(tag_names[tag])))
        tag++;
    return tag;
}

static uint32_t take_clamped(struct params *params, uint32_t min, uint32_t max)
{
    uint32_t value = min;
    if (!number_parse(params_text(params, SIZE_MAX).raw, 0, UINT16_MAX, &value))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    if (value < min)
        return min;
    return value > max ? max : value;
}

static uint32_t take_flag(struct params *params)
{
    uint32_t value = 0;
    if (!number_parse(params_text(params, SIZE_MAX).raw, 0, 1, &value))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return value;
}

/* 1.0.0 is what MBLTEK's hosts call 3.1.1. */
static uint32_t take_version(struct params *params)
{
    struct span name = params_text(params, SIZE_MAX).raw;
    if (span_equal(name, span_text("3.1")))
        return VERSION_3_1;
    if (!span_equal(name, span_text("3.1.1")) && !span_equal(name, span_text("1.0.0")))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return VERSION_3_1_1;
}

static void take_value(struct para *para, enum tag tag, struct params *params)
{
    switch (tag) {
    case TIMEOUT:
        para->numbers[tag] = take_clamped(params, TIMEOUT_MIN_S, TIMEOUT_MAX_S);
        break;
    case KEEPALIVE:
        para->numbers[tag] = take_clamped(params, KEEP_ALIVE_MIN_S, KEEP_ALIVE_MAX_S);
        break;
    case VERSION:
        para->numbers[tag] = take_version(params);
        break;
    case USER:
        para->texts[tag] = take_utf8(params, IMQTT_USER_NAME_BYTES);
        break;
    case PASSWORD:
        para->texts[tag] = params_text(params, IMQTT_PASSWORD_BYTES);
        break;
    case CLIENTID:
        para->texts[tag] = take_utf8(params, IMQTT_CLIENT_ID_BYTES);
        break;
    default:
        para->numbers[tag] = take_flag(params);
        break;
    }
}

static bool is_given(const struct para *para, enum tag tag)
{
    return (para->given & 1U << tag) != 0;
}

static bool put_texts(struct settings *settings, const struct para *para)
{
    size_t bytes = 0;
    for (enum tag tag = USER; tag < TAGS; tag++)
        bytes += text_bytes(para->texts[tag]);
    if (!strings_make_room(&settings->strings, bytes))
        return false;
    static const enum setting places[TAGS] = {
        [USER] = SETTING_USER_NAME, [PASSWORD] = SETTING_PASSWORD, [CLIENTID] = SETTING_CLIENT_ID};
    for (enum tag tag = USER; tag < TAGS; tag++)
        if (is_given(para, tag))
            keep_text(settings, places[tag], para->texts[tag]);
    return true;
}

/* AUTHMODE 1 signs with the triple, as mode 1 of M2.1 does. */
static void put_numbers(struct settings *settings, const struct para *para)
{
    if (is_given(para, TIMEOUT))
        settings->request.timeout_s = (uint8_t)para->numbers[TIMEOUT];
    if (is_given(para, CLEAN))
        settings->request.clean_session = para->numbers[CLEAN] == 1;
    if (is_given(para, KEEPALIVE))
        settings->request.keep_alive_s = (uint16_t)para->numbers[KEEPALIVE];
    if (is_given(para, VERSION))
        settings->request.version = (uint8_t)para->numbers[VERSION];
    if (is_given(para, AUTHMODE))
        settings->mode = para->numbers[AUTHMODE] == 1 ? MODE_ALIYUN : MODE_STANDARD;
}

enum imqtt_status ica_para_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct para para = {.given = 0};
    do {
        enum tag tag = find_tag(params_text(params, SIZE_MAX).raw);
        if (tag == TAGS || is_given(&para, tag))
            return IMQTT_BAD_PARAMETERS;
        para.given |= 1U << tag;
        take_value(&para, tag, params);
    } while (params_more(params));
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!put_texts(&modem->settings, &para))
        return IMQTT_UNKNOWN_ERROR;
    put_numbers(&modem->settings, &para);
    return IMQTT_DONE;
}

static void put_string(struct out *line, const char *tag, struct span string)
{
    out_text(line, tag);
    quoting_put_string(line, string);
}

enum imqtt_status ica_para_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct settings *settings = &modem->settings;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTPARA:TIMEOUT,");
    out_decimal(&line, settings->request.timeout_s);
    out_text(&line, settings->request.clean_session ? ",CLEAN,1" : ",CLEAN,0");
    out_text(&line, ",KEEPALIVE,");
    out_decimal(&line, settings->request.keep_alive_s);
    out_text(&line, settings->request.version == VERSION_3_1 ? ",VERSION,3.1" : ",VERSION,3.1.1");
    out_text(&line, settings_are_aliyun(settings) ? ",AUTHMODE,1" : ",AUTHMODE,0");
    put_string(&line, ",USER,", setting_string(settings, SETTING_USER_NAME));
    bool has_password = setting_string(settings, SETTING_PASSWORD).count > 0;
    out_text(&line, has_password ? ",PASSWORD,*****" : ",PASSWORD,\"\"");
    put_string(&line, ",CLIENTID,", setting_string(settings, SETTING_CLIENT_ID));
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTRCVCFG: hex or text, and how long a part may be ---------------------------------- */

enum imqtt_status ica_receive_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t format = params_number(call->params, 0, 1);
    uint32_t bytes = params_number(call->params, 1, ICA_PART_BYTES);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!client_put_number(&modem->clients, ICA_CLIENT, ICA_RECEIVE_PART, bytes))
        return IMQTT_UNKNOWN_ERROR;
    modem->settings.receive_hex = format == 1;
    return IMQTT_DONE;
}

enum imqtt_status ica_receive_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTRCVCFG:");
    out_decimal(&line, modem->settings.receive_hex);
    out_u8(&line, ',');
    out_decimal(&line, (int32_t)client_number(&modem->clients, ICA_CLIENT, ICA_RECEIVE_PART,
                                              ICA_PART_BYTES));
    return modem_end_line(modem, &line);
}

#endif
