/* junit.h: results as JUnit XML, as CI systems read it. */
#ifndef SCENARIO_JUNIT_H
#define SCENARIO_JUNIT_H

#include <stdbool.h>
#include <stddef.h>

struct junit_case {
    char *name, *file;
    double took_s;
    char *failure; /* NULL: it passed */
    bool is_error; /* it could not be played to its end: timed out */
};

/* false: errno says why. */
bool junit_write(const char *path, const char *suite, const struct junit_case *cases, size_t count);

#endif
