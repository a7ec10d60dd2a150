#include "host/net/tls_sessions.h"

#include <string.h>
#include <time.h>

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

static bool has_begun(const X509 *certificate)
{
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0;
}

/* What was verified may be out of date by now, or not yet in date: the clock may have been set. */
static bool is_still_good(const struct tls_known_host *known)
{
    const X509 *certificate = SSL_SESSION_get0_peer(known->session);
    return SSL_SESSION_is_resumable(known->session) && certificate != NULL &&
           has_begun(certificate) && time(NULL) < known->verified_until;
}

SSL_SESSION *tls_sessions_find(struct tls_sessions *sessions, const struct endpoint *host,
                               int64_t *verified_until)
{
    struct tls_known_host *known = find(sessions, host);
    if (known == NULL)
        return NULL;
    if (!is_still_good(known))
        forget(known);
    *verified_until = known->verified_until;
    return known->session;
}

void tls_sessions_keep(struct tls_sessions *sessions, const struct endpoint *host,
                       SSL_SESSION *session, int64_t verified_until)
{
    struct tls_known_host *known = find(sessions, host);
    if (known == NULL) {
        known = &sessions->known[sessions->oldest];
        sessions->oldest = (sessions->oldest + 1) % TLS_SESSIONS;
    }
    forget(known);
    known->host = *host;
    known->session = session;
    known->verified_until = verified_until;
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
