/* live_report.h: what the host of a running modem does wrong. A modem is judged from when somebody
 * asks for its report until nobody has for LIVE_REPORT_KEPT_MS: nobody pays for what nobody reads.
 */
#ifndef IMQTTD_REPORT_LIVE_REPORT_H
#define IMQTTD_REPORT_LIVE_REPORT_H

#include <jansson.h>

#include "driver_report/driver_report.h"
#include "host/loop/loop.h"
#include "imqttd/trace/trace.h"

#define LIVE_REPORT_KEPT_MS 3600000

struct live_report;

/* *place is the modem's place for its report, NULL while it is not judged; so it is again when the
 * report ends by itself. false: no memory. */
bool live_report_begin(struct live_report **place, struct trace *trace, struct loop *loop,
                       const char *modem);
void live_report_end(struct live_report **place);

/* The findings so far, and for how long it was judged; NULL: no memory. */
json_t *live_report_json(struct live_report *report, enum report_language language);

#endif
