/* terminal_socket.h: a host that has connected to a listener, over TCP or a Unix socket. */
#ifndef HOST_TERMINAL_TERMINAL_SOCKET_H
#define HOST_TERMINAL_TERMINAL_SOCKET_H

#include <sys/socket.h>

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

struct socket_caller {
    const char *listener_label;
    const char *modem_name; /* its modem is called that, a hyphen and its number */
    uint64_t number;
    const struct sockaddr *address;
};

/* Takes the descriptor over. false: *refusal tells, and it is closed. */
bool terminal_socket_start(struct host *host, int fd, const struct socket_caller *caller,
                           const struct modem_config *config, struct host_refusal *refusal);

#endif
