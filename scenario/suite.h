/* suite.h: the scenarios that are to be played: of files, and of the folders' *.yaml. */
#ifndef SCENARIO_SUITE_H
#define SCENARIO_SUITE_H

#include "scenario/scenario.h"

struct suite {
    struct scenario *scenarios;
    size_t count, mistakes; /* a line on standard error for each of those */
};

void suite_add(struct suite *suite, const char *path);
void suite_free(struct suite *suite);

#endif
