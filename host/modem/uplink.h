/* uplink.h: a modem's side towards the broker: its network, whose bytes and ends go to the modem's
 * pump (imqtt/pump.h). */
#ifndef HOST_MODEM_UPLINK_H
#define HOST_MODEM_UPLINK_H

#include "host/net/network.h"
#include "imqtt/modem.h"
#include "imqtt/pump.h"

struct host_modem;
struct tap;

/* Whose side it is; what is pointed to must stay. */
struct uplink_owner {
    struct host_modem *modem; /* touched when something happened */
    struct imqtt_modem *core; /* neither it nor the pump need be initialised yet */
    struct imqtt_pump *pump;
    const struct tap *const *tap; /* who sees the bytes now; NULL there: nobody */
    const struct observer *observer;
    const char *label; /* for the log */
    uint8_t client;    /* of the modem's: imqtt/clients.h */
};

/* Private but for its place in the modem. */
struct uplink {
    struct network network;
    struct loop *loop;
    struct uplink_owner owner;
    uint64_t traffic_ms; /* when something last came or went */
    size_t heard_bytes;  /* from the broker in this turn */
};

/* false: *refusal tells. */
bool uplink_init(struct uplink *uplink, struct network_shared *shared,
                 const struct network_config *config, const struct uplink_owner *owner,
                 struct host_refusal *refusal);

struct imqtt_network_port uplink_port(struct uplink *uplink);
struct imqtt_tls_port uplink_tls_port(struct uplink *uplink);

/* Reads on what was read from the socket and not asked for yet, and ends a connection that can go on
 * neither way. true: the pump has something new to settle. */
bool uplink_go_on(struct uplink *uplink);

/* Watches the network as the core wants; without may_read it is not read for now. Ends the turn. */
void uplink_watch(struct uplink *uplink, bool may_read);

/* The core wants to read from there. */
bool uplink_wants_input(const struct uplink *uplink);

/* What has come from the broker in this turn. */
size_t uplink_heard_bytes(const struct uplink *uplink);

/* There is no connection and no attempt at one. */
bool uplink_is_down(const struct uplink *uplink);

/* There is a connection, over which MQTT goes. */
bool uplink_is_open(const struct uplink *uplink);

/* For how long nothing has come or gone, ms; UINT64_MAX when it is down. */
uint64_t uplink_quiet_ms(const struct uplink *uplink);

/* Ends the connection as a peer would. false: there is none. */
bool uplink_break(struct uplink *uplink, enum channel_ending how);

/* Closes the connection without a word. */
void uplink_end(struct uplink *uplink);

#endif
