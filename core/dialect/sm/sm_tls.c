/* sm_tls.c: AT+SMSSL: whether a connection is made over TLS, and with which files; AT+CSSLCFG: which
 * files belong together, and what is kept for a TLS context without effect. */
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

#define SHA256_BYTES 32

enum { INDEX_MAX = 5 };

/* ---- AT+SMSSL ------------------------------------------------------------------------------------- */

enum imqtt_status sm_tls_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct text ca = TEXT_EMPTY, certificate = TEXT_EMPTY;
    uint32_t index = params_number(params, 0, INDEX_MAX);
    if (params_more(params)) {
        ca = params_text(params, CERTIFICATE_NAME_BYTES);
        certificate = params_text(params, CERTIFICATE_NAME_BYTES);
    }
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = sm_put_text(modem, SM_TLS_CA, ca);
    if (status == IMQTT_DONE)
        status = sm_put_text(modem, SM_TLS_CERTIFICATE, certificate);
    return status == IMQTT_DONE ? sm_put_number(modem, SM_TLS_INDEX, index) : status;
}

enum imqtt_status sm_tls_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+SMSSL: ");
    out_decimal(&line, (int32_t)sm_number(modem, SM_TLS_INDEX));
    out_text(&line, ",\"");
    quoting_put_escaped(&line, sm_string(modem, SM_TLS_CA));
    out_text(&line, "\",\"");
    quoting_put_escaped(&line, sm_string(modem, SM_TLS_CERTIFICATE));
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

/* Without a CA nobody is verified; the key is the one that was converted with the certificate. */
enum imqtt_status sm_prepare(struct imqtt_modem *modem)
{
    struct tls_choice choice = {.ca = sm_string(modem, SM_TLS_CA),
                                .certificate = sm_string(modem, SM_TLS_CERTIFICATE)};
    choice.insecure = choice.ca.count == 0;
    if (choice.certificate.count > 0 &&
        span_equal(choice.certificate, sm_string(modem, SM_PAIR_CERTIFICATE)))
        choice.key = sm_string(modem, SM_PAIR_KEY);
    return modem->settings.tls ? modem_secure(modem, &choice) : IMQTT_DONE;
}

/* ---- AT+CSSLCFG=convert --------------------------------------------------------------------------- */

enum { CONVERT_CERTIFICATE = 1, CONVERT_CA = 2 };

/* It is there, and is what it is said to be. */
static bool is_good(const struct imqtt_modem *modem, struct span name, enum imqtt_pem_kind kind)
{
    const struct imqtt_tls_port *tls = &modem->ports.tls;
    uint8_t sha256[SHA256_BYTES];
    struct certificate file;
    return certificates_find(&modem->certificates, name, &file) && tls->fingerprint != NULL &&
           tls->fingerprint(tls->context, kind, file.bytes.bytes, file.bytes.count, sha256);
}

static enum imqtt_status convert_pair(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct text certificate = params_text(call->params, CERTIFICATE_NAME_BYTES);
    struct text key = params_text(call->params, CERTIFICATE_NAME_BYTES);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!is_good(modem, certificate.raw, IMQTT_PEM_CERTIFICATE) ||
        !is_good(modem, key.raw, IMQTT_PEM_KEY))
        return IMQTT_NOT_ALLOWED;
    status = sm_put_text(modem, SM_PAIR_CERTIFICATE, certificate);
    return status == IMQTT_DONE ? sm_put_text(modem, SM_PAIR_KEY, key) : status;
}

static enum imqtt_status convert(struct at_call *call)
{
    uint32_t kind = params_number(call->params, CONVERT_CERTIFICATE, CONVERT_CA);
    if (kind == CONVERT_CERTIFICATE)
        return convert_pair(call);
    struct span ca = params_text(call->params, CERTIFICATE_NAME_BYTES).raw;
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !is_good(call->context, ca, IMQTT_PEM_CA))
        status = IMQTT_NOT_ALLOWED;
    return status;
}

/* ---- the contexts --------------------------------------------------------------------------------- */

enum { VERSION_NONE = 4, VERSION_ALL = 5, PROTOCOL_TLS = 1, PROTOCOL_DTLS = 2 };

static bool is(struct span key, const char *name)
{
    return span_equal_ignoring_case(key, span_text(name));
}

/* The keys with a value, which is looked at and not kept: a connection uses what is safest. */
static void take_value(struct span key, struct params *params)
{
    if (is(key, "sslversion")) {
        if (params_number(params, 0, VERSION_ALL) == VERSION_NONE)
            params_fail(params, IMQTT_BAD_PARAMETERS);
    } else if (is(key, "sni")) {
        params_text(params, IMQTT_ADDRESS_BYTES);
    } else if (is(key, "protocol")) {
        params_number(params, PROTOCOL_TLS, PROTOCOL_DTLS);
    } else if (is(key, "ignorertctime")) {
        params_number(params, 0, 1);
    } else if (is(key, "ciphersuite")) { /* which of the list, and what */
        params_number(params, 0, UINT8_MAX);
        params_text(params, SIZE_MAX);
    } else if (!is(key, "ctxindex")) {
        params_fail(params, IMQTT_BAD_PARAMETERS);
    }
}

enum imqtt_status sm_context_set(struct at_call *call)
{
    struct span key = params_text(call->params, SIZE_MAX).raw;
    if (is(key, "convert"))
        return convert(call);
    uint32_t context = params_number(call->params, 0, INDEX_MAX);
    take_value(key, call->params);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && is(key, "ciphersuite"))
        modem_warn(call->context, "a list of ciphers is ignored, of TLS context", context);
    return status;
}

#endif
