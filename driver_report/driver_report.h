/* driver_report.h: what the host of a modem did wrong, found in the modem's events.
 *
 * Events (docs/recordings.md) go in one at a time, in the order of their times; findings come out,
 * at once or when a deadline has passed. Memory is bounded: of each rule the first
 * REPORT_FINDINGS_A_RULE findings are kept, the others are counted.
 */
#ifndef DRIVER_REPORT_DRIVER_REPORT_H
#define DRIVER_REPORT_DRIVER_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "driver_report/rules.h"

#define REPORT_FINDINGS_A_RULE 8
#define REPORT_LINE_BYTES      128

struct driver_report;

struct report_finding {
    const struct report_rule *rule;
    double t_ms;                  /* of the event that shows it */
    char line[REPORT_LINE_BYTES]; /* what was said, cut if it is long; UTF-8 */
};

/* NULL: no memory. */
struct driver_report *report_begin(void);

/* One event; what is no event of a modem (the head of a recording, a ping) is left aside. */
void report_take_event(struct driver_report *report, const json_t *event);

/* No more events come. What was still within its time is not held against the host. */
void report_finish(struct driver_report *report);

void report_end(struct driver_report *report); /* frees it; NULL is fine */

/* The findings so far, in the order in which they were found. */
size_t report_count(const struct driver_report *report);
const struct report_finding *report_at(const struct driver_report *report, size_t index);

/* How often the rule was broken, also beyond the findings that are kept. */
unsigned report_times(const struct driver_report *report, enum report_rule_id id);

/* {"findings":[{"rule","t_ms","line","why","remedy"}]} in this language; NULL: no memory. */
json_t *report_json(const struct driver_report *report, enum report_language language);

#endif
