/* preset_check.h: whether a modem takes its presets: they are typed into one that is thrown away. */
#ifndef IMQTTD_CONFIG_PRESET_CHECK_H
#define IMQTTD_CONFIG_PRESET_CHECK_H

#include "imqttd/config/plan.h"

/* What it refuses, and what does more than set something, is noted where it stands. */
void preset_check(const struct modem_plan *plan, struct config_faults *faults);

#endif
