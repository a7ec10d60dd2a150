/* report_pages.h: a driver's report as text and JUnit XML, and its rules as a page. */
#ifndef IMQTTCTL_REPORT_PAGES_H
#define IMQTTCTL_REPORT_PAGES_H

#include <stdio.h>

#include "driver_report/driver_report.h"

void report_pages_text(FILE *file, const struct driver_report *report,
                       enum report_language language);

/* The same of what a daemon has answered (docs/control-api.yaml, Report); how many findings. */
size_t report_pages_live(FILE *file, const json_t *answer, enum report_language language);

/* A test case a rule; what was found is its failure. */
void report_pages_junit(FILE *file, const struct driver_report *report, const char *suite);

/* docs/driver-report.md, or docs/zh/driver-report.md. */
void report_pages_rules(FILE *file, enum report_language language);

#endif
