/* cmqtt_config.c: AT+CMQTTCFG and SSLCFG: what an index is set to until it is released. */
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/imqtt/checks.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { CONTEXT_MAX = 9, TIMEOUT_S = 120 };

/* Keys with a number, or two numbers of the same range. */
struct config_row {
    const char *name;
    enum cmqtt_key key, second; /* the same: there is none */
    uint8_t min, max;
};

static const struct config_row rows[] = {
    {"version", CMQTT_VERSION, CMQTT_VERSION, VERSION_3_1, VERSION_3_1_1},
    {"checkUTF8", CMQTT_CHECK_UTF8, CMQTT_CHECK_UTF8, 0, 1},
    {"optimeout", CMQTT_TIMEOUT_S, CMQTT_TIMEOUT_S, 20, TIMEOUT_S},
    {"argtopic", CMQTT_ARGUMENT_PUB, CMQTT_ARGUMENT_SUB, 0, 1},
    {"CID", CMQTT_CID, CMQTT_CID, 1, 16},
};

uint32_t cmqtt_number(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key)
{
    uint32_t factory = 0;
    if (key == CMQTT_VERSION)
        factory = VERSION_3_1;
    else if (key == CMQTT_TIMEOUT_S)
        factory = TIMEOUT_S;
    else if (key == CMQTT_CONTEXT)
        factory = index;
    else if (key == CMQTT_CHECK_UTF8)
        factory = 1;
    return client_number(&modem->clients, index, (uint8_t)key, factory);
}

struct span cmqtt_string(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key)
{
    return client_string(&modem->clients, index, (uint8_t)key);
}

static const struct config_row *find_row(struct span name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (span_equal_ignoring_case(name, span_text(rows[i].name)))
            return &rows[i];
    return NULL;
}

/* ---- AT+CMQTTCFG -------------------------------------------------------------------------------- */

static bool put_text(struct imqtt_modem *modem, uint8_t index, unsigned key, struct text text)
{
    struct out out;
    if (!client_begin_string(&modem->clients, index, (uint8_t)key, text_bytes(text), &out))
        return false;
    text_put(text, &out);
    return true;
}

/* "aliauth": the triple of a device on Alibaba's platform. */
static enum imqtt_status set_triple(struct at_call *call, uint8_t index)
{
    struct text fields[3];
    bool is_kept = true;
    for (unsigned i = 0; i < 3; i++)
        fields[i] = take_utf8(call->params, IMQTT_ALIYUN_FIELD_BYTES);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    for (unsigned i = 0; i < 3; i++)
        is_kept = is_kept && put_text(call->context, index, CMQTT_PRODUCT_KEY + i, fields[i]);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

static enum imqtt_status set_numbers(struct at_call *call, uint8_t index,
                                     const struct config_row *row)
{
    struct imqtt_modem *modem = call->context;
    uint32_t first = params_number(call->params, row->min, row->max), second = first;
    if (row->second != row->key)
        second = params_optional_number(call->params, row->min, row->max, 0);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    bool is_kept = client_put_number(&modem->clients, index, (uint8_t)row->second, second) &&
                   client_put_number(&modem->clients, index, (uint8_t)row->key, first);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status cmqtt_config_set(struct at_call *call)
{
    struct span name = params_text(call->params, SIZE_MAX).raw;
    const struct config_row *row = find_row(name);
    uint8_t index = cmqtt_take_index(call->params);
    if (span_equal_ignoring_case(name, span_text("aliauth")))
        return set_triple(call, index);
    return row != NULL ? set_numbers(call, index, row) : IMQTT_BAD_PARAMETERS;
}

enum imqtt_status cmqtt_config_read(struct at_call *call)
{
    static const enum cmqtt_key shown[] = {CMQTT_VERSION, CMQTT_CHECK_UTF8, CMQTT_TIMEOUT_S};
    struct imqtt_modem *modem = call->context;
    if (!cmqtt_is_started(modem))
        return IMQTT_NOT_ALLOWED;
    struct out line = modem_begin_line(modem);
    for (uint8_t index = 0; index <= CMQTT_INDEX_MAX; index++) {
        cmqtt_begin_row(&line, "+CMQTTCFG: ", index);
        for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
            out_u8(&line, ',');
            out_decimal(&line, (int32_t)cmqtt_number(modem, index, shown[i]));
        }
    }
    return modem_end_line(modem, &line);
}

/* ---- AT+CMQTTSSLCFG ----------------------------------------------------------------------------- */

enum imqtt_status cmqtt_context_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = cmqtt_take_index(call->params);
    uint32_t context = params_number(call->params, 0, CONTEXT_MAX);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    bool is_kept = client_put_number(&modem->clients, index, CMQTT_CONTEXT, context);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status cmqtt_context_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!cmqtt_is_started(modem))
        return IMQTT_NOT_ALLOWED;
    struct out line = modem_begin_line(modem);
    for (uint8_t index = 0; index <= CMQTT_INDEX_MAX; index++) {
        cmqtt_begin_row(&line, "+CMQTTSSLCFG: ", index);
        out_u8(&line, ',');
        out_decimal(&line, (int32_t)cmqtt_number(modem, index, CMQTT_CONTEXT));
    }
    return modem_end_line(modem, &line);
}

#endif
