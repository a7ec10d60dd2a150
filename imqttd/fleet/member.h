/* member.h: from one plan to one terminal with its modem. */
#ifndef IMQTTD_FLEET_MEMBER_H
#define IMQTTD_FLEET_MEMBER_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"
#include "imqttd/config/plan.h"

/* One section's modem, or a listener with the modems of its connections. */
struct member {
    struct member *next;
    struct modem_plan *plan;
    struct modem_config config; /* made of the plan */
    size_t modems;              /* made of this configuration and not yet ended */
    bool is_retired;            /* goes when they have ended */
    bool is_waiting;            /* for a retired one to let go of its terminal */
    bool is_kept;               /* while a new configuration is compared */
};

/* Points into the plan. */
struct modem_config member_config(const struct modem_plan *plan, const struct redirects *redirects);

/* Whether both are for one serial port, or one pseudo-terminal's link. */
bool member_shares_line(const struct member *member, const struct member *other);

/* false: *refusal tells. */
bool member_open(struct host *host, struct member *member, struct host_refusal *refusal);

#endif
