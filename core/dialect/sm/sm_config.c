/* sm_config.c: AT+SMCONF: what the next connection is to be like; AT+SMPUBHEX. */
#include "core/bytes/number.h"
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* ---- settings ------------------------------------------------------------------------------------- */

uint32_t sm_number(const struct imqtt_modem *modem, unsigned key)
{
    uint32_t factory = 0;
    if (key == SM_KEEP_ALIVE_S)
        factory = 60;
    else if (key == SM_CLEAN)
        factory = 1;
    else if (key == SM_PORT_NUMBER)
        factory = SM_PORT;
    return client_number(&modem->clients, SM_CLIENT, (uint8_t)key, factory);
}

struct span sm_string(const struct imqtt_modem *modem, unsigned key)
{
    return client_string(&modem->clients, SM_CLIENT, (uint8_t)key);
}

enum imqtt_status sm_put_number(struct imqtt_modem *modem, unsigned key, uint32_t number)
{
    bool is_kept = client_put_number(&modem->clients, SM_CLIENT, (uint8_t)key, number);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status sm_put_text(struct imqtt_modem *modem, unsigned key, struct text text)
{
    struct out out;
    if (!client_begin_string(&modem->clients, SM_CLIENT, (uint8_t)key, text_bytes(text), &out))
        return IMQTT_UNKNOWN_ERROR;
    text_put(text, &out);
    return IMQTT_DONE;
}

uint32_t sm_take_number(struct params *params, uint32_t min, uint32_t max)
{
    uint32_t number = min;
    if (!number_parse(params_text(params, SIZE_MAX).raw, min, max, &number))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return number;
}

/* ---- AT+SMCONF ------------------------------------------------------------------------------------ */

enum value_type { NUMBER, UTF8, TOPIC, BYTES };

/* One a key, in the order of enum sm_key. */
static const struct config_row {
    const char *name;
    enum value_type type;
    uint16_t max; /* of a number, or bytes */
} rows[SM_CONFIG_KEYS] = {
    [SM_CLIENT_ID] = {"CLIENTID", UTF8, IMQTT_CLIENT_ID_BYTES},
    [SM_URL] = {"URL", UTF8, IMQTT_ADDRESS_BYTES},
    [SM_KEEP_ALIVE_S] = {"KEEPTIME", NUMBER, UINT16_MAX},
    [SM_CLEAN] = {"CLEANSS", NUMBER, 1},
    [SM_USER_NAME] = {"USERNAME", UTF8, IMQTT_USER_NAME_BYTES},
    [SM_PASSWORD] = {"PASSWORD", BYTES, IMQTT_PASSWORD_BYTES},
    [SM_WILL_QOS] = {"QOS", NUMBER, 2},
    [SM_WILL_TOPIC] = {"TOPIC", TOPIC, SM_DATA_BYTES},
    [SM_WILL_MESSAGE] = {"MESSAGE", BYTES, SM_DATA_BYTES},
    [SM_WILL_RETAINED] = {"RETAIN", NUMBER, 1},
    [SM_RECEIVE_HEX] = {"SUBHEX", NUMBER, 1},
    [SM_ASYNCHRONOUS] = {"ASYNCMODE", NUMBER, 1},
};

static unsigned find_row(struct span name)
{
    unsigned key = 0;
    while (key < SM_CONFIG_KEYS && !span_equal_ignoring_case(name, span_text(rows[key].name)))
        key++;
    return key;
}

static enum imqtt_status set_address(struct at_call *call)
{
    struct text host = take_host(call->params);
    uint32_t port = SM_PORT;
    if (params_more(call->params))
        port = sm_take_number(call->params, 1, UINT16_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = sm_put_number(call->context, SM_PORT_NUMBER, port);
    return status == IMQTT_DONE ? sm_put_text(call->context, SM_URL, host) : status;
}

static enum imqtt_status set_number(struct at_call *call, unsigned key)
{
    uint32_t number = sm_take_number(call->params, 0, rows[key].max);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? sm_put_number(call->context, key, number) : status;
}

static enum imqtt_status set_text(struct at_call *call, unsigned key)
{
    const struct config_row *row = &rows[key];
    struct text text = row->type == BYTES ? params_text(call->params, row->max)
                                          : take_utf8(call->params, row->max);
    if (row->type == TOPIC && text_bytes(text) > 0)
        check_topic_name(call->params, text);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? sm_put_text(call->context, key, text) : status;
}

enum imqtt_status sm_config_set(struct at_call *call)
{
    unsigned key = find_row(params_text(call->params, SIZE_MAX).raw);
    if (key == SM_CONFIG_KEYS || call->params->error != IMQTT_DONE)
        return IMQTT_BAD_PARAMETERS;
    if (key == SM_URL)
        return set_address(call);
    return rows[key].type == NUMBER ? set_number(call, key) : set_text(call, key);
}

static void put_string(const struct imqtt_modem *modem, unsigned key, struct out *line)
{
    struct span string = sm_string(modem, key);
    out_u8(line, '"');
    if (key == SM_PASSWORD && string.count > 0)
        out_text(line, "*****");
    else
        quoting_put_escaped(line, string);
    out_u8(line, '"');
}

enum imqtt_status sm_config_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+SMCONF:");
    for (unsigned key = 0; key < SM_CONFIG_KEYS; key++) {
        out_text(&line, "\r\n");
        out_text(&line, rows[key].name);
        out_text(&line, ": ");
        if (rows[key].type == NUMBER)
            out_decimal(&line, (int32_t)sm_number(modem, key));
        else
            put_string(modem, key, &line);
        if (key == SM_URL) {
            out_u8(&line, ',');
            out_decimal(&line, (int32_t)sm_number(modem, SM_PORT_NUMBER));
        }
    }
    return modem_end_line(modem, &line);
}

/* ---- AT+SMPUBHEX ---------------------------------------------------------------------------------- */

enum imqtt_status sm_hex_set(struct at_call *call)
{
    uint32_t number = params_number(call->params, 0, 1);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? sm_put_number(call->context, SM_PUBLISH_HEX, number) : status;
}

enum imqtt_status sm_hex_read(struct at_call *call)
{
    return answer_number(call, "+SMPUBHEX: ", sm_number(call->context, SM_PUBLISH_HEX));
}

#endif
