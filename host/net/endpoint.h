/* endpoint.h: HOST:PORT, as people write it; an IPv6 address stands in brackets. */
#ifndef HOST_NET_ENDPOINT_H
#define HOST_NET_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ENDPOINT_HOST_BYTES 254 /* the longest DNS name, and a NUL */
#define ENDPOINT_TEXT_BYTES (ENDPOINT_HOST_BYTES + sizeof "[]:65535")

struct endpoint {
    char host[ENDPOINT_HOST_BYTES]; /* without brackets */
    uint16_t port;
};

/* Reads the first count bytes of text, all of them. false: not of that form. */
bool endpoint_parse(struct endpoint *endpoint, const char *text, size_t count);

/* What is wrong with a text that was not of that form. */
const char *endpoint_complaint(const char *text);

/* The numeric form of a socket address. */
bool endpoint_of_address(struct endpoint *endpoint, const struct sockaddr *address);

/* Writes it, NUL-terminated, and returns text. */
const char *endpoint_text(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_BYTES]);

#endif
