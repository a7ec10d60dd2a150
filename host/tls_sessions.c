#include "host/tls_sessions.h"

#include <string.h>

static struct tls_known_host *find(struct tls_sessions *sessions, const struct endpoint *host)
{
    for (size_t i = 0; i < TLS_SESSIONS; i++) {
        struct tls_known_host *known = &sessions->known[i];
        if (known->session != NULL && known->host.port == host->port &&
            strcmp(known->host.host, host->host) == 0)
            return known;
    }
    return NULL;
}

static void forget(struct tls_known_host *known)
{
    SSL_SESSION_free(known->session);
    known->session = NULL;
}

static bool is_in_date(const X509 *certificate)
{
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

/* A certificate may have expired since it was verified, or the clock may have been set right. */
static bool is_still_good(SSL_SESSION *session)
{
    const X509 *certificate = SSL_SESSION_get0_peer(session);
    return SSL_SESSION_is_resumable(session) && certificate != NULL && is_in_date(certificate);
}

SSL_SESSION *tls_sessions_find(struct tls_sessions *sessions, const struct endpoint *host)
{
    struct tls_known_host *known = find(sessions, host);
    if (known != NULL && !is_still_good(known->session))
        forget(known);
    return known != NULL ? known->session : NULL;
}

void tls_sessions_keep(struct tls_sessions *sessions, const struct endpoint *host,
                       SSL_SESSION *session)
{
    struct tls_known_host *known = find(sessions, host);
    if (known == NULL) {
        known = &sessions->known[sessions->oldest];
        sessions->oldest = (sessions->oldest + 1) % TLS_SESSIONS;
    }
    forget(known);
    known->host = *host;
    known->session = session;
}

void tls_sessions_forget(struct tls_sessions *sessions, const struct endpoint *host)
{
    struct tls_known_host *known = find(sessions, host);
    if (known != NULL)
        forget(known);
}

void tls_sessions_end(struct tls_sessions *sessions)
{
    for (size_t i = 0; i < TLS_SESSIONS; i++)
        forget(&sessions->known[i]);
}
