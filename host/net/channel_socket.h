/* channel_socket.h: what channels on a connected socket share: how it is closed. */
#ifndef HOST_NET_CHANNEL_SOCKET_H
#define HOST_NET_CHANNEL_SOCKET_H

#include "host/net/channel.h"
#include "host/net/linger.h"

/* A connected socket, and where it may linger. */
struct channel_socket {
    struct loop *loop;
    struct linger_room *room;
    struct stream *stream;
};

static inline void channel_socket_close(const struct channel_socket *socket,
                                        enum channel_ending how)
{
    if (how == CHANNEL_LINGERS)
        linger(socket->room, socket->loop, socket->stream);
    else if (how == CHANNEL_RESETS)
        linger_reset(socket->stream);
    else
        stream_close(socket->stream);
}

#endif
