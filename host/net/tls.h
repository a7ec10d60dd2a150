/* tls.h: the contexts made of TLS settings, shared by all who want the same.
 *
 * TLS 1.2 at least. The certificate must be signed by a trusted authority, be in date, not be
 * revoked and be made out to the host, unless verification is off as a whole. Sessions are resumed
 * as long as what was verified stays in date, and only by those with the same settings.
 */
#ifndef HOST_NET_TLS_H
#define HOST_NET_TLS_H

#include "host/net/tls_settings.h"
#include "host/observer.h"
#include "host/refusal.h"

struct tls_context;

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

/* One of its revocation lists is out of date: its authority's certificates will be refused. */
bool tls_context_has_old_lists(const struct tls_context *context);

/* It goes with the last who has taken it and the last connection. NULL is allowed. */
void tls_context_release(struct tls_context *context);

/* Reads all files again, for connections to come. false: *refusal names one that is bad, and nothing
 * has changed. */
bool tls_contexts_reload(struct tls_contexts *contexts, struct host_refusal *refusal);

#endif
