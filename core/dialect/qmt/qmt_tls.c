/* qmt_tls.c: AT+QSSLCFG: what each TLS context is set to. */
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum value_type { NUMBER, FILE_NAME, CIPHERS };

struct tls_row {
    const char *name;
    uint8_t key; /* enum qmt_tls_key */
    enum value_type type;
    uint16_t min, max, factory;
};

static const struct tls_row rows[] = {
    {"sslversion", QMT_TLS_PROTOCOL, NUMBER, 0, 4, 4},
    {"ciphersuite", QMT_TLS_CIPHERS, CIPHERS, 0, 0, 0},
    {"cacert", QMT_TLS_CA, FILE_NAME, 0, 0, 0},
    {"clientcert", QMT_TLS_CERTIFICATE, FILE_NAME, 0, 0, 0},
    {"clientkey", QMT_TLS_KEY, FILE_NAME, 0, 0, 0},
    {"seclevel", QMT_TLS_SECURITY, NUMBER, 0, 3, 0},
    {"ignorelocaltime", QMT_TLS_IGNORE_TIME, NUMBER, 0, 1, 1},
    {"sni", QMT_TLS_SNI, NUMBER, 0, 1, 1},
    {"checkhost", QMT_TLS_CHECK_HOST, NUMBER, 0, 1, 1},
    {"negotiatetime", QMT_TLS_NEGOTIATE_S, NUMBER, 10, 300, 300},
    {"session", QMT_TLS_SESSION, NUMBER, 0, 1, 1},
    {"renegotiation", QMT_TLS_RENEGOTIATION, NUMBER, 0, 1, 0},
    {"dtls", QMT_TLS_DTLS, NUMBER, 0, 1, 0},
    {"dtlsversion", QMT_TLS_DTLS_VERSION, NUMBER, 0, 2, 2},
    {"session_cache", QMT_TLS_SESSION_CACHE, NUMBER, 0, 1, 0},
    {"closetimemode", QMT_TLS_CLOSE_TIME, NUMBER, 0, 1, 0},
    {"ignorertctime", QMT_TLS_IGNORE_CLOCK, NUMBER, 0, 1, 1},
    {"ignoreinvalidcertsign", QMT_TLS_IGNORE_SIGNATURE, NUMBER, 0, 1, 0},
    {"ignoremulticertchainverify", QMT_TLS_IGNORE_CHAIN, NUMBER, 0, 1, 0},
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct tls_row *find_row(struct span name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (span_equal_ignoring_case(name, span_text(rows[i].name)))
            return &rows[i];
    return NULL;
}

static struct span without_prefix(struct span name)
{
    struct span rest = name, prefix;
    bool has_prefix =
        span_take(&rest, 4, &prefix) && span_equal_ignoring_case(prefix, span_text("UFS:"));
    return has_prefix ? rest : name;
}

static enum imqtt_status set_value(struct imqtt_modem *modem, const struct tls_row *row,
                                   uint8_t context, struct params *params)
{
    uint32_t number = 0;
    struct span text = SPAN_EMPTY;
    if (row->type == NUMBER)
        number = params_number(params, row->min, row->max);
    else
        text = params_text(params, CERTIFICATE_NAME_BYTES).raw;
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (row->type == CIPHERS)
        modem_warn(modem, "a list of ciphers is kept and ignored, of TLS context", context);
    uint8_t client = (uint8_t)(QMT_TLS_CONTEXTS + context);
    bool is_kept = row->type == NUMBER
                       ? client_put_number(&modem->clients, client, row->key, number)
                       : client_put_string(&modem->clients, client, row->key, without_prefix(text));
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

static enum imqtt_status show_value(struct imqtt_modem *modem, const struct tls_row *row,
                                    uint8_t context)
{
    uint8_t client = (uint8_t)(QMT_TLS_CONTEXTS + context);
    struct span text = client_string(&modem->clients, client, row->key);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QSSLCFG: \"");
    out_text(&line, row->name);
    out_text(&line, "\",");
    out_decimal(&line, context);
    out_u8(&line, ',');
    if (row->type == NUMBER) {
        out_decimal(&line, (int32_t)client_number(&modem->clients, client, row->key, row->factory));
    } else if (row->type == CIPHERS) {
        out_span(&line, text.count > 0 ? text : span_text("0XFFFF"));
    } else {
        out_u8(&line, '"');
        out_span(&line, text);
        out_u8(&line, '"');
    }
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_tls_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct tls_row *row = find_row(params_text(call->params, SIZE_MAX).raw);
    uint8_t context = (uint8_t)params_number(call->params, 0, QMT_TLS_CONTEXT_MAX);
    if (row == NULL || call->params->error != IMQTT_DONE)
        return IMQTT_BAD_PARAMETERS;
    return params_more(call->params) ? set_value(modem, row, context, call->params)
                                     : show_value(modem, row, context);
}

static void put_range(struct out *line, const struct tls_row *row)
{
    out_text(line, ",(");
    out_decimal(line, row->min);
    out_u8(line, row->max == row->min + 1 ? ',' : '-');
    out_decimal(line, row->max);
    out_u8(line, ')');
}

enum imqtt_status qmt_tls_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (size_t i = 0; status == IMQTT_DONE && i < ROWS; i++) {
        struct out line = modem_begin_line(modem);
        out_text(&line, "+QSSLCFG: \"");
        out_text(&line, rows[i].name);
        out_text(&line, "\",(0-5)");
        if (rows[i].type == NUMBER)
            put_range(&line, &rows[i]);
        else
            out_text(&line, rows[i].type == CIPHERS ? ",<list>" : ",<file>");
        status = modem_end_line(modem, &line);
    }
    return status;
}

/* Without a CA the server is one whom the application trusts. */
enum imqtt_status qmt_secure(struct imqtt_modem *modem, uint8_t index)
{
    const struct client_settings *set = &modem->clients;
    uint8_t client = (uint8_t)(QMT_TLS_CONTEXTS + qmt_number(modem, index, QMT_TLS_CONTEXT));
    uint32_t security = client_number(set, client, QMT_TLS_SECURITY, 0);
    struct tls_choice choice = {.insecure = security == 0};
    if (qmt_number(modem, index, QMT_TLS) == 0)
        return IMQTT_DONE;
    if (security > 0)
        choice.ca = client_string(set, client, QMT_TLS_CA);
    if (security > 1) {
        choice.certificate = client_string(set, client, QMT_TLS_CERTIFICATE);
        choice.key = client_string(set, client, QMT_TLS_KEY);
    }
    return modem_secure(modem, &choice);
}

enum imqtt_status qmt_prepare(struct imqtt_modem *modem)
{
    const struct broker_link *link = modem->link;
    bool is_open = mqtt_client_state(&link->mqtt) != MQTT_IDLE;
    return is_open ? IMQTT_DONE : qmt_secure(modem, link->client);
}

#endif
