/* profile.h: the settings as the record that AT&W stores and that ATZ and start-up load.
 *
 * The record describes itself. Version 2: for each setting its number in fields.h, the length of
 * its value, and the value; a number that is not known is passed over, so that a later program's
 * record can be read. Version 1 (imqtt 1.x): the same values in a fixed order; still read.
 */
#ifndef CORE_SETTINGS_PROFILE_H
#define CORE_SETTINGS_PROFILE_H

#include "core/bytes/out.h"
#include "core/settings/settings.h"

void profile_put(const struct settings *settings, struct out *record);

/* Puts what a record has over the settings, whole or not at all; the rest of them stays. false: it
 * is not readable, or there is no memory. */
bool profile_take(struct settings *settings, struct span record);

#endif
