/* tls_validity.h: until when what a handshake has verified stays true, by the calendar. */
#ifndef HOST_NET_TLS_VALIDITY_H
#define HOST_NET_TLS_VALIDITY_H

#include <openssl/x509.h>
#include <stdint.h>

#define VALID_FOR_EVER INT64_MAX

/* When the first certificate of a chain ends, in seconds of Unix time. */
int64_t chain_valid_until(const STACK_OF(X509) * chain);

/* Likewise the first of the revocation lists in a store. */
int64_t lists_valid_until(X509_STORE *store);

#endif
