/* address.h: Internet addresses, as sockets take them. */
#ifndef HOST_NET_ADDRESS_H
#define HOST_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDRESSES_MAX 16 /* of a name; more are not looked at */

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } socket;
    socklen_t bytes;
};

struct addresses {
    size_t count;
    struct address each[ADDRESSES_MAX];
};

/* Reads "192.0.2.1", "2001:db8::1" or "fe80::1%eth0", with port 0. false: it is none of these. */
bool address_parse(struct address *address, const char *text);

void address_set_port(struct address *address, uint16_t port);

static inline int address_family(const struct address *address)
{
    return address->socket.any.sa_family;
}

#endif
