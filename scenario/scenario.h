/* scenario.h: a scenario in memory: what happens to a modem, and what must be seen of it, in order.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/step_table.h"

struct fault;

/* A key's value; is_given is false for a key that was left out and has no default. */
struct step_value {
    bool is_given;
    uint64_t number; /* a duration's milliseconds; a word's place in its list; 0 or 1 */
    char *text;      /* only of a text */
};

struct step {
    enum step_kind kind;
    unsigned line, column;
    struct step_value values[STEP_KEYS];
    struct fault *fault; /* only of STEP_FAULT */
};

struct scenario {
    char *file;
    struct step_value head[SCENARIO_KEYS]; /* by enum scenario_key */
    struct step *steps;
    size_t step_count;
};

void scenario_free(struct scenario *scenario);

static inline const char *scenario_name(const struct scenario *scenario)
{
    return scenario->head[SCENARIO_NAME].text;
}

#endif
