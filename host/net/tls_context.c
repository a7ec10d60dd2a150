#include "host/net/tls_context.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>

#include "host/net/tls_pem.h"
#include "host/net/tls_validity.h"

/* No DHE: a broker may choose the group, and one of 10,000 bits holds everybody up for a second. */
#define CIPHERS_1_2 "DEFAULT:!kDHE:!kDHEPSK"
#define GROUPS      "X25519:P-256:P-384:P-521"

const char *tls_reason(unsigned long error)
{
    const char *reason =
        ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
    return reason != NULL ? reason : "unknown TLS error";
}

/* ---- sessions ------------------------------------------------------------------------------- */

/* A connection that was resumed is as good as the one before it. */
static void note_validity(struct tls_peer *peer, const SSL *ssl)
{
    if (SSL_session_reused(ssl))
        return;
    peer->verified_until = chain_valid_until(SSL_get0_verified_chain(ssl));
    if (peer->verified_until > peer->context->loaded.lists_end)
        peer->verified_until = peer->context->loaded.lists_end;
}

/* Of a context whose files were read again since, a session may have passed what would now fail. */
static bool is_of_now(const struct tls_peer *peer, const SSL *ssl)
{
    return SSL_get_SSL_CTX(ssl) == peer->context->loaded.openssl;
}

/* Only a session of a connection whose certificate was verified; see tls_sessions.h. */
static int on_new_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_peer *peer = SSL_get_app_data(ssl);
    if (peer->context->settings.insecure || SSL_get_verify_result(ssl) != X509_V_OK ||
        !is_of_now(peer, ssl))
        return 0;
    note_validity(peer, ssl);
    tls_sessions_keep(&peer->context->sessions, &peer->host, session, peer->verified_until);
    return 1;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool refuse_with_reason(struct host_refusal *refusal, const char *setting, const char *value)
{
    return refuse(refusal, setting, value, tls_reason(ERR_peek_error()));
}

static bool trust(struct tls_loaded *loaded, const struct tls_settings *settings)
{
    loaded->wants_system_authorities =
        settings->ca_file == NULL && settings->ca_pem == NULL && !settings->insecure;
    if (settings->ca_pem != NULL)
        return tls_pem_trust(loaded->openssl, settings->ca_pem);
    return settings->ca_file == NULL ||
           SSL_CTX_load_verify_file(loaded->openssl, settings->ca_file) == 1;
}

/* Of the whole chain: an authority between may be revoked as well. */
static bool mistrust(SSL_CTX *openssl, const char *crl_file)
{
    X509_STORE *store = SSL_CTX_get_cert_store(openssl);
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    return lookup != NULL && X509_load_crl_file(lookup, crl_file, X509_FILETYPE_PEM) > 0 &&
           X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

/* Nobody is there to be asked: OpenSSL would ask on the terminal. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is OpenSSL's */
static int know_no_password(char *password, int room, int for_writing, void *context)
{
    (void)password;
    (void)room;
    (void)for_writing;
    if (context != NULL)
        *(bool *)context = true;
    return -1;
}

static bool check_key_file(const char *key_file, struct host_refusal *refusal)
{
    struct stat about;
    if (stat(key_file, &about) != 0)
        return refuse(refusal, "--tls-key", key_file, strerror(errno));
    if ((about.st_mode & S_IRWXO) != 0)
        return refuse(refusal, "--tls-key", key_file,
                      "others can read or change it: chmod o= is needed");
    return true;
}

static bool load_key(SSL_CTX *openssl, const char *key_file, bool *is_encrypted)
{
    SSL_CTX_set_default_passwd_cb_userdata(openssl, is_encrypted);
    bool is_loaded = SSL_CTX_use_PrivateKey_file(openssl, key_file, SSL_FILETYPE_PEM) == 1 &&
                     SSL_CTX_check_private_key(openssl) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(openssl, NULL);
    return is_loaded;
}

static bool take_key(SSL_CTX *openssl, const char *key_file, struct host_refusal *refusal)
{
    bool is_encrypted = false;
    if (!check_key_file(key_file, refusal))
        return false;
    if (load_key(openssl, key_file, &is_encrypted))
        return true;
    switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case X509_R_KEY_VALUES_MISMATCH:
    case SSL_R_NO_CERTIFICATE_ASSIGNED: /* … of the key's type */
        return refuse(refusal, "--tls-key", key_file, "is not the key of the certificate");
    default:
        return is_encrypted ? refuse(refusal, "--tls-key", key_file, "is encrypted")
                            : refuse_with_reason(refusal, "--tls-key", key_file);
    }
}

