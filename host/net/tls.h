/* tls.h: what TLS is to be like, and the contexts made of that, shared by all who want the same.
 *
 * TLS 1.2 at least. The certificate must be signed by a trusted authority, be in date, not be
 * revoked and be made out to the host, unless verification is off as a whole. Sessions are resumed
 * as long as what was verified stays in date, and only by those with the same settings.
 */
#ifndef HOST_NET_TLS_H
#define HOST_NET_TLS_H

#include <stdbool.h>

#include "host/observer.h"
#include "host/refusal.h"

struct tls_context;

enum tls_version { TLS_FROM_1_2, TLS_FROM_1_3 };

struct tls_settings {
    const char *ca_file;   /* who is trusted, PEM; NULL: the system's authorities */
    const char *crl_file;  /* what they have revoked, PEM; NULL: that is not looked at */
    bool insecure;         /* anybody is taken for whom he says he is */
    const char *cert_file; /* who we are, PEM, with the authorities between; NULL: nobody */
    const char *key_file;  /* the key of that, PEM, which others must not be able to read */
    enum tls_version min_version;
};

/* All that there are. All zero but for the observer: none. */
struct tls_contexts {
    const struct observer *observer;
    struct tls_context *first;
};

/* The context of these settings, which are copied: one that there is, or a new one, whose files are
 * read at once, so that a mistake in them is told of at the start. The system's authorities, and
 * OpenSSL itself if there is no file, are loaded at the first connection. NULL: *refusal tells. */
struct tls_context *tls_context_take(struct tls_contexts *contexts,
                                     const struct tls_settings *settings,
                                     struct host_refusal *refusal);

/* It goes with the last who has taken it and the last connection. NULL is allowed. */
void tls_context_release(struct tls_context *context);

/* Reads all files again, for connections to come. false: *refusal names one that is bad, and nothing
 * has changed. */
bool tls_contexts_reload(struct tls_contexts *contexts, struct host_refusal *refusal);

#endif
