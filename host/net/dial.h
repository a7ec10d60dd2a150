/* dial.h: from addresses to a connected socket.
 *
 * The addresses are tried in turn, IPv6 and IPv4 alternating. The next one is begun when one fails,
 * or after a short while without an answer (RFC 8305, "happy eyeballs", in small); the first that
 * answers wins, and the others are dropped.
 */
#ifndef HOST_NET_DIAL_H
#define HOST_NET_DIAL_H

#include <netdb.h>

#include "host/loop/stream.h"

struct dial;

/* A connected stream, now the owner's, and 0; or NULL and the errno of the last address tried. The
 * dial is over and freed. */
typedef void (*dial_answer)(void *owner, struct stream *stream, int error);

/* The answer comes later, from the loop. The addresses are copied. NULL: no memory. */
struct dial *dial_begin(struct loop *loop, const struct addrinfo *addresses, uint16_t port,
                        dial_answer answer, void *owner);

/* Gives up, without an answer. NULL is allowed. */
void dial_cancel(struct dial *dial);

#endif