static bool say_who_we_are(SSL_CTX *openssl, const struct tls_settings *settings,
                           struct host_refusal *refusal)
{
    if (settings->cert_pem != NULL || settings->key_pem != NULL)
        return tls_pem_say_who_we_are(openssl, settings->cert_pem, settings->key_pem) ||
               refuse(refusal, "TLS", NULL,
                      "the host's certificate and key do not belong together");
    if (settings->cert_file == NULL && settings->key_file == NULL)
        return true;
    if (settings->key_file == NULL)
        return refuse(refusal, "--tls-cert", settings->cert_file, "needs its --tls-key");
    if (settings->cert_file == NULL)
        return refuse(refusal, "--tls-key", settings->key_file, "needs its --tls-cert");
    if (SSL_CTX_use_certificate_chain_file(openssl, settings->cert_file) != 1)
        return refuse_with_reason(refusal, "--tls-cert", settings->cert_file);
    return take_key(openssl, settings->key_file, refusal);
}

static bool set_up(SSL_CTX *openssl, const struct tls_settings *settings)
{
    bool is_1_3 = settings->min_version == TLS_FROM_1_3;
    SSL_CTX_set_options(openssl, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(openssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(openssl, 1);
    SSL_CTX_set_verify(openssl, settings->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(openssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(openssl, on_new_session);
    SSL_CTX_set_default_passwd_cb(openssl, know_no_password);
    return SSL_CTX_set_min_proto_version(openssl, is_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(openssl, CIPHERS_1_2) == 1 &&
           SSL_CTX_set1_groups_list(openssl, GROUPS) == 1;
}

static bool configure(struct tls_loaded *loaded, const struct tls_settings *settings,
                      struct host_refusal *refusal)
{
    if (loaded->openssl == NULL || !set_up(loaded->openssl, settings))
        return refuse_with_reason(refusal, "TLS", NULL);
    if (!trust(loaded, settings))
        return refuse_with_reason(refusal, "--tls-ca", settings->ca_file);
    if (settings->crl_file != NULL && !mistrust(loaded->openssl, settings->crl_file))
        return refuse_with_reason(refusal, "--tls-crl", settings->crl_file);
    loaded->lists_end = lists_valid_until(SSL_CTX_get_cert_store(loaded->openssl));
    return say_who_we_are(loaded->openssl, settings, refusal);
}

bool tls_load(struct tls_loaded *loaded, const struct tls_settings *settings,
              struct host_refusal *refusal)
{
    ERR_clear_error();
    loaded->openssl = SSL_CTX_new(TLS_client_method());
    if (configure(loaded, settings, refusal))
        return true;
    SSL_CTX_free(loaded->openssl);
    loaded->openssl = NULL;
    return false;
}

/* ---- connections ---------------------------------------------------------------------------- */

/* A file of authorities that cannot be opened just now is no error to OpenSSL. Revocation lists are
 * in the store as well. */
static bool has_authorities(const struct tls_loaded *loaded)
{
    X509_STORE *store = SSL_CTX_get_cert_store(loaded->openssl);
    const STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, i)) == X509_LU_X509)
            return true;
    return false;
}

/* Some 20 ms, so not before somebody needs it; and again, as long as there are none. */
static bool trust_the_system(struct tls_loaded *loaded)
{
    if (loaded->wants_system_authorities && SSL_CTX_set_default_verify_paths(loaded->openssl) != 1)
        return false;
    loaded->wants_system_authorities = loaded->wants_system_authorities && !has_authorities(loaded);
    return true;
}

static bool is_address(const char *host)
{
    struct in6_addr number;
    return inet_pton(AF_INET, host, &number) == 1 || inet_pton(AF_INET6, host, &number) == 1;
}

/* SNI is for names only (RFC 6066 section 3). The common name is not looked at: it is free text,
 * and to look at it costs as much as a certificate has of them. */
static bool expect_name(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *expected = SSL_get0_param(ssl);
    SSL_set_hostflags(ssl,
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1;
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static bool resume(struct tls_peer *peer, SSL *ssl)
{
    SSL_SESSION *known =
        tls_sessions_find(&peer->context->sessions, &peer->host, &peer->verified_until);
    return known == NULL || SSL_set_session(ssl, known) == 1;
}

SSL *tls_context_connect(struct tls_peer *peer)
{
    struct host_refusal refusal;
    struct tls_loaded *loaded = &peer->context->loaded;
    ERR_clear_error();
    if ((loaded->openssl == NULL && !tls_load(loaded, &peer->context->settings, &refusal)) ||
        !trust_the_system(loaded))
        return NULL;
    SSL *ssl = SSL_new(loaded->openssl);
    if (ssl == NULL || !expect_name(ssl, peer->host.host) || !resume(peer, ssl)) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_app_data(ssl, peer);
    SSL_set_connect_state(ssl);
    return ssl;
}

bool tls_peer_is_verified(const struct tls_peer *peer, const SSL *ssl)
{
    return peer->context->settings.insecure ||
           (SSL_get_verify_result(ssl) == X509_V_OK && SSL_get0_peer_certificate(ssl) != NULL);
}
