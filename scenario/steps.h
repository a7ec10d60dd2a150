/* steps.h: what each kind of step does. */
#ifndef SCENARIO_STEPS_H
#define SCENARIO_STEPS_H

#include "scenario/player_parts.h"

/* false: it failed; the player has what was expected and what came. */
bool step_run(struct player *player, const struct step *step);

/* Of steps_act.c: they make something happen. */
typedef bool step_function(struct player *player, const struct step *step);
step_function step_fault, step_radio, step_power, step_link, step_urc, step_type, step_reset;
step_function step_publish;

#endif
