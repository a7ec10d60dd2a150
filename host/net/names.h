/* names.h: host names to addresses, in libuv's worker threads.
 *
 * getaddrinfo() cannot be stopped, so a lookup nobody waits for any more is left to end by itself.
 * Lookups of the same name at the same time are one: many modems of one broker cost one lookup, and
 * a name server that is silent holds one thread a name, however often modems try. The threads are
 * made at the first lookup; as long as they cannot be, there is none.
 */
#ifndef HOST_NET_NAMES_H
#define HOST_NET_NAMES_H

#include <netdb.h>

#include "host/loop/loop.h"
#include "host/observer.h"

struct names { /* all zero, but for the loop and the observer: nothing is being looked up */
    struct loop *loop;
    const struct observer *observer;
    struct lookup *lookups;
    bool has_threads;
};

/* One who waits, embedded in its owner. */
struct waiter {
    struct waiter *next;
    struct lookup *lookup; /* NULL: it does not wait */
    void (*found)(struct waiter *waiter, const struct addrinfo *addresses, int code, int error);
};

/* Calls found later, with addresses that are valid during that call; or with NULL and the code of
 * getaddrinfo() (EAI_…), error being errno for EAI_SYSTEM. host is copied. 0, or a libuv error:
 * nothing was begun. */
int names_find(struct names *names, const char *host, struct waiter *waiter);

/* found will not be called. Harmless if it does not wait. */
void names_forget(struct waiter *waiter);

bool names_are_looked_up(const struct names *names);

#endif
