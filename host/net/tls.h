/* tls.h: TLS on a connected socket, one context for all modems.
 *
 * TLS 1.2 at least. The certificate must be signed by a trusted authority, be in date, not be
 * revoked and be made out to the host, unless verification is off as a whole. Sessions are resumed
 * as long as what was verified stays in date.
 */
#ifndef HOST_NET_TLS_H
#define HOST_NET_TLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "host/net/endpoint.h"
#include "host/observer.h"
#include "host/refusal.h"
#include "imqtt/ports.h"

struct tls;      /* the shared context */
struct tls_link; /* one connection */

/* The names must stay. */
struct tls_settings {
    const char *ca_file;  /* who is trusted, PEM; NULL: the system's authorities */
    const char *crl_file; /* what they have revoked, PEM; NULL: that is not looked at */
    bool insecure;        /* anybody is taken for whom he says he is */
};

/* The files are read at once, so that a mistake in them is told of at the start; the system's
 * authorities, and OpenSSL itself if there is no file, are loaded at the first connection. NULL:
 * *refusal tells. */
struct tls *tls_new(const struct tls_settings *settings, const struct observer *observer,
                    struct host_refusal *refusal);
void tls_end(struct tls *tls);

/* Begins with a socket that connects to host, the name that the certificate must have. Sends
 * nothing yet. NULL: failure tells. */
struct tls_link *tls_begin(struct tls *tls, int fd, const struct endpoint *host,
                           struct imqtt_failure *failure);

enum tls_outcome {
    TLS_DONE,
    TLS_WAITS,  /* for what tls_waits_for_…() tells; nothing was lost */
    TLS_CLOSED, /* the peer has closed */
    TLS_FAILED, /* tls_failure() tells */
};

/* Repeat until it is done. DONE: the peer is who it should be. */
enum tls_outcome tls_handshake(struct tls_link *link);

/* *got: how many bytes were read or taken; above 0 with TLS_DONE. */
enum tls_outcome tls_read(struct tls_link *link, void *bytes, size_t count, size_t *got);
enum tls_outcome tls_write(struct tls_link *link, const void *bytes, size_t count, size_t *got);

/* What the last call that returned TLS_WAITS needs before it can go on. */
bool tls_waits_for_input(const struct tls_link *link);
bool tls_waits_for_room(const struct tls_link *link);

/* Bytes were taken from the socket and not yet read: waiting for the socket may be in vain. */
bool tls_has_unread(const struct tls_link *link);

/* Why the last call failed, after TLS_FAILED or TLS_CLOSED. */
struct imqtt_failure tls_failure(const struct tls_link *link);

/* Says goodbye if the connection stands, and frees the link; the socket stays open. NULL is
 * allowed. */
void tls_close(struct tls_link *link);

#endif
