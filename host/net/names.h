/* names.h: host names to addresses, by c-ares in the loop.
 *
 * A lookup ends with the last who waits for it, and its sockets with it. Lookups of the same name at
 * the same time are one; so many are under way at a time, and the others wait for their turn. What
 * was found is kept no longer than the name server says. /etc/hosts goes first, or as
 * /etc/nsswitch.conf says.
 */
#ifndef HOST_NET_NAMES_H
#define HOST_NET_NAMES_H

#include "host/loop/loop.h"
#include "host/net/address.h"

#define NAMES_AT_A_TIME 256 /* two or three descriptors each */

/* All zero, but for the loop: nothing is being looked up. */
struct names {
    struct loop *loop;
    struct lookup *first; /* in the order they were asked for */
    struct lookup *last;
    size_t under_way;
    struct name_cache *cache; /* NULL: nothing was found yet */
};

/* One who waits, embedded in its owner. */
struct waiter {
    struct waiter *next;
    struct lookup *lookup; /* NULL: it does not wait */

    /* The addresses are valid during the call; or NULL and why, as getaddrinfo() has it (EAI_…). */
    void (*found)(struct waiter *waiter, const struct addresses *addresses, int code);
};

/* Calls found later. host is copied. false: no memory, nothing was begun. */
bool names_find(struct names *names, const char *host, struct waiter *waiter);

/* found will not be called, and what nobody waits for ends. Harmless if it does not wait. */
void names_cancel(struct waiter *waiter);

/* What was found did not lead anywhere: it is asked for anew the next time. */
void names_forget(struct names *names, const char *host);

/* When nobody waits any more. */
void names_end(struct names *names);

#endif
