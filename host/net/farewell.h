/* farewell.h: closing a socket so that what was sent arrives.
 *
 * A socket that is closed with unread bytes is reset, and a reset can overtake what was sent last:
 * a DISCONNECT would be lost and the will would fire. So the sending side is closed, what still
 * comes is read and dropped, and the socket goes when the peer has closed too, or a second later.
 */
#ifndef HOST_NET_FAREWELL_H
#define HOST_NET_FAREWELL_H

#include "host/loop/stream.h"

/* Takes the stream over, holds the loop meanwhile, and does not wait. */
void farewell(struct loop *loop, struct stream *stream);

#endif
