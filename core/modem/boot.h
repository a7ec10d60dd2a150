/* boot.h: power on and off, and reboot: what was stored is loaded, then the modem says so and takes
 * commands; and the settings on their way to and from the store. */
#ifndef CORE_MODEM_BOOT_H
#define CORE_MODEM_BOOT_H

#include "core/modem/parts.h"

/* Everything but the streams, the terminal, the clock and the network around the radio begins
 * anew, and the stored records are asked for. */
void boot_power_on(struct imqtt_modem *modem);

/* The connection ends without a farewell, and all memory of what began goes back. */
void boot_power_off(struct imqtt_modem *modem);

/* AT+CFUN=1,1: off and on, once this command line has its final result. LATER: a record is being
 * saved. */
enum imqtt_status boot_again(struct imqtt_modem *modem);
void boot_reboot(struct imqtt_modem *modem);

/* AT&W: begins to store the settings as they are: PENDING, LATER while another record is being
 * saved, or an error. */
enum imqtt_status boot_save_settings(struct imqtt_modem *modem);

/* ATZ: the stored settings, or the factory's if none are stored; an error, and nothing changes, if
 * nobody knows what is stored. LATER: as above. */
enum imqtt_status boot_reload(struct imqtt_modem *modem);

/* What the store had: how the command ends that asked for it, or PENDING: none did. */
enum imqtt_status boot_take_loaded(struct imqtt_modem *modem, enum imqtt_load outcome,
                                   struct span record);

#endif
