/* member.h: from one plan to one terminal with its modem. */
#ifndef IMQTTD_FLEET_MEMBER_H
#define IMQTTD_FLEET_MEMBER_H

#include "imqttd/fleet/fleet.h"

/* Points into the plan. */
struct modem_config member_config(const struct modem_plan *plan, const struct redirects *redirects);

/* false: *refusal tells. */
bool member_open(struct host *host, struct member *member, struct host_refusal *refusal);

#endif
