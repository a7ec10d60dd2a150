/* profile.h: the stored settings: AT&W writes them, ATZ and start-up load them, AT&F goes back to
 * the factory's (commands.md section 6). */
#ifndef CORE_SETTINGS_PROFILE_H
#define CORE_SETTINGS_PROFILE_H

#include "core/bytes/span.h"
#include "imqtt/status.h"

struct imqtt_modem;

/* Settings only: an open connection stays. */
void profile_load_factory(struct imqtt_modem *modem);

/* Begins to store the settings as they are: PENDING, LATER while another record is being saved, or
 * an error. */
enum imqtt_status profile_save(struct imqtt_modem *modem);

/* Makes a stored record the settings, whole or not at all. false: it is not readable, or there is
 * no memory; the factory's are then in force. */
bool profile_apply(struct imqtt_modem *modem, struct span record);

#endif
