#include "host/net/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/net/tls_sessions.h"
#include "host/net/tls_validity.h"

struct tls {
    SSL_CTX *context; /* NULL until it is needed */
    struct tls_settings settings;
    const struct observer *observer;
    bool system_authorities_wanted;
    int64_t lists_end; /* Unix time: when the first revocation list is out of date */
    struct tls_sessions sessions;
};

struct tls_link {
    struct tls *tls;
    SSL *ssl;
    struct endpoint host;
    int64_t verified_until; /* Unix time */
    bool is_open;
    bool waits_for_input;
    bool waits_for_room;
    struct imqtt_failure failure;
};

/* ---- the context ---------------------------------------------------------------------------- */

static const char *reason_of(unsigned long error)
{
    const char *reason =
        ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
    return reason != NULL ? reason : "unknown TLS error";
}

/* A connection that was resumed is as good as the one before it. */
static void note_validity(struct tls_link *link)
{
    if (SSL_session_reused(link->ssl))
        return;
    link->verified_until = chain_valid_until(SSL_get0_verified_chain(link->ssl));
    if (link->verified_until > link->tls->lists_end)
        link->verified_until = link->tls->lists_end;
}

/* Only a session of a connection whose certificate was verified; see tls_sessions.h. */
static int on_new_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_link *link = SSL_get_app_data(ssl);
    if (link->tls->settings.insecure || SSL_get_verify_result(ssl) != X509_V_OK)
        return 0;
    note_validity(link);
    tls_sessions_keep(&link->tls->sessions, &link->host, session, link->verified_until);
    return 1;
}

static void set_up(SSL_CTX *context, bool verify)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_new_session);
}

static bool trust(struct tls *tls, const char *ca_file)
{
    tls->system_authorities_wanted = ca_file == NULL && !tls->settings.insecure;
    return ca_file == NULL || SSL_CTX_load_verify_file(tls->context, ca_file) == 1;
}

/* Of the whole chain: an authority between may be revoked as well. */
static bool mistrust(SSL_CTX *context, const char *crl_file)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    return lookup != NULL && X509_load_crl_file(lookup, crl_file, X509_FILETYPE_PEM) > 0 &&
           X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

static void note_lists(struct tls *tls)
{
    tls->lists_end = lists_valid_until(SSL_CTX_get_cert_store(tls->context));
    if (tls->lists_end <= time(NULL))
        observer_log(
            tls->observer, LEVEL_WARNING, "tls",
            "a revocation list is out of date: its authority's certificates will be refused");
}

static bool refuse_with_reason(struct host_refusal *refusal, const char *setting, const char *value)
{
    return refuse(refusal, setting, value, reason_of(ERR_peek_error()));
}

static bool configure(struct tls *tls, struct host_refusal *refusal)
{
    const struct tls_settings *settings = &tls->settings;
    if (!trust(tls, settings->ca_file))
        return refuse_with_reason(refusal, "--tls-ca", settings->ca_file);
    if (settings->crl_file != NULL && !mistrust(tls->context, settings->crl_file))
        return refuse_with_reason(refusal, "--tls-crl", settings->crl_file);
    note_lists(tls);
    set_up(tls->context, !settings->insecure);
    return true;
}

/* Not before somebody needs it: OpenSSL alone takes as long to begin as the rest of the program. */
static bool get_ready(struct tls *tls, struct host_refusal *refusal)
{
    if (tls->context != NULL)
        return true;
    tls->context = SSL_CTX_new(TLS_client_method());
    if (tls->context == NULL)
        return refuse_with_reason(refusal, "TLS", NULL);
    if (configure(tls, refusal))
        return true;
    SSL_CTX_free(tls->context);
    tls->context = NULL;
    return false;
}

struct tls *tls_new(const struct tls_settings *settings, const struct observer *observer,
                    struct host_refusal *refusal)
{
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        refuse(refusal, "TLS", NULL, strerror(ENOMEM));
        return NULL;
    }
    tls->settings = *settings;
    tls->observer = observer;
    ERR_clear_error();
    bool has_files = settings->ca_file != NULL || settings->crl_file != NULL;
    if (!has_files || get_ready(tls, refusal))
        return tls;
    tls_end(tls);
    return NULL;
}

void tls_end(struct tls *tls)
{
    if (tls == NULL)
        return;
    tls_sessions_end(&tls->sessions);
    SSL_CTX_free(tls->context);
    free(tls);
}

/* A file of authorities that cannot be opened just now is no error to OpenSSL. Revocation lists are
 * in the store as well. */
static bool has_authorities(const struct tls *tls)
{
    X509_STORE *store = SSL_CTX_get_cert_store(tls->context);
    const STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, i)) == X509_LU_X509)
            return true;
    return false;
}

/* Some 20 ms, so not before somebody needs it; and again, as long as there are none. */
static bool trust_the_system(struct tls *tls)
{
    if (tls->system_authorities_wanted && SSL_CTX_set_default_verify_paths(tls->context) != 1)
        return false;
    tls->system_authorities_wanted = tls->system_authorities_wanted && !has_authorities(tls);
    return true;
}

/* ---- one connection ------------------------------------------------------------------------- */

static bool is_address(const char *host)
{
    struct in6_addr number;
    return inet_pton(AF_INET, host, &number) == 1 || inet_pton(AF_INET6, host, &number) == 1;
}

