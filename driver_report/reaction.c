#include <stdio.h>

#include "driver_report/report_state.h"

void reaction_expect(struct reaction *reaction, double now_ms, const char *line)
{
    if (reaction->is_due)
        return;
    *reaction = (struct reaction){.is_due = true, .since_ms = now_ms};
    snprintf(reaction->line, sizeof reaction->line, "%s", line);
}

bool reaction_is_over(const struct reaction *reaction, double now_ms)
{
    return reaction->is_due && now_ms - reaction->since_ms > REACTION_MS;
}
