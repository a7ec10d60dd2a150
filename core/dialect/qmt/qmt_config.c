/* qmt_config.c: AT+QMTCFG: what each index is set to. */
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* ---- numbers ---------------------------------------------------------------------------------- */

enum { ROW_VALUES = 3 }; /* at most */

struct value {
    uint16_t min, max, factory;
    bool is_optional;
};

/* By enum qmt_key. */
static const struct value values[] = {
    [QMT_VERSION] = {3, 4, 4, false},
    [QMT_CONTEXT] = {1, 16, 1, false},
    [QMT_TLS] = {0, 1, 0, false},
    [QMT_TLS_CONTEXT] = {0, 5, 0, true},
    [QMT_KEEP_ALIVE_S] = {0, 3600, 120, false},
    [QMT_SESSION] = {0, 1, 1, false},
    [QMT_TIMEOUT_S] = {1, 60, 5, false},
    [QMT_RETRIES] = {0, 10, 3, true},
    [QMT_NOTICE] = {0, 1, 0, true},
    [QMT_RECEIVE_MODE] = {0, 1, 0, false},
    [QMT_RECEIVE_LENGTH] = {0, 1, 0, true},
    [QMT_SEND_MODE] = {0, 1, 0, false},
    [QMT_SEND_FORMAT] = {0, 1, 0, false},
    [QMT_RECEIVE_FORMAT] = {0, 1, 0, false},
    [QMT_VIEW] = {0, 1, 0, false},
    [QMT_EDIT] = {0, 1, 0, false},
    [QMT_EDIT_S] = {1, 120, 10, true},
    [QMT_PING_S] = {5, 60, 5, false},
    [QMT_CLOSE_S] = {0, 65535, 0, false},
    [QMT_SHOW_LENGTH] = {0, 1, 0, false},
    [QMT_ECHO] = {0, 1, 1, false},
};
#define VALUES (sizeof values / sizeof values[0])

/* Of a row one value, or several that stand behind each other. */
struct config_row {
    const char *name;
    enum qmt_key first;
    uint8_t count;
};

static const struct config_row rows[] = {
    {"version", QMT_VERSION, 1},
    {"pdpcid", QMT_CONTEXT, 1},
    {"ssl", QMT_TLS, 2},
    {"keepalive", QMT_KEEP_ALIVE_S, 1},
    {"session", QMT_SESSION, 1},
    {"timeout", QMT_TIMEOUT_S, 3},
    {"recv/mode", QMT_RECEIVE_MODE, 2},
    {"send/mode", QMT_SEND_MODE, 1},
    {"dataformat", QMT_SEND_FORMAT, 2},
    {"view/mode", QMT_VIEW, 1},
    {"edit/timeout", QMT_EDIT, 2},
    {"qmtping", QMT_PING_S, 1},
    {"close/time", QMT_CLOSE_S, 1},
    {"showrecvlen", QMT_SHOW_LENGTH, 1},
    {"echomode", QMT_ECHO, 1},
};
#define ROWS (sizeof rows / sizeof rows[0])

uint32_t qmt_number(const struct imqtt_modem *modem, uint8_t index, enum qmt_key key)
{
    uint32_t factory = (size_t)key < VALUES ? values[key].factory : 0;
    return client_number(&modem->clients, index, (uint8_t)key, factory);
}

struct span qmt_string(const struct imqtt_modem *modem, uint8_t index, enum qmt_key key)
{
    return client_string(&modem->clients, index, (uint8_t)key);
}

/* BC26 says 0 and 1 for 3 and 4. */
static uint32_t take_number(struct params *params, unsigned key)
{
    const struct value *value = &values[key];
    bool is_version = key == QMT_VERSION;
    uint32_t number = params_number(params, is_version ? 0 : value->min, value->max);
    if (is_version && number == 2)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return is_version && number < value->min ? number + value->min : number;
}

/* What is left out at the end stays as it is. */
static enum imqtt_status set_numbers(struct imqtt_modem *modem, const struct config_row *row,
                                     uint8_t index, struct params *params)
{
    uint32_t numbers[ROW_VALUES] = {0};
    uint8_t given = 0;
    for (; given < row->count; given++) {
        if (values[row->first + given].is_optional && !params_more(params))
            break;
        numbers[given] = take_number(params, row->first + given);
    }
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    for (uint8_t i = 0; i < given; i++)
        if (!client_put_number(&modem->clients, index, (uint8_t)(row->first + i), numbers[i]))
            return IMQTT_UNKNOWN_ERROR;
    qmt_follow_receive_mode(modem, index);
    return IMQTT_DONE;
}

