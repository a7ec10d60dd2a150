/* channel_tls.h: a channel under TLS on a socket. */
#ifndef HOST_NET_CHANNEL_TLS_H
#define HOST_NET_CHANNEL_TLS_H

#include "host/net/channel_socket.h"
#include "host/net/endpoint.h"

struct tls_context;

/* Begins with a socket that is connected to host, the name that the certificate must have, and
 * sends nothing yet. Takes the socket over: if this fails it is closed. NULL: *failure tells. */
struct channel *channel_tls_new(struct tls_context *context, const struct channel_socket *socket,
                                const struct endpoint *host, struct imqtt_failure *failure);

#endif
