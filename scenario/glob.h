/* glob.h: patterns in which * stands for any text and ? for one character. */
#ifndef SCENARIO_GLOB_H
#define SCENARIO_GLOB_H

#include <stdbool.h>
#include <stddef.h>

bool glob_matches(const char *glob, const char *text, size_t bytes, bool ignores_case);

#endif
