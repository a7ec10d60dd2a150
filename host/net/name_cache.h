/* name_cache.h: addresses that were found, as long as their name server says that they are good. */
#ifndef HOST_NET_NAME_CACHE_H
#define HOST_NET_NAME_CACHE_H

#include "host/net/address.h"
#include "host/net/endpoint.h"

#define NAME_CACHE_NAMES 16

struct name_cache { /* all zero: empty */
    struct cached_name {
        char host[ENDPOINT_HOST_BYTES];
        uint64_t until_ms; /* 0: free */
        struct addresses addresses;
    } names[NAME_CACHE_NAMES];
    size_t oldest; /* the next to be replaced */
};

/* NULL: not known, or no more. */
const struct addresses *name_cache_find(const struct name_cache *cache, const char *host,
                                        uint64_t now_ms);

void name_cache_keep(struct name_cache *cache, const char *host, const struct addresses *addresses,
                     uint64_t until_ms);
void name_cache_forget(struct name_cache *cache, const char *host);

#endif
