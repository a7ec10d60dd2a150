/* presets.h: a modem's factory values: the manual's, and over them what its owner types into it
 * before any host is heard (imqtt_options.presets). */
#ifndef CORE_MODEM_PRESETS_H
#define CORE_MODEM_PRESETS_H

#include "core/modem/parts.h"

/* Types the presets; no answer and no echo of them is shown. One that is refused, or that does more
 * than to set something, is a warning to the owner: its number, from 1, and its result. */
void presets_type(struct imqtt_modem *modem);

/* AT&F: the settings are the factory's again, presets and all. */
void presets_reset(struct imqtt_modem *modem);

#endif
