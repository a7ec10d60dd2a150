/* linger.h: closing a socket so that what was sent arrives.
 *
 * A socket that is closed with unread bytes is reset, and a reset can overtake what was sent last:
 * a DISCONNECT would be lost and the will would fire. So the sending side is closed, what still
 * comes is read and dropped, and the socket goes when the peer has closed too, or a second later.
 * There is a number of sockets that may linger in the whole program: beyond it, the one that has
 * lingered longest goes first.
 */
#ifndef HOST_NET_LINGER_H
#define HOST_NET_LINGER_H

#include "host/loop/stream.h"

#define LINGER_MS  1000
#define LINGER_MAX 128

/* All zero: none lingers. */
struct linger_room {
    struct lingerer *oldest;
    struct lingerer *newest;
    size_t count;
};

/* Takes the stream over, holds the loop meanwhile, and does not wait. */
void linger(struct linger_room *room, struct loop *loop, struct stream *stream);

/* Closes it at once, and the peer gets a TCP reset. */
void linger_reset(struct stream *stream);

#endif
