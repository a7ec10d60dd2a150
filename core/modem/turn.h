/* turn.h: what has come in is dealt with, whichever side it came from. */
#ifndef CORE_MODEM_TURN_H
#define CORE_MODEM_TURN_H

#include "core/modem/parts.h"

/* Everything goes out that can, and what that brings about is dealt with. */
void modem_work(struct imqtt_modem *modem);

/* A command that waits for room is tried again. false: none waits. */
bool modem_resume_waiting(struct imqtt_modem *modem);

#endif
