/* certificate_commands.c: AT+IMQTTCERT: files that the host brings; AT+IMQTTTLS: which of them its
 * connections use. Keys are never read back. */
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { CERT_WRITE = 0, CERT_LIST = 1, CERT_DELETE = 2 };

#define SHA256_BYTES 32

/* ---- AT+IMQTTCERT ------------------------------------------------------------------------------ */

static struct span take_name(struct params *params, bool may_be_empty)
{
    struct text name = params_text(params, CERTIFICATE_NAME_BYTES);
    if (name.escapes > 0)
        params_fail(params, IMQTT_BAD_CHARACTER);
    if (name.raw.count == 0 && !may_be_empty)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return name.raw;
}

/* +IMQTTCERT:<kind>,"<name>",<size>,<SHA-256> */
static enum imqtt_status show(struct imqtt_modem *modem, const struct certificate *file)
{
    const struct imqtt_tls_port *tls = &modem->ports.tls;
    uint8_t sha256[SHA256_BYTES];
    bool is_known =
        tls->fingerprint != NULL && tls->fingerprint(tls->context, (enum imqtt_pem_kind)file->kind,
                                                     file->bytes.bytes, file->bytes.count, sha256);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTCERT:");
    out_decimal(&line, file->kind);
    out_text(&line, ",\"");
    out_span(&line, file->name);
    out_text(&line, "\",");
    out_decimal(&line, (int32_t)file->bytes.count);
    out_u8(&line, ',');
    if (is_known)
        out_hex(&line, span_of(sha256, sizeof sha256));
    return modem_end_line(modem, &line);
}

static bool is_pem(const struct imqtt_modem *modem, const struct certificate *file)
{
    const struct imqtt_tls_port *tls = &modem->ports.tls;
    uint8_t sha256[SHA256_BYTES];
    return tls->fingerprint(tls->context, (enum imqtt_pem_kind)file->kind, file->bytes.bytes,
                            file->bytes.count, sha256);
}

static enum imqtt_status keep(struct imqtt_modem *modem, const struct certificate *file)
{
    if (!is_pem(modem, file))
        return IMQTT_BAD_CHARACTER;
    enum imqtt_status status = certificate_keep(modem, file);
    struct certificate kept;
    if ((status == IMQTT_DONE || status == IMQTT_PENDING) &&
        certificates_find(&modem->certificates, file->name, &kept))
        show(modem, &kept);
    return status;
}

static enum imqtt_status write(struct imqtt_modem *modem, struct params *params)
{
    struct certificate file = {.kind = (uint8_t)params_number(params, IMQTT_PEM_CA, IMQTT_PEM_KEY)};
    file.name = take_name(params, false);
    struct typed_wish wish = {.end = TYPED_BY_COUNT,
                              .bytes = params_number(params, 1, IMQTT_CERTIFICATE_BYTES)};
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (modem->ports.tls.fingerprint == NULL)
        return IMQTT_NOT_SUPPORTED;
    if (!modem_has_data(modem))
        return modem_prompt(modem, "\r\n>", &wish);
    file.bytes = modem_data(modem);
    return keep(modem, &file);
}

static enum imqtt_status list(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = params_end(params);
    struct span rest = certificates_all(&modem->certificates);
    struct certificate file;
    while (status == IMQTT_DONE && certificates_next(&rest, &file))
        status = show(modem, &file);
    return status;
}

static enum imqtt_status delete (struct imqtt_modem *modem, struct params *params) {
    uint32_t kind = params_number(params, IMQTT_PEM_CA, IMQTT_PEM_KEY);
    struct span name = take_name(params, false);
    enum imqtt_status status = params_end(params);
    struct certificate file;
    if (status != IMQTT_DONE) return status;
    if (!certificates_find(&modem->certificates, name, &file) ||
        file.kind != kind) return IMQTT_NOT_ALLOWED;
    return certificate_drop(modem, &name);
}

enum imqtt_status certificate_set(struct at_call *call)
{
    switch (params_number(call->params, CERT_WRITE, CERT_DELETE)) {
    case CERT_LIST:
        return list(call->context, call->params);
    case CERT_DELETE:
        return delete (call->context, call->params);
    default:
        return write(call->context, call->params);
    }
}

/* ---- AT+IMQTTTLS=<verify>[,"<CA>"[,"<certificate>","<key>"]] -------------------------------------- */

enum imqtt_status tls_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct span names[3] = {SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY};
    uint32_t verify = params_number(params, 0, 1);
    if (params_more(params))
        names[0] = take_name(params, true);
    if (params_more(params)) {
        names[1] = take_name(params, true);
        names[2] = take_name(params, true);
    }
    if ((names[1].count == 0) != (names[2].count == 0))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    bool is_kept = client_put_number(&modem->clients, TLS_OF_MODEM, TLS_VERIFY, verify);
    for (uint8_t i = 0; i < 3; i++)
        is_kept = is_kept &&
                  client_put_string(&modem->clients, TLS_OF_MODEM, (uint8_t)(TLS_CA + i), names[i]);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status tls_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTTLS:");
    out_decimal(&line, (int32_t)client_number(&modem->clients, TLS_OF_MODEM, TLS_VERIFY, 1));
    for (int key = TLS_CA; key <= TLS_KEY; key++) {
        out_text(&line, ",\"");
        out_span(&line, client_string(&modem->clients, TLS_OF_MODEM, (uint8_t)key));
        out_u8(&line, '"');
    }
    return modem_end_line(modem, &line);
}

#endif
