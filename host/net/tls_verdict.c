#include "host/net/tls_verdict.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#include "host/net/tls_context.h"

/* What a broker says that thinks something of our certificate. */
static const struct {
    int reason;
    const char *text;
} alerts[] = {
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "the broker wants a client certificate"},
    {SSL_R_SSLV3_ALERT_NO_CERTIFICATE, "the broker wants a client certificate"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "the broker says the client certificate has expired"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "the broker says the client certificate is revoked"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, "the broker does not know the client certificate's authority"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the broker refuses the client certificate"},
    {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "the broker refuses the client certificate"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "the broker refuses the client certificate"},
    {SSL_R_TLSV1_ALERT_ACCESS_DENIED, "the broker refuses the client certificate"},
};

/* With TLS 1.3 our handshake is over before the broker has looked at our certificate; and with 1.2
 * some say only that it failed. */
static const char *certificate_text(const struct tls_moment *moment)
{
    return moment->has_certificate
               ? "the broker asked for the client certificate, and then ended the connection"
               : "the broker wants a client certificate";
}

static bool may_be_our_certificate(const struct tls_moment *moment)
{
    return moment->was_asked && !moment->has_heard;
}

struct imqtt_failure tls_closed_verdict(const struct tls_moment *moment)
{
    if (may_be_our_certificate(moment))
        return (struct imqtt_failure){IMQTT_STAGE_TLS, 0, certificate_text(moment)};
    if (moment->is_open)
        return (struct imqtt_failure){IMQTT_STAGE_PEER, 0, "connection closed by the broker"};
    return (struct imqtt_failure){IMQTT_STAGE_TLS, 0,
                                  "connection closed by the broker during the TLS handshake"};
}

struct imqtt_failure tls_broken_verdict(const struct tls_moment *moment, int error)
{
    if (may_be_our_certificate(moment))
        return (struct imqtt_failure){IMQTT_STAGE_TLS, error, certificate_text(moment)};
    return (struct imqtt_failure){moment->is_open ? IMQTT_STAGE_PEER : IMQTT_STAGE_TLS, error,
                                  strerror(error)};
}

static const char *alert_text(const struct tls_moment *moment, unsigned long error)
{
    int reason = ERR_GET_REASON(error);
    if (!moment->was_asked)
        return tls_reason(error);
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
        if (alerts[i].reason == reason)
            return alerts[i].text;
    if (reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)
        return certificate_text(moment);
    return tls_reason(error);
}

struct imqtt_failure tls_error_verdict(const struct tls_moment *moment, unsigned long error,
                                       long verified)
{
    int reason = ERR_GET_REASON(error);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK)
        return (struct imqtt_failure){IMQTT_STAGE_TLS, (int32_t)verified,
                                      X509_verify_cert_error_string(verified)};
    return (struct imqtt_failure){IMQTT_STAGE_TLS, reason, alert_text(moment, error)};
}
