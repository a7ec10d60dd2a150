/* uplinks.h: a modem's sides towards brokers: one, or one for each of several clients
 * (imqtt/clients.h). What is done to "all" of them is done to those that are there. */
#ifndef HOST_MODEM_UPLINKS_H
#define HOST_MODEM_UPLINKS_H

#include "host/modem/uplink.h"

struct further_uplink {
    struct uplink uplink;
    struct imqtt_pump_stream stream;
};

/* Private but for its place in the modem. All zero: none. */
struct uplinks {
    struct uplink first;
    struct further_uplink *further; /* those behind the first, in one block; NULL: none */
    uint8_t count;
};

/* The owner's client is filled in. false: *refusal tells; uplinks_end() frees what there is. */
bool uplinks_init(struct uplinks *uplinks, uint8_t count, struct network_shared *shared,
                  const struct network_config *config, const struct uplink_owner *owner,
                  struct host_refusal *refusal);

/* Once the pump is initialised: it keeps what comes from those behind the first. */
void uplinks_join(struct uplinks *uplinks, struct imqtt_pump *pump,
                  const struct imqtt_memory_port *memory);

struct uplink *uplinks_of(struct uplinks *uplinks, uint8_t client);
const struct uplink *uplinks_look_at(const struct uplinks *uplinks, uint8_t client);

/* As uplink_go_on(), uplink_watch() and so on; quiet: the one where something came or went last. */
bool uplinks_go_on(struct uplinks *uplinks);
void uplinks_watch(struct uplinks *uplinks, bool may_read);
size_t uplinks_heard_bytes(const struct uplinks *uplinks);
uint64_t uplinks_quiet_ms(const struct uplinks *uplinks);

/* The core wants to read from one of them. */
bool uplinks_want_input(const struct uplinks *uplinks);

/* All are down; one is on its way to be open. */
bool uplinks_are_down(const struct uplinks *uplinks);
bool uplinks_are_opening(const struct uplinks *uplinks);

/* Ends the connections that there are. false: there is none. */
bool uplinks_break(struct uplinks *uplinks, enum channel_ending how);

/* Harmless if all is zero. */
void uplinks_end(struct uplinks *uplinks);

#endif
