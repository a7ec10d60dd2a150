/* terminal_output.h: output on its way to the host. */
#ifndef CORE_MODEM_TERMINAL_OUTPUT_H
#define CORE_MODEM_TERMINAL_OUTPUT_H

#include "core/modem/parts.h"

/* Hands over what waits, as much as the terminal takes. A change of the line happens where it stands
 * in the output. */
void modem_write_terminal(struct imqtt_modem *modem);

#endif
