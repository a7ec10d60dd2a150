#include "scenario/scenario.h"

#include <stdlib.h>

static void free_values(struct step_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(values[i].text);
}

void scenario_free(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->step_count; i++) {
        free_values(scenario->steps[i].values, STEP_KEYS);
        free(scenario->steps[i].fault);
    }
    free_values(scenario->head, SCENARIO_KEYS);
    free(scenario->steps);
    free(scenario->file);
    *scenario = (struct scenario){0};
}
