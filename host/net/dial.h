/* dial.h: from addresses to a connected socket.
 *
 * The addresses are tried in turn, IPv6 and IPv4 alternating. The next one is begun when one fails,
 * or after a short while without an answer (RFC 8305, "happy eyeballs", in small); the first that
 * answers wins, and the others are dropped.
 */
#ifndef HOST_NET_DIAL_H
#define HOST_NET_DIAL_H

#include "host/loop/stream.h"
#include "host/net/address.h"

struct dial;

/* Why there is no connection: the errno of the last address tried. */
struct dial_failure {
    int error;
    bool at_source; /* our own end could not be the address that it should be */
};

/* A connected stream, now the owner's, or NULL and why. The dial is over and freed. */
typedef void (*dial_answer)(void *owner, struct stream *stream, const struct dial_failure *failure);

struct dial_target {
    const struct addresses *addresses;
    uint16_t port;
    const struct address *source; /* where the connection comes from; NULL: any */
};

/* The answer comes later, from the loop. All is copied. NULL: no memory. */
struct dial *dial_begin(struct loop *loop, const struct dial_target *target, dial_answer answer,
                        void *owner);

/* Gives up, without an answer. NULL is allowed. */
void dial_cancel(struct dial *dial);

#endif
