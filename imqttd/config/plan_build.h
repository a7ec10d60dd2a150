/* plan_build.h: one modem's plan out of what its section, the defaults and the options say. */
#ifndef IMQTTD_CONFIG_PLAN_BUILD_H
#define IMQTTD_CONFIG_PLAN_BUILD_H

#include "imqttd/config/document.h"
#include "imqttd/config/plan.h"

/* The three may be NULL, but for the section. In order: a later value replaces an earlier. */
struct plan_sources {
    const struct config_section *defaults;
    const struct config_section *section;
    const struct config_section *options;
};

/* A section's fleet. false: a fault was noted. */
struct fleet_range {
    bool is_fleet;
    unsigned long count;
    unsigned long first;
};
bool fleet_range_read(struct fleet_range *range, const struct config_section *section,
                      struct config_faults *faults);

/* The modem of a number; member counts from 0. Never NULL; what is wrong is noted. */
struct modem_plan *plan_build(const struct plan_sources *sources, unsigned long number,
                              unsigned long member, struct config_faults *faults);

#endif
