/* channel_tcp.h: a channel that is the bytes of a socket. */
#ifndef HOST_NET_CHANNEL_TCP_H
#define HOST_NET_CHANNEL_TCP_H

#include "host/net/channel_socket.h"

/* Takes the socket over: if this fails it is closed. NULL: no memory. */
struct channel *channel_tcp_new(const struct channel_socket *socket);

#endif