/* SNI is for names only (RFC 6066 section 3). */
static bool name_peer(struct tls_link *link)
{
    const char *host = link->host.host;
    X509_VERIFY_PARAM *expected = SSL_get0_param(link->ssl);
    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1;
    SSL_set_hostflags(link->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(link->ssl, host) == 1 && SSL_set_tlsext_host_name(link->ssl, host) == 1;
}

static bool prepare(struct tls_link *link, int fd)
{
    link->ssl = SSL_new(link->tls->context);
    if (link->ssl == NULL || SSL_set_fd(link->ssl, fd) != 1 || !name_peer(link))
        return false;
    SSL_set_app_data(link->ssl, link);
    SSL_set_connect_state(link->ssl);
    SSL_SESSION *known =
        tls_sessions_find(&link->tls->sessions, &link->host, &link->verified_until);
    return known == NULL || SSL_set_session(link->ssl, known) == 1;
}

struct tls_link *tls_begin(struct tls *tls, int fd, const struct endpoint *host,
                           struct imqtt_failure *failure)
{
    struct host_refusal refusal;
    struct tls_link *link = calloc(1, sizeof *link);
    *failure = (struct imqtt_failure){IMQTT_STAGE_TLS, ENOMEM, strerror(ENOMEM)};
    if (link == NULL)
        return NULL;
    ERR_clear_error();
    link->tls = tls;
    link->host = *host;
    if (get_ready(tls, &refusal) && trust_the_system(tls) && prepare(link, fd))
        return link;
    unsigned long error = ERR_peek_error();
    *failure = (struct imqtt_failure){IMQTT_STAGE_TLS, ERR_GET_REASON(error), reason_of(error)};
    tls_close(link);
    return NULL;
}

static void fail(struct tls_link *link, enum imqtt_stage stage, int32_t code, const char *text)
{
    link->failure = (struct imqtt_failure){stage, code, text};
}

static enum tls_outcome closed(struct tls_link *link)
{
    if (link->is_open)
        fail(link, IMQTT_STAGE_PEER, 0, "connection closed by the broker");
    else
        fail(link, IMQTT_STAGE_TLS, 0, "connection closed by the broker during the TLS handshake");
    return TLS_CLOSED;
}

/* A peer that closes without TLS's goodbye has closed: MQTT's packets show what is complete. */
static enum tls_outcome protocol_failed(struct tls_link *link)
{
    unsigned long error = ERR_peek_error();
    int reason = ERR_GET_REASON(error);
    long verified = SSL_get_verify_result(link->ssl);
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return closed(link);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK)
        fail(link, IMQTT_STAGE_TLS, (int32_t)verified, X509_verify_cert_error_string(verified));
    else
        fail(link, IMQTT_STAGE_TLS, reason, reason_of(error));
    return TLS_FAILED;
}

static enum tls_outcome outcome(struct tls_link *link, int result)
{
    int saved_errno = errno;
    int error = SSL_get_error(link->ssl, result);
    link->waits_for_input = error == SSL_ERROR_WANT_READ;
    link->waits_for_room = error == SSL_ERROR_WANT_WRITE;
    switch (error) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return TLS_WAITS;
    case SSL_ERROR_ZERO_RETURN:
        return closed(link);
    case SSL_ERROR_SYSCALL:
        if (saved_errno == 0)
            return closed(link);
        fail(link, link->is_open ? IMQTT_STAGE_PEER : IMQTT_STAGE_TLS, saved_errno,
             strerror(saved_errno));
        return TLS_FAILED;
    default:
        return protocol_failed(link);
    }
}

static void before_call(void)
{
    ERR_clear_error();
    errno = 0;
}

/* OpenSSL has checked this already; a mistake of ours here must not go unnoticed. */
static bool peer_is_verified(const struct tls_link *link)
{
    return link->tls->settings.insecure || (SSL_get_verify_result(link->ssl) == X509_V_OK &&
                                            SSL_get0_peer_certificate(link->ssl) != NULL);
}

enum tls_outcome tls_handshake(struct tls_link *link)
{
    before_call();
    enum tls_outcome result = outcome(link, SSL_do_handshake(link->ssl));
    if (result == TLS_DONE && !peer_is_verified(link)) {
        fail(link, IMQTT_STAGE_TLS, 0, "the certificate is not verified");
        result = TLS_FAILED;
    }
    if (result == TLS_FAILED || result == TLS_CLOSED)
        tls_sessions_forget(&link->tls->sessions, &link->host);
    link->is_open = result == TLS_DONE;
    return result;
}

enum tls_outcome tls_read(struct tls_link *link, void *bytes, size_t count, size_t *got)
{
    *got = 0;
    before_call();
    return outcome(link, SSL_read_ex(link->ssl, bytes, count, got));
}

enum tls_outcome tls_write(struct tls_link *link, const void *bytes, size_t count, size_t *got)
{
    *got = 0;
    before_call();
    return outcome(link, SSL_write_ex(link->ssl, bytes, count, got));
}

bool tls_waits_for_input(const struct tls_link *link)
{
    return link->waits_for_input;
}

bool tls_waits_for_room(const struct tls_link *link)
{
    return link->waits_for_room;
}

bool tls_has_unread(const struct tls_link *link)
{
    return SSL_has_pending(link->ssl) == 1;
}

struct imqtt_failure tls_failure(const struct tls_link *link)
{
    return link->failure;
}

/* OpenSSL takes the session of a connection without goodbye for suspect, which a lost TCP
 * connection does not make it. */
static void say_goodbye(struct tls_link *link)
{
    before_call();
    if (link->failure.text == NULL)
        SSL_shutdown(link->ssl);
    if (link->failure.stage != IMQTT_STAGE_TLS)
        SSL_set_shutdown(link->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void tls_close(struct tls_link *link)
{
    if (link == NULL)
        return;
    if (link->is_open)
        say_goodbye(link);
    SSL_free(link->ssl);
    free(link);
}
