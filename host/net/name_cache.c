#include "host/net/name_cache.h"

#include <string.h>
#include <strings.h>

static struct cached_name *find(const struct name_cache *cache, const char *host)
{
    for (size_t i = 0; i < NAME_CACHE_NAMES; i++) {
        const struct cached_name *name = &cache->names[i];
        if (name->until_ms != 0 && strcasecmp(name->host, host) == 0)
            return (struct cached_name *)name;
    }
    return NULL;
}

const struct addresses *name_cache_find(const struct name_cache *cache, const char *host,
                                        uint64_t now_ms)
{
    const struct cached_name *name = find(cache, host);
    return name != NULL && now_ms < name->until_ms ? &name->addresses : NULL;
}

void name_cache_keep(struct name_cache *cache, const char *host, const struct addresses *addresses,
                     uint64_t until_ms)
{
    struct cached_name *name = find(cache, host);
    size_t bytes = strlen(host) + 1;
    if (bytes > sizeof name->host)
        return;
    if (name == NULL) {
        name = &cache->names[cache->oldest];
        cache->oldest = (cache->oldest + 1) % NAME_CACHE_NAMES;
    }
    memcpy(name->host, host, bytes);
    name->addresses = *addresses;
    name->until_ms = until_ms;
}

void name_cache_forget(struct name_cache *cache, const char *host)
{
    struct cached_name *name = find(cache, host);
    if (name != NULL)
        name->until_ms = 0;
}
