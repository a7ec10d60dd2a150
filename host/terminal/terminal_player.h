/* terminal_player.h: a decorator for a modem that its owner types to while no host is there: what
 * the modem says then is taken, where it would else wait for a host. A host that comes gets what is
 * said from then on.
 */
#ifndef HOST_TERMINAL_TERMINAL_PLAYER_H
#define HOST_TERMINAL_TERMINAL_PLAYER_H

#include "host/terminal/terminal.h"

/* NULL: no memory. */
struct terminal *terminal_player_new(void);

#endif