static struct out begin_line(struct imqtt_modem *modem, const char *name)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QMTCFG: \"");
    out_text(&line, name);
    out_u8(&line, '"');
    return line;
}

static void put_number(struct out *line, uint32_t number)
{
    out_u8(line, ',');
    out_decimal(line, (int32_t)number);
}

/* Of TLS that is off no context is shown. */
static enum imqtt_status show_numbers(struct imqtt_modem *modem, const struct config_row *row,
                                      uint8_t index)
{
    struct out line = begin_line(modem, row->name);
    for (uint8_t i = 0; i < row->count; i++) {
        enum qmt_key key = (enum qmt_key)(row->first + i);
        uint32_t number = qmt_number(modem, index, key);
        put_number(&line, number);
        if (key == QMT_TLS && number == 0)
            break;
    }
    return modem_end_line(modem, &line);
}

/* ---- "will", and "willex" with its message behind a prompt -------------------------------------- */

struct will {
    uint32_t qos, retained;
    struct text topic;
    struct span message;
};

static enum imqtt_status keep_will(struct imqtt_modem *modem, uint8_t index,
                                   const struct will *will, struct text typed)
{
    struct client_settings *clients = &modem->clients;
    struct out topic, message;
    size_t bytes = will->message.count + text_bytes(typed);
    if (!client_begin_string(clients, index, QMT_WILL_TOPIC, text_bytes(will->topic), &topic))
        return IMQTT_UNKNOWN_ERROR;
    text_put(will->topic, &topic);
    if (!client_begin_string(clients, index, QMT_WILL_MESSAGE, bytes, &message))
        return IMQTT_UNKNOWN_ERROR;
    out_span(&message, will->message);
    text_put(typed, &message);
    bool is_kept = client_put_number(clients, index, QMT_WILL_QOS, will->qos) &&
                   client_put_number(clients, index, QMT_WILL_RETAINED, will->retained) &&
                   client_put_number(clients, index, QMT_WILL, 1);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

/* Some hosts name the whole will that there is not to be. */
static enum imqtt_status clear_will(struct imqtt_modem *modem, uint8_t index, struct params *params)
{
    while (params_more(params))
        params_text(params, SIZE_MAX);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        client_forget(&modem->clients, index, QMT_WILL);
    return status;
}

static void take_will(struct params *params, struct will *will)
{
    will->qos = params_number(params, 0, 2);
    will->retained = params_number(params, 0, 1);
    will->topic = params_text(params, SIZE_MAX);
    check_topic_name(params, will->topic);
}

static enum imqtt_status set_will(struct imqtt_modem *modem, uint8_t index, struct params *params)
{
    struct will will = {.qos = 0};
    if (params_number(params, 0, 1) == 0)
        return clear_will(modem, index, params);
    take_will(params, &will);
    struct text message = params_text(params, SIZE_MAX);
    enum imqtt_status status = params_end(params);
    return status == IMQTT_DONE ? keep_will(modem, index, &will, message) : status;
}

static enum imqtt_status set_long_will(struct imqtt_modem *modem, uint8_t index,
                                       struct params *params)
{
    struct will will = {.qos = 0};
    if (params_number(params, 0, 1) == 0)
        return clear_will(modem, index, params);
    take_will(params, &will);
    struct typed_wish wish = {.end = TYPED_BY_COUNT,
                              .bytes = params_number(params, 1, QMT_DATA_BYTES)};
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!modem_has_data(modem))
        return modem_prompt(modem, "\r\n> ", &wish);
    will.message = modem_data(modem);
    return keep_will(modem, index, &will, TEXT_EMPTY);
}

