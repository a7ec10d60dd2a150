/* tls_settings.h: what TLS is to be like. */
#ifndef HOST_NET_TLS_SETTINGS_H
#define HOST_NET_TLS_SETTINGS_H

#include <stdbool.h>

enum tls_version { TLS_FROM_1_2, TLS_FROM_1_3 };

struct tls_settings {
    const char *ca_file;   /* who is trusted, PEM; NULL: the system's authorities */
    const char *crl_file;  /* what they have revoked, PEM; NULL: that is not looked at */
    bool insecure;         /* anybody is taken for whom he says he is */
    const char *cert_file; /* who we are, PEM, with the authorities between; NULL: nobody */
    const char *key_file;  /* the key of that, PEM, which others must not be able to read */
    enum tls_version min_version;
    /* Brought by a host, PEM, and instead of the files above; NULL: none. */
    const char *ca_pem, *cert_pem, *key_pem;
};

#endif
