/* session_saving.h: what a modem stores of a kept session by itself, without a command: its packet
 * ids, before they are used, and with imqtt_options.keeps_session all of it. */
#ifndef CORE_MODEM_SESSION_SAVING_H
#define CORE_MODEM_SESSION_SAVING_H

#include "core/modem/parts.h"

/* Begins to save what is to be saved now, unless another record is under way: of each client in turn,
 * so that a busy one does not keep another from the store. */
void modem_save_records(struct imqtt_modem *modem);

/* The store has answered, and whose record it was is turned to. false: it was one that somebody else
 * asked for. */
bool modem_take_session_saved(struct imqtt_modem *modem);

#endif
