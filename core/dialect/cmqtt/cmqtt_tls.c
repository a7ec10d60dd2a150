/* cmqtt_tls.c: AT+CSSLCFG: what each TLS context is set to; AT+CCERTDOWN, CCERTLIST and CCERTDELE: the
 * files that they name. None is read back. */
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* The first of the contexts, among the clients of client_settings.h. */
enum { CONTEXTS = 100, CONTEXT_MAX = 9 };
enum { NAME_MIN_BYTES = 5 };

/* The order in which they are shown. */
enum tls_value {
    PROTOCOL,
    AUTHENTICATION,
    IGNORE_TIME,
    NEGOTIATE_S,
    CA,
    CERTIFICATE,
    KEY,
    PASSWORD,
    SNI,
    IGNORE_NAME,
};

/* <authmode> */
enum { VERIFY_NONE, VERIFY_SERVER, VERIFY_BOTH, VERIFY_CLIENT };

struct tls_row {
    const char *name;
    bool is_text;
    uint16_t min, max, factory;
};

static const struct tls_row rows[] = {
    [PROTOCOL] = {"sslversion", false, 0, 4, 4},
    [AUTHENTICATION] = {"authmode", false, 0, 3, VERIFY_NONE},
    [IGNORE_TIME] = {"ignorelocaltime", false, 0, 1, 1},
    [NEGOTIATE_S] = {"negotiatetime", false, 10, 300, 300},
    [CA] = {"cacert", true, NAME_MIN_BYTES, CERTIFICATE_NAME_BYTES, 0},
    [CERTIFICATE] = {"clientcert", true, NAME_MIN_BYTES, CERTIFICATE_NAME_BYTES, 0},
    [KEY] = {"clientkey", true, NAME_MIN_BYTES, CERTIFICATE_NAME_BYTES, 0},
    [PASSWORD] = {"password", true, 0, CERTIFICATE_NAME_BYTES, 0},
    [SNI] = {"enableSNI", false, 0, 1, 0},
    [IGNORE_NAME] = {"ignorecertCN", false, 0, 1, 0},
};
#define ROWS (sizeof rows / sizeof rows[0])

/* ---- AT+CSSLCFG ---------------------------------------------------------------------------------- */

static uint8_t client_of(uint32_t context)
{
    return (uint8_t)(CONTEXTS + context);
}

static uint8_t find_row(struct span name)
{
    uint8_t row = 0;
    while (row < ROWS && !span_equal_ignoring_case(name, span_text(rows[row].name)))
        row++;
    return row;
}

static enum imqtt_status set_number(struct at_call *call, uint8_t row, uint8_t client)
{
    struct imqtt_modem *modem = call->context;
    uint32_t number = params_number(call->params, rows[row].min, rows[row].max);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    return client_put_number(&modem->clients, client, row, number) ? IMQTT_DONE
                                                                   : IMQTT_UNKNOWN_ERROR;
}

static enum imqtt_status set_text(struct at_call *call, uint8_t row, uint8_t client)
{
    struct imqtt_modem *modem = call->context;
    struct text text = params_text(call->params, rows[row].max);
    struct out out;
    size_t bytes = text_bytes(text); /* 0: no file any more */
    if (bytes > 0 && bytes < rows[row].min)
        params_fail(call->params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!client_begin_string(&modem->clients, client, row, bytes, &out))
        return IMQTT_UNKNOWN_ERROR;
    text_put(text, &out);
    return IMQTT_DONE;
}

static void put_string(struct out *line, uint8_t row, struct span string)
{
    out_text(line, ",\"");
    if (row == PASSWORD && string.count > 0)
        out_text(line, "*****");
    else
        quoting_put_escaped(line, string);
    out_u8(line, '"');
}

static void put_context(const struct imqtt_modem *modem, uint32_t context, struct out *line)
{
    const struct client_settings *set = &modem->clients;
    out_text(line, "+CSSLCFG: ");
    out_decimal(line, (int32_t)context);
    for (unsigned i = 0; i < ROWS; i++) {
        uint8_t row = (uint8_t)i;
        if (rows[row].is_text) {
            put_string(line, row, client_string(set, client_of(context), row));
            continue;
        }
        out_u8(line, ',');
        out_decimal(line, (int32_t)client_number(set, client_of(context), row, rows[row].factory));
    }
}