static enum imqtt_status show_will(struct imqtt_modem *modem, const char *name, uint8_t index)
{
    bool is_set = qmt_number(modem, index, QMT_WILL) == 1;
    struct out line = begin_line(modem, name);
    put_number(&line, is_set);
    if (!is_set)
        return modem_end_line(modem, &line);
    put_number(&line, qmt_number(modem, index, QMT_WILL_QOS));
    put_number(&line, qmt_number(modem, index, QMT_WILL_RETAINED));
    out_text(&line, ",\"");
    quoting_put_escaped(&line, qmt_string(modem, index, QMT_WILL_TOPIC));
    out_text(&line, "\",\"");
    quoting_put_escaped(&line, qmt_string(modem, index, QMT_WILL_MESSAGE));
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

/* ---- "aliauth": the triple that is signed -------------------------------------------------------- */

static enum imqtt_status set_triple(struct imqtt_modem *modem, uint8_t index, struct params *params)
{
    struct text fields[3];
    for (uint8_t i = 0; i < 3; i++)
        fields[i] = params_text(params, IMQTT_ALIYUN_FIELD_BYTES);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    for (uint8_t i = 0; i < 3; i++) {
        struct out out;
        if (!client_begin_string(&modem->clients, index, (uint8_t)(QMT_PRODUCT_KEY + i),
                                 text_bytes(fields[i]), &out))
            return IMQTT_UNKNOWN_ERROR;
        text_put(fields[i], &out);
    }
    return IMQTT_DONE;
}

static enum imqtt_status show_triple(struct imqtt_modem *modem, uint8_t index)
{
    struct out line = begin_line(modem, "aliauth");
    out_text(&line, ",\"");
    quoting_put_escaped(&line, qmt_string(modem, index, QMT_PRODUCT_KEY));
    out_text(&line, "\",\"");
    quoting_put_escaped(&line, qmt_string(modem, index, QMT_DEVICE_NAME));
    bool has_secret = qmt_string(modem, index, QMT_DEVICE_SECRET).count > 0;
    out_text(&line, has_secret ? "\",\"*****\"" : "\",\"\"");
    return modem_end_line(modem, &line);
}

/* ---- AT+QMTCFG ------------------------------------------------------------------------------------ */

static bool is(struct span name, const char *word)
{
    return span_equal_ignoring_case(name, span_text(word));
}

static const struct config_row *find_row(struct span name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

static enum imqtt_status show_key(struct imqtt_modem *modem, struct span name, uint8_t index)
{
    const struct config_row *row = find_row(name);
    if (row != NULL)
        return show_numbers(modem, row, index);
    if (is(name, "aliauth"))
        return show_triple(modem, index);
    return show_will(modem, is(name, "will") ? "will" : "willex", index);
}

static enum imqtt_status set_key(struct imqtt_modem *modem, struct span name, uint8_t index,
                                 struct params *params)
{
    const struct config_row *row = find_row(name);
    if (row != NULL)
        return set_numbers(modem, row, index, params);
    if (is(name, "aliauth"))
        return set_triple(modem, index, params);
    return is(name, "will") ? set_will(modem, index, params) : set_long_will(modem, index, params);
}

static bool is_known(struct span name)
{
    return find_row(name) != NULL || is(name, "aliauth") || is(name, "will") || is(name, "willex");
}

enum imqtt_status qmt_config_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span name = params_text(call->params, SIZE_MAX).raw;
    uint8_t index = qmt_take_index(call->params);
    if (call->params->error != IMQTT_DONE || !is_known(name))
        return IMQTT_BAD_PARAMETERS;
    return params_more(call->params) ? set_key(modem, name, index, call->params)
                                     : show_key(modem, name, index);
}

static void put_range(struct out *line, const struct value *value)
{
    out_text(line, ",(");
    out_decimal(line, value->min);
    out_u8(line, value->max == value->min + 1 ? ',' : '-');
    out_decimal(line, value->max);
    out_u8(line, ')');
}

/* Those that are no numbers. */
static enum imqtt_status show_texts(struct imqtt_modem *modem, enum imqtt_status status)
{
    static const char *const forms[] = {
        "+QMTCFG: \"will\",(0-5),(0,1),(0-2),(0,1),<will_topic>,<will_message>",
        "+QMTCFG: \"willex\",(0-5),(0,1),(0-2),(0,1),<will_topic>,<will_length>",
        "+QMTCFG: \"aliauth\",(0-5),<product_key>,<device_name>,<device_secret>",
    };
    for (size_t i = 0; status == IMQTT_DONE && i < sizeof forms / sizeof forms[0]; i++) {
        struct out line = modem_begin_line(modem);
        out_text(&line, forms[i]);
        status = modem_end_line(modem, &line);
    }
    return status;
}

enum imqtt_status qmt_config_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (size_t i = 0; status == IMQTT_DONE && i < ROWS; i++) {
        struct out line = begin_line(modem, rows[i].name);
        out_text(&line, ",(0-5)");
        for (size_t k = 0; k < rows[i].count; k++)
            put_range(&line, &values[rows[i].first + k]);
        status = modem_end_line(modem, &line);
    }
    return show_texts(modem, status);
}

#endif
