/* tls_pem.h: certificates and keys in memory, as a host brings them. */
#ifndef HOST_NET_TLS_PEM_H
#define HOST_NET_TLS_PEM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqtt/ports.h"

/* All certificates of a text are trusted. false: there is none. */
bool tls_pem_trust(SSL_CTX *openssl, const char *pem);

/* The certificate, with the authorities between, and its key. false: they are none, or do not belong
 * together. */
bool tls_pem_say_who_we_are(SSL_CTX *openssl, const char *certificate, const char *key);

/* What imqtt_tls_port's fingerprint has to do. */
bool tls_pem_fingerprint(enum imqtt_pem_kind kind, const uint8_t *bytes, size_t count,
                         uint8_t sha256[32]);

#endif
