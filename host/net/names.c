#include "host/net/names.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host/net/name_cache.h"
#include "host/net/resolver.h"

struct lookup {
    struct names *names;
    struct lookup *previous;
    struct lookup *next;
    struct waiter *waiters;
    struct resolver *resolver; /* NULL: it waits for its turn, or was known already */
    struct task task;          /* tells what was known, or that there is no memory */
    bool is_telling;           /* out of the list, and freed when all have been told */
    char host[];
};

/* ---- the list ------------------------------------------------------------------------------- */

static void enlist(struct names *names, struct lookup *lookup)
{
    lookup->previous = names->last;
    if (names->last != NULL)
        names->last->next = lookup;
    else
        names->first = lookup;
    names->last = lookup;
}

static void unlist(struct lookup *lookup)
{
    struct names *names = lookup->names;
    if (lookup->previous != NULL)
        lookup->previous->next = lookup->next;
    else
        names->first = lookup->next;
    if (lookup->next != NULL)
        lookup->next->previous = lookup->previous;
    else
        names->last = lookup->previous;
}

static struct lookup *find(const struct names *names, const char *host)
{
    struct lookup *lookup = names->first;
    while (lookup != NULL && strcasecmp(lookup->host, host) != 0)
        lookup = lookup->next;
    return lookup;
}

/* ---- turns ---------------------------------------------------------------------------------- */

static void on_answer(void *owner, const struct addresses *addresses, uint64_t good_ms, int code);

static void begin(struct lookup *lookup)
{
    struct names *names = lookup->names;
    lookup->resolver = resolver_begin(names->loop, lookup->host, on_answer, lookup);
    if (lookup->resolver != NULL)
        names->under_way++;
    else
        loop_soon(names->loop, &lookup->task);
}

static bool has_begun(const struct lookup *lookup)
{
    return lookup->resolver != NULL || lookup->task.next != NULL;
}

static void begin_next(struct names *names)
{
    struct lookup *lookup = names->first;
    while (lookup != NULL && has_begun(lookup))
        lookup = lookup->next;
    if (lookup != NULL)
        begin(lookup);
}

/* Out of the list; the next one gets its turn. */
static void leave(struct lookup *lookup)
{
    struct names *names = lookup->names;
    bool was_under_way = lookup->resolver != NULL;
    unlist(lookup);
    loop_forget(&lookup->task);
    resolver_end(lookup->resolver);
    lookup->resolver = NULL;
    names->under_way -= was_under_way;
    if (was_under_way)
        begin_next(names);
}

/* ---- answers -------------------------------------------------------------------------------- */

static void keep(struct names *names, const char *host, const struct addresses *addresses,
                 uint64_t good_ms)
{
    struct name_cache *cache = names->cache;
    if (cache == NULL)
        cache = calloc(1, sizeof *cache);
    if (cache != NULL)
        name_cache_keep(cache, host, addresses, loop_now_ms(names->loop) + good_ms);
    names->cache = cache;
}

/* Who is told may begin anew, even with the same name, and may cancel others who wait. */
static void tell(struct lookup *lookup, const struct addresses *addresses, int code)
{
    struct addresses copy = {0};
    struct waiter *waiter;
    if (addresses != NULL)
        copy = *addresses;
    lookup->is_telling = true;
    leave(lookup);
    while ((waiter = lookup->waiters) != NULL) {
        lookup->waiters = waiter->next;
        waiter->lookup = NULL;
        waiter->found(waiter, addresses != NULL ? &copy : NULL, code);
    }
    free(lookup);
}

static void on_answer(void *owner, const struct addresses *addresses, uint64_t good_ms, int code)
{
    struct lookup *lookup = owner;
    if (addresses != NULL && good_ms > 0)
        keep(lookup->names, lookup->host, addresses, good_ms);
    tell(lookup, addresses, code);
}

static void tell_known(struct task *task)
{
    struct lookup *lookup = (struct lookup *)((char *)task - offsetof(struct lookup, task));
    const struct names *names = lookup->names;
    const struct addresses *known =
        names->cache != NULL ? name_cache_find(names->cache, lookup->host, loop_now_ms(names->loop))
                             : NULL;
    tell(lookup, known, known != NULL ? 0 : EAI_SYSTEM);
}

/* ---- the verbs ------------------------------------------------------------------------------ */

static bool is_known(const struct names *names, const char *host)
{
    return names->cache != NULL &&
           name_cache_find(names->cache, host, loop_now_ms(names->loop)) != NULL;
}

static struct lookup *new_lookup(struct names *names, const char *host)
{
    size_t bytes = strlen(host) + 1;
    struct lookup *lookup = calloc(1, sizeof *lookup + bytes);
    if (lookup == NULL)
        return NULL;
    memcpy(lookup->host, host, bytes);
    lookup->names = names;
    lookup->task.run = tell_known;
    enlist(names, lookup);
    if (is_known(names, host))
        loop_soon(names->loop, &lookup->task);
    else if (names->under_way < NAMES_AT_A_TIME)
        begin(lookup);
    return lookup;
}

bool names_find(struct names *names, const char *host, struct waiter *waiter)
{
    struct lookup *lookup = find(names, host);
    if (lookup == NULL)
        lookup = new_lookup(names, host);
    if (lookup == NULL)
        return false;
    waiter->lookup = lookup;
    waiter->next = lookup->waiters;
    lookup->waiters = waiter;
    return true;
}

void names_cancel(struct waiter *waiter)
{
    struct lookup *lookup = waiter->lookup;
    if (lookup == NULL)
        return;
    struct waiter **link = &lookup->waiters;
    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
    waiter->lookup = NULL;
    if (lookup->waiters != NULL || lookup->is_telling)
        return;
    leave(lookup);
    free(lookup);
}

void names_forget(struct names *names, const char *host)
{
    if (names->cache != NULL)
        name_cache_forget(names->cache, host);
}

void names_end(struct names *names)
{
    free(names->cache);
    names->cache = NULL;
}
