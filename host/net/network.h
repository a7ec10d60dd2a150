/* network.h: one connection to a broker at a time, TCP or TLS.
 *
 * Life of a connection: idle -> looking up (names) -> dialing (addresses) -> greeting (the channel's
 * handshake) -> open -> idle. network_close() ends it at any point, and late answers of the old one
 * are dropped. It becomes open in ten seconds or not at all, and then says where they ran out.
 */
#ifndef HOST_NET_NETWORK_H
#define HOST_NET_NETWORK_H

#include "host/faults/fault_set.h"
#include "host/net/broker_faults.h"
#include "host/net/channel.h"
#include "host/net/linger.h"
#include "host/net/names.h"
#include "host/net/redirects.h"
#include "host/net/tls.h"
#include "imqtt/ports.h"

/* What the networks of all modems share. All zero, but for the loops. */
struct network_shared {
    struct loop *loop;
    struct names names;
    struct linger_room linger_room;
    struct tls_contexts tls_contexts;
};

void network_shared_init(struct network_shared *shared, struct loop *loop);
void network_shared_end(struct network_shared *shared);

/* What one modem brings. What is pointed to must stay. */
struct network_config {
    const struct tls_settings *tls;
    const struct redirects *redirects; /* NULL: none */
    const char *source_address;        /* connections come from there; NULL: any */
    struct fault_set *faults;          /* NULL: nothing can be made to go wrong */
};

/* What the network tells its owner, who may close it from within. */
struct network_owner {
    void (*opened)(void *owner);
    /* Bytes that are valid during the call; the owner keeps what it cannot use. */
    void (*received)(void *owner, const uint8_t *bytes, size_t count);
    /* There is room to write again. */
    void (*room)(void *owner);
    /* The attempt or the connection is over and everything that could be read was handed over. The
     * network is idle. Also from within open. */
    void (*ended)(void *owner, const struct imqtt_failure *failure);
};

enum network_state {
    NETWORK_IDLE,
    NETWORK_LOOKING_UP,
    NETWORK_DIALING,
    NETWORK_GREETING,
    NETWORK_OPEN,
};

/* Private but for its place in the owner. */
struct network {
    struct waiter waiter; /* first: its callback gets only this */
    struct network_shared *shared;
    struct network_config config;
    struct tls_context *tls_context;
    const struct network_owner *owner;
    void *owner_context;
    struct dial *dial;
    struct channel *channel;
    struct call *call; /* whom and how, until the connection is open */
    enum network_state state;
    unsigned calls;  /* how many there have been: tells one connection from the next */
    bool is_wrapped; /* by broker_faults.h */
    bool watches_input, watches_room;
    struct broker_streams streams; /* kept up while faults may come */
    struct fault_listener listener;
    int write_error; /* errno of the first write that failed, or 0 */
};

/* false: *refusal tells what cannot be had. */
bool network_init(struct network *network, struct network_shared *shared,
                  const struct network_config *config, const struct network_owner *owner,
                  void *owner_context, struct host_refusal *refusal);

/* Closes it and gives back what it took from what is shared. Harmless if it is all zero. */
void network_end(struct network *network);

/* What the functions of the network port do; see ports.h. close is harmless at any time. */
void network_open(struct network *network, const char *host, uint16_t port, bool tls);
size_t network_write(struct network *network, const uint8_t *bytes, size_t count);
void network_close(struct network *network);

/* Of connections that are opened from now on: what a host brought stands over the configuration; NULL:
 * nothing does. false: it is of no use, and nothing has changed. */
bool network_secure(struct network *network, const struct imqtt_tls *tls);

/* Ends a connection as a peer or the network between would: with a TCP reset, or in good order. The
 * owner is told as if it had been so. false: there is none. */
bool network_break(struct network *network, enum channel_ending how);

/* Whether to read, and whether output waits for room. */
void network_watch(struct network *network, bool input, bool room);

/* Hands over bytes that were read from the socket but not asked for yet. true if there were any. */
bool network_read_on(struct network *network);

bool network_is_idle(const struct network *network);

static inline bool network_is_open(const struct network *network)
{
    return network->state == NETWORK_OPEN;
}

/* Not 0: writing is in vain, the errno tells why. The owner should read on, since something may
 * have come before, or close if it cannot. */
int network_write_error(const struct network *network);

#endif
