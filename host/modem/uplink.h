/* uplink.h: a modem's side towards the broker: its network, and what came from there and waits.
 *
 * The core gets everything in the order it happened: bytes that it could not use yet are offered
 * again, and the end of a connection is reported only when all its bytes were used.
 */
#ifndef HOST_MODEM_UPLINK_H
#define HOST_MODEM_UPLINK_H

#include "host/modem/kept.h"
#include "host/net/network.h"
#include "imqtt/modem.h"

struct host_modem;
struct tap;

/* Whose side it is; what is pointed to must stay. */
struct uplink_owner {
    struct host_modem *modem;     /* touched when something happened */
    struct imqtt_modem *core;     /* need not be initialised yet */
    const struct tap *const *tap; /* who sees the bytes now; NULL there: nobody */
    const struct observer *observer;
    const char *label; /* for the log */
};

/* Private but for its place in the modem. */
struct uplink {
    struct network network;
    struct loop *loop;
    struct uplink_owner owner;
    struct kept received;
    bool was_closed; /* what is left of the old connection's input is to be dropped */
    bool has_failed; /* failure is to be reported */
    struct imqtt_failure failure;
    char failure_text[IMQTT_FAILURE_TEXT_BYTES + 1];
    uint64_t traffic_ms; /* when something last came or went */
    size_t heard_bytes;  /* from the broker in this turn */
};

/* false: *refusal tells. */
bool uplink_init(struct uplink *uplink, struct network_shared *shared,
                 const struct network_config *config, const struct uplink_owner *owner,
                 struct host_refusal *refusal);

struct imqtt_network_port uplink_port(struct uplink *uplink);

/* Offers the core what waits. true: it took something, and may want to flush. */
bool uplink_offer(struct uplink *uplink);

/* Watches the network as the core wants; without may_read it is not read for now. Ends the turn. */
void uplink_watch(struct uplink *uplink, bool may_read);

/* What has come from the broker in this turn, and whether some of it could not be used yet. */
size_t uplink_heard_bytes(const struct uplink *uplink);
bool uplink_has_kept(const struct uplink *uplink);

/* There is no connection and no attempt at one. */
bool uplink_is_down(const struct uplink *uplink);

/* For how long nothing has come or gone, ms; UINT64_MAX when it is down. */
uint64_t uplink_quiet_ms(const struct uplink *uplink);

/* Ends the connection as a peer would. false: there is none. */
bool uplink_break(struct uplink *uplink, enum channel_ending how);

/* Closes the connection without a word and drops what waits. */
void uplink_end(struct uplink *uplink);

#endif
