/* fleet.h: the modems that a configuration asks for, running: started, changed, ended. */
#ifndef IMQTTD_FLEET_FLEET_H
#define IMQTTD_FLEET_FLEET_H

#include "host/modem/host_parts.h"
#include "imqttd/config/config.h"
#include "imqttd/fleet/fleet_changes.h"

struct host_modem;
struct member;

struct fleet {
    struct host *host;
    struct member *members;
    const struct redirects *redirects; /* of IMQTT_CONNECT_TO, where a plan has none */
    struct alarm *freed;               /* rings when somebody's line may have become free */
};

/* Starts all modems of a configuration and takes their plans out of it. false: *refusal tells, and
 * what was started is running. */
bool fleet_start(struct fleet *fleet, struct config *config, struct host_refusal *refusal);

/* From what runs to what a configuration asks for. Modems that do not differ are not touched. One
 * whose terminal cannot be had is missing, and told; later, and then only logged, where its line
 * must first be let go of by a modem that ends. The caller frees the changes. */
struct fleet_changes fleet_change(struct fleet *fleet, struct config *config);

/* From the observer: a modem made of a configuration began or ended. */
void fleet_began(const struct host_modem *modem);
void fleet_ended(struct fleet *fleet, const struct host_modem *modem);

/* What a modem was made of. */
const struct modem_plan *fleet_plan(const struct host_modem *modem);

void fleet_end(struct fleet *fleet);

#endif
