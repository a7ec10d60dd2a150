/* tls_verdict.h: why a TLS connection ended, in words that a person who looks at AT+IMQTTERR? can
 * act on; above all when it is our own certificate that the broker did not like.
 */
#ifndef HOST_NET_TLS_VERDICT_H
#define HOST_NET_TLS_VERDICT_H

#include <stdbool.h>

#include "imqtt/failure.h"

struct tls_moment {
    bool is_open;         /* the handshake was over, as we see it */
    bool has_heard;       /* and the broker had sent something */
    bool was_asked;       /* it had asked for our certificate */
    bool has_certificate; /* and we have one */
};

/* The peer closed. */
struct imqtt_failure tls_closed_verdict(const struct tls_moment *moment);

/* The socket broke, with an errno. */
struct imqtt_failure tls_broken_verdict(const struct tls_moment *moment, int error);

/* OpenSSL's error, and what it thinks of the peer's certificate. */
struct imqtt_failure tls_error_verdict(const struct tls_moment *moment, unsigned long error,
                                       long verified);

#endif
