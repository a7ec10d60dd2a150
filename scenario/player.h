/* player.h: plays one scenario on one modem of a daemon. */
#ifndef SCENARIO_PLAYER_H
#define SCENARIO_PLAYER_H

#include <signal.h>

#include "scenario/player_parts.h"

/* Set by a signal handler: playing ends soon. */
extern volatile sig_atomic_t player_is_interrupted;

/* The player keeps what is to be told about a failure; player_end() gives it back. */
enum verdict player_play(struct player *player, const struct scenario *scenario,
                         const struct control_target *target, const struct player_wish *wish);
void player_end(struct player *player);

#endif
