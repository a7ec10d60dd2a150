/* resolver.h: one lookup of one name by c-ares, in the loop. */
#ifndef HOST_NET_RESOLVER_H
#define HOST_NET_RESOLVER_H

#include "host/loop/loop.h"
#include "host/net/address.h"

struct resolver;

/* The addresses, and for how long they are good; or NULL, and EAI_… says why. Called once; the
 * resolver may be ended from within. */
typedef void (*resolver_answer)(void *owner, const struct addresses *addresses, uint64_t good_ms,
                                int code);

/* The answer comes later. NULL: no memory or no descriptors. */
struct resolver *resolver_begin(struct loop *loop, const char *host, resolver_answer answer,
                                void *owner);

/* Stops it if it is under way, and frees it. NULL is allowed. */
void resolver_end(struct resolver *resolver);

#endif
