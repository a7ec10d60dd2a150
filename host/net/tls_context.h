/* tls_context.h: the inside of a context, for tls.c, which shares them, and channel_tls.c, which
 * makes connections of them.
 */
#ifndef HOST_NET_TLS_CONTEXT_H
#define HOST_NET_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "host/net/tls_sessions.h"
#include "host/net/tls_settings.h"
#include "host/refusal.h"

struct tls_contexts;

/* What comes of reading the files. */
struct tls_loaded {
    SSL_CTX *openssl; /* NULL: not yet */
    bool wants_system_authorities;
    int64_t lists_end; /* Unix time: when the first revocation list is out of date */
};

struct tls_context {
    struct tls_context *next;
    struct tls_contexts *all;
    unsigned users;
    struct tls_settings settings; /* its strings are the context's own */
    struct tls_loaded loaded;
    struct tls_sessions sessions;
};

/* One connection as its context sees it. */
struct tls_peer {
    struct tls_context *context;
    struct endpoint host;   /* the name that the certificate must have */
    int64_t verified_until; /* Unix time */
};

/* One user more; tls_context_release() undoes it. */
static inline struct tls_context *tls_context_hold(struct tls_context *context)
{
    context->users++;
    return context;
}

/* false: *refusal tells, and nothing is kept. */
bool tls_load(struct tls_loaded *loaded, const struct tls_settings *settings,
              struct host_refusal *refusal);

/* A connection to a peer, which must not move; loads what was not loaded yet. NULL: OpenSSL's error
 * queue tells. */
SSL *tls_context_connect(struct tls_peer *peer);

/* OpenSSL has checked this already; a mistake of ours here must not go unnoticed. */
bool tls_peer_is_verified(const struct tls_peer *peer, const SSL *ssl);

/* In words. */
const char *tls_reason(unsigned long error);

#endif
