/* terminal_tcp.h: a TCP port that hosts connect to (listener.h). */
#ifndef HOST_TERMINAL_TERMINAL_TCP_H
#define HOST_TERMINAL_TERMINAL_TCP_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"
#include "host/net/endpoint.h"

/* Listens (port 0: on any free one) and tells the observer that it is ready. Its modems are called
 * as the configuration says and a number; without a name there, tcp-PORT and a number. An address
 * that other computers can reach needs host->allow_remote, and gets a warning. false: *refusal
 * tells. */
bool terminal_tcp_listen(struct host *host, const struct endpoint *where,
                         const struct modem_config *config, struct host_refusal *refusal);

#endif
