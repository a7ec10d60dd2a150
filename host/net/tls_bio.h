/* tls_bio.h: how OpenSSL reads and writes a socket: so much a turn of the loop, and no more.
 *
 * OpenSSL does not return while records keep coming that bring no data: handshake messages, key
 * updates, alerts. So in each turn it gets a number of bytes, each such record costs some more of
 * them, and a whole handshake has an end.
 */
#ifndef HOST_NET_TLS_BIO_H
#define HOST_NET_TLS_BIO_H

#include <openssl/bio.h>

#include "host/loop/stream.h"

/* More in a turn would hold up other modems; what is left waits in the socket. */
#define TLS_TURN_BYTES 65536

/* A record without data costs as much as so many bytes: 64 of them fill a turn. */
#define TLS_IDLE_RECORD_BYTES 1024

/* OpenSSL works off all that it was given, so after a record without data it gets little at once. */
#define TLS_IDLE_READ_BYTES 2048

/* The chain of certificates is the largest part; OpenSSL takes 100 KiB at most. */
#define TLS_HANDSHAKE_BYTES_MAX 131072

struct tls_bio {
    struct stream *stream;
    size_t left_bytes;      /* in this turn */
    size_t handshake_bytes; /* so far */
    bool is_open;           /* the handshake is over */
    bool is_idle;           /* a record without data came last */
    bool is_too_long;       /* it was, and the connection is broken by that */
    bool has_ended;         /* the peer has closed */
};

/* NULL: no memory. The struct must stay as long as the BIO. */
BIO *tls_bio_new(struct tls_bio *state);

static inline void tls_bio_begin_turn(struct tls_bio *state)
{
    state->left_bytes = TLS_TURN_BYTES;
}

/* A record came that brought no data. */
static inline void tls_bio_charge(struct tls_bio *state)
{
    bool is_much = state->left_bytes <= TLS_IDLE_RECORD_BYTES;
    state->is_idle = true;
    state->left_bytes = is_much ? 0 : state->left_bytes - TLS_IDLE_RECORD_BYTES;
}

#endif
