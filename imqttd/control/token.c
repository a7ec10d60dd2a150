#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "imqttd/control/control_parts.h"

/* Digests are compared, so neither the time nor the length tells anything. */
bool token_is_good(const struct control *control, const char *authorization)
{
    unsigned char digest[TOKEN_DIGEST_BYTES];
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0)
        return false;
    SHA256((const unsigned char *)authorization + 7, strlen(authorization + 7), digest);
    return CRYPTO_memcmp(digest, control->token_digest, sizeof digest) == 0;
}

static bool is_numeric(const char *host)
{
    unsigned char address[16];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

bool host_header_is_good(const struct http_port *port, const char *host)
{
    struct endpoint endpoint = {0};
    char name[sizeof endpoint.host];
    if (host == NULL)
        return false;
    if (endpoint_parse(&endpoint, host, strlen(host)))
        snprintf(name, sizeof name, "%s", endpoint.host);
    else if (snprintf(name, sizeof name, "%s", host) >= (int)sizeof name)
        return false;
    char *end = strchr(name, ']');
    if (*name == '[' && end != NULL) { /* an IPv6 address without a port */
        *end = '\0';
        memmove(name, name + 1, strlen(name));
    }
    return strcasecmp(name, "localhost") == 0 || is_numeric(name) ||
           strcasecmp(name, port->bound_host) == 0;
}
