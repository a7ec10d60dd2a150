/* tls_sessions.h: TLS sessions to resume, a few, each for one host and port.
 *
 * Resuming skips the certificate, so only sessions whose certificate was verified for that very
 * host may come in here, and they leave when one of the certificates, or a revocation list, ends.
 */
#ifndef HOST_NET_TLS_SESSIONS_H
#define HOST_NET_TLS_SESSIONS_H

#include <openssl/ssl.h>
#include <stdint.h>

#include "host/net/endpoint.h"

#define TLS_SESSIONS 32

struct tls_sessions { /* all zero: none */
    struct tls_known_host {
        struct endpoint host;
        SSL_SESSION *session;   /* NULL: free */
        int64_t verified_until; /* Unix time */
    } known[TLS_SESSIONS];
    size_t oldest; /* the next to be replaced */
};

/* A session that can still be resumed, and what it was kept with; or NULL. It stays the room's. */
SSL_SESSION *tls_sessions_find(struct tls_sessions *sessions, const struct endpoint *host,
                               int64_t *verified_until);

/* Takes a reference over, in place of what was known of that host. */
void tls_sessions_keep(struct tls_sessions *sessions, const struct endpoint *host,
                       SSL_SESSION *session, int64_t verified_until);

void tls_sessions_forget(struct tls_sessions *sessions, const struct endpoint *host);
void tls_sessions_end(struct tls_sessions *sessions);

#endif
