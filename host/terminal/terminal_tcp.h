/* terminal_tcp.h: a TCP port; each connection has a modem of its own, which ends with it. */
#ifndef HOST_TERMINAL_TERMINAL_TCP_H
#define HOST_TERMINAL_TERMINAL_TCP_H

#include "host/net/endpoint.h"
#include "host/modem/host.h"

/* Listens (port 0: on any free one) and says host_ready(). NULL, or why not: static text. An
 * address that other computers can reach needs host->allow_remote, and gets a warning. */
const char *terminal_tcp_start(struct host *host, const struct endpoint *where);

/* No new connections any more. */
void listeners_end(struct host *host);

#endif
