#include "host/net/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static bool parse_port(uint16_t *port, const char *text, size_t count)
{
    uint32_t value = 0;
    if (count == 0 || count > 5)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

static bool take_host(struct endpoint *endpoint, const char *text, size_t count)
{
    bool in_brackets = count >= 2 && text[0] == '[' && text[count - 1] == ']';
    if (in_brackets) {
        text++;
        count -= 2;
    } else if (memchr(text, ':', count) != NULL) {
        return false; /* an IPv6 address without brackets: where would its port begin? */
    }
    if (count == 0 || count >= sizeof endpoint->host || memchr(text, '\0', count) != NULL)
        return false;
    memcpy(endpoint->host, text, count);
    endpoint->host[count] = '\0';
    return true;
}

bool endpoint_parse(struct endpoint *endpoint, const char *text, size_t count)
{
    const char *colon = memrchr(text, ':', count);
    if (colon == NULL)
        return false;
    size_t host_bytes = (size_t)(colon - text);
    return take_host(endpoint, text, host_bytes) &&
           parse_port(&endpoint->port, colon + 1, count - host_bytes - 1);
}

const char *endpoint_complaint(const char *text)
{
    bool has_bare_address = *text != '[' && strchr(text, ':') != strrchr(text, ':');
    return has_bare_address ? "an IPv6 address stands in brackets: [::1]:7000"
                            : "not of the form HOST:PORT";
}

bool endpoint_of_address(struct endpoint *endpoint, const struct sockaddr *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    bool is_six = address->sa_family == AF_INET6;
    const void *number = is_six ? (const void *)&six->sin6_addr : (const void *)&four->sin_addr;
    endpoint->port = ntohs(is_six ? six->sin6_port : four->sin_port);
    return inet_ntop(address->sa_family, number, endpoint->host, sizeof endpoint->host) != NULL;
}

const char *endpoint_text(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_BYTES])
{
    bool is_six = strchr(endpoint->host, ':') != NULL;
    snprintf(text, ENDPOINT_TEXT_BYTES, is_six ? "[%s]:%u" : "%s:%u", endpoint->host,
             (unsigned)endpoint->port);
    return text;
}
