/* parse.h: a scenario from its file. */
#ifndef SCENARIO_PARSE_H
#define SCENARIO_PARSE_H

#include "scenario/scenario.h"

#define PARSE_PROBLEM_BYTES 512

/* false: problem is one line, "FILE:LINE:COLUMN: what is wrong". */
bool scenario_parse(struct scenario *scenario, const char *file, char problem[PARSE_PROBLEM_BYTES]);

#endif
