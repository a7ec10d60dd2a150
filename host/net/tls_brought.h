/* tls_brought.h: TLS as a host wants it, over the configuration: it has brought certificates. */
#ifndef HOST_NET_TLS_BROUGHT_H
#define HOST_NET_TLS_BROUGHT_H

#include "host/net/tls.h"
#include "imqtt/ports.h"

/* The context of what is configured, with what the host brought instead; tls NULL: of that alone. NULL:
 * it is of no use. */
struct tls_context *tls_brought_take(struct tls_contexts *contexts,
                                     const struct tls_settings *configured,
                                     const struct imqtt_tls *tls);

#endif
