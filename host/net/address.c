#include "host/net/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

static bool parse_four(struct address *address, const char *text)
{
    *address = (struct address){.bytes = sizeof address->socket.four};
    address->socket.four.sin_family = AF_INET;
    return inet_pton(AF_INET, text, &address->socket.four.sin_addr) == 1;
}

/* The zone behind '%' is an interface of this computer. */
static bool parse_six(struct address *address, const char *text)
{
    char number[INET6_ADDRSTRLEN];
    const char *zone = strchrnul(text, '%');
    size_t count = (size_t)(zone - text);
    if (count >= sizeof number)
        return false;
    memcpy(number, text, count);
    number[count] = '\0';
    *address = (struct address){.bytes = sizeof address->socket.six};
    address->socket.six.sin6_family = AF_INET6;
    if (inet_pton(AF_INET6, number, &address->socket.six.sin6_addr) != 1)
        return false;
    if (*zone == '%')
        address->socket.six.sin6_scope_id = if_nametoindex(zone + 1);
    return *zone == '\0' || address->socket.six.sin6_scope_id != 0;
}

bool address_parse(struct address *address, const char *text)
{
    return parse_four(address, text) || parse_six(address, text);
}

void address_set_port(struct address *address, uint16_t port)
{
    if (address_family(address) == AF_INET6)
        address->socket.six.sin6_port = htons(port);
    else
        address->socket.four.sin_port = htons(port);
}
