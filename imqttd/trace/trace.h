/* trace.h: what happens in the modems, as events, for whoever listens: a file, a client of the
 * control interface. While nobody listens, a modem does not even know that there is a trace.
 */
#ifndef IMQTTD_TRACE_TRACE_H
#define IMQTTD_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/faults/fault_set.h"
#include "imqtt/news.h"
#include "imqttd/trace/trace_hub.h"

struct host;
struct trace;
struct traced; /* what the trace holds of one modem */

struct trace *trace_new(struct host *host);
void trace_end(struct trace *trace);

void trace_listen(struct trace *trace, struct trace_listener *listener);
void trace_ignore(struct trace *trace, struct trace_listener *listener);
uint64_t trace_now_us(const struct trace *trace);

/* Of each modem: it began, it ends. *place is its place for what the trace holds. False: no memory. */
bool trace_began(struct trace *trace, struct host_modem *modem, struct traced **place);
void trace_ended(struct traced **place);

void trace_news(struct trace *trace, struct traced *traced, const struct imqtt_news *news);
void trace_powered(struct trace *trace, const struct host_modem *modem, bool is_powered);
void trace_fault(struct trace *trace, const struct host_modem *modem, const struct fault *fault,
                 enum fault_event event);

#endif
