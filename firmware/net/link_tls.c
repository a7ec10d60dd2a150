#include "firmware/net/link_tls.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "firmware/port/factory_page.h"
#include "firmware/port/random.h"
#include "lwip/altcp_tls.h"
#include "lwip/ip4_addr.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/ssl.h"

/* Before this no certificate was made that is still of use: a clock that shows it was never set. */
#define CLOCK_WAS_SET_S 1704067200 /* 2024 */

#define CONTEXT_TAG(number) (MBEDTLS_ASN1_CONTEXT_SPECIFIC | (number))
#define SAN_IP_ADDRESS      7 /* RFC 5280 4.2.1.6 */

static struct altcp_tls_config *shared;
static time_t now_s;

/* ---- time ----------------------------------------------------------------------------------- */

void link_tls_set_time(uint64_t unix_time_ms)
{
    now_s = (time_t)(unix_time_ms / 1000);
}

/* The C library's, for Mbed TLS. */
time_t time(time_t *result)
{
    if (result != NULL)
        *result = now_s;
    return now_s;
}

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *broken_down)
{
    return gmtime_r(seconds, broken_down);
}

/* ---- whose certificate ---------------------------------------------------------------------- */

static bool names_address(const mbedtls_x509_crt *certificate, const ip4_addr_t *address)
{
    const mbedtls_x509_sequence *name = &certificate->subject_alt_names;
    for (; name != NULL; name = name->next)
        if (name->buf.tag == CONTEXT_TAG(SAN_IP_ADDRESS) && name->buf.len == sizeof address->addr &&
            memcmp(name->buf.p, &address->addr, sizeof address->addr) == 0)
            return true;
    return false;
}

/* Mbed TLS compares names; an address is for us to compare. */
static int check_address(void *host, mbedtls_x509_crt *certificate, int depth, uint32_t *flags)
{
    ip4_addr_t address;
    bool is_literal = ip4addr_aton(host, &address) != 0;
    if (depth == 0 && is_literal && !names_address(certificate, &address))
        *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    return 0;
}

/* ---- a connection --------------------------------------------------------------------------- */

static bool refuse(struct imqtt_failure *why, const char *text)
{
    *why = (struct imqtt_failure){IMQTT_STAGE_TLS, 0, text};
    return false;
}

static bool make_shared(struct imqtt_failure *why)
{
    size_t bytes;
    const uint8_t *authorities = factory_authorities(&bytes);
    if (!random_is_there())
        return refuse(why, "no entropy: the factory gave no seed");
    if (authorities == NULL)
        return refuse(why, "the factory gave no certificates to trust");
    shared = altcp_tls_create_config_client(authorities, bytes);
    return shared != NULL || refuse(why, "the certificates to trust are unreadable");
}

/* lwIP does not insist on a good certificate; its configuration is reached through a connection. */
static bool insist(mbedtls_ssl_context *tls, const char *host)
{
    mbedtls_ssl_config *config = (mbedtls_ssl_config *)tls->conf;
    ip4_addr_t address;
    mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_verify(config, check_address, (void *)(uintptr_t)host);
    return ip4addr_aton(host, &address) || mbedtls_ssl_set_hostname(tls, host) == 0;
}

bool link_tls_new(struct altcp_pcb **pcb, const char *host, struct imqtt_failure *why)
{
    if (shared == NULL && !make_shared(why))
        return false;
    *pcb = altcp_tls_new(shared, IPADDR_TYPE_V4);
    if (*pcb != NULL && !insist(altcp_tls_context(*pcb), host)) {
        altcp_abort(*pcb);
        *pcb = NULL;
    }
    return true;
}

bool link_tls_has_begun(struct altcp_pcb *pcb)
{
    const mbedtls_ssl_context *tls = altcp_tls_context(pcb);
    return tls != NULL && tls->state != MBEDTLS_SSL_HELLO_REQUEST;
}

static const char *why_refused(uint32_t flags)
{
    bool never_set = now_s < CLOCK_WAS_SET_S;
    if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
        return "certificate of an unknown authority";
    if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
        return "certificate has expired";
    if (flags & MBEDTLS_X509_BADCERT_FUTURE)
        return never_set ? "the clock was never set (AT+CCLK): certificate is not yet valid"
                         : "certificate is not yet valid";
    if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH)
        return "certificate is for another name";
    return flags ? "certificate is not good enough" : "handshake failed";
}

struct imqtt_failure link_tls_failure(struct altcp_pcb *pcb)
{
    const mbedtls_ssl_context *tls = altcp_tls_context(pcb);
    uint32_t flags = tls->session_negotiate ? mbedtls_ssl_get_verify_result(tls) : 0;
    if (flags == UINT32_MAX) /* the handshake ended before there was a certificate */
        flags = 0;
    return (struct imqtt_failure){IMQTT_STAGE_TLS, (int32_t)flags, why_refused(flags)};
}