static enum imqtt_status show_context(struct at_call *call)
{
    uint32_t context = params_number(call->params, 0, CONTEXT_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    struct out line = modem_begin_line(call->context);
    put_context(call->context, context, &line);
    return modem_end_line(call->context, &line);
}

static enum imqtt_status ignore_ciphers(struct at_call *call, uint32_t context)
{
    params_text(call->params, SIZE_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        modem_warn(call->context, "a list of ciphers is ignored, of TLS context", context);
    return status;
}

/* "<key>",<context>,<value>; or a context alone, which is shown. */
enum imqtt_status cmqtt_tls_set(struct at_call *call)
{
    struct params rest = *call->params;
    struct span key = params_text(&rest, SIZE_MAX).raw;
    uint8_t row = find_row(key);
    bool is_of_ciphers = span_equal_ignoring_case(key, span_text("ciphersuites"));
    if (row == ROWS && !is_of_ciphers)
        return show_context(call);
    *call->params = rest;
    uint32_t context = params_number(call->params, 0, CONTEXT_MAX);
    if (is_of_ciphers)
        return ignore_ciphers(call, context);
    uint8_t client = client_of(context);
    return rows[row].is_text ? set_text(call, row, client) : set_number(call, row, client);
}

enum imqtt_status cmqtt_tls_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    for (uint32_t context = 0; context <= CONTEXT_MAX; context++) {
        if (context > 0)
            out_text(&line, "\r\n");
        put_context(modem, context, &line);
    }
    return modem_end_line(modem, &line);
}

/* Without a CA the server is one whom the application trusts. */
enum imqtt_status cmqtt_secure(struct imqtt_modem *modem, uint8_t index)
{
    const struct client_settings *set = &modem->clients;
    uint8_t client = client_of(cmqtt_number(modem, index, CMQTT_CONTEXT));
    uint32_t mode = client_number(set, client, AUTHENTICATION, VERIFY_NONE);
    struct tls_choice choice = {.insecure = mode == VERIFY_NONE || mode == VERIFY_CLIENT};
    if (!choice.insecure)
        choice.ca = client_string(set, client, CA);
    if (mode == VERIFY_BOTH || mode == VERIFY_CLIENT) {
        choice.certificate = client_string(set, client, CERTIFICATE);
        choice.key = client_string(set, client, KEY);
    }
    return modem_secure(modem, &choice);
}

enum imqtt_status cmqtt_prepare(struct imqtt_modem *modem)
{
    return modem->settings.tls ? cmqtt_secure(modem, modem->link->client) : IMQTT_DONE;
}

/* ---- AT+CCERTDOWN, CCERTLIST, CCERTDELE ----------------------------------------------------------- */

static struct span take_name(struct params *params)
{
    struct text name = params_text(params, CERTIFICATE_NAME_BYTES);
    if (name.raw.count < NAME_MIN_BYTES || name.escapes > 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return name.raw;
}

enum imqtt_status cmqtt_download_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct certificate file = {.kind = IMQTT_PEM_ANY, .name = take_name(call->params)};
    uint32_t bytes = params_number(call->params, 1, IMQTT_CERTIFICATE_BYTES);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = cmqtt_ask_for(modem, bytes);
    if (status != IMQTT_DONE)
        return status;
    file.bytes = modem_data(modem);
    return certificate_keep(modem, &file);
}

enum imqtt_status cmqtt_certificates_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span rest = certificates_all(&modem->certificates);
    struct certificate file;
    enum imqtt_status status = params_end(call->params);
    while (status == IMQTT_DONE && certificates_next(&rest, &file)) {
        struct out line = modem_begin_line(modem);
        out_text(&line, "+CCERTLIST: \"");
        out_span(&line, file.name);
        out_u8(&line, '"');
        status = modem_end_line(modem, &line);
    }
    return status;
}

enum imqtt_status cmqtt_delete_set(struct at_call *call)
{
    struct span name = take_name(call->params);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? certificate_drop(call->context, &name) : status;
}

#endif
