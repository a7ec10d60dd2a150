/* trace.h: what happens in the modems, as events, for whoever listens: a file, a client of the
 * control interface. While nobody listens, a modem does not even know that there is a trace.
 */
#ifndef IMQTTD_TRACE_TRACE_H
#define IMQTTD_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/faults/fault_set.h"
#include "host/modem/host.h"
#include "host/refusal.h"
#include "imqtt/news.h"

enum trace_kind { TRACE_AT = 1, TRACE_MQTT = 2, TRACE_NEWS = 4, TRACE_FAULT = 8, TRACE_ALL = 15 };

struct trace;
struct traced; /* what the trace holds of one modem */

/* Valid during the call. As a line: {"t_ms":T, and then rest. */
struct trace_event {
    uint64_t id; /* counts up, over all modems */
    enum trace_kind kind;
    uint64_t at_us; /* since the trace began */
    const char *rest;
    size_t rest_bytes;
};

/* Embedded in its owner. */
struct trace_listener {
    struct trace_listener *next;
    unsigned kinds;
    const char *glob; /* of modems' names; NULL: all */
    void (*told)(struct trace_listener *listener, const struct trace_event *event);
};

struct trace *trace_new(struct host *host);
void trace_end(struct trace *trace);

/* Appends everything to a file. file NULL: nothing. false: *refusal tells. */
bool trace_open_file(struct trace *trace, const char *file, struct host_refusal *refusal);

void trace_listen(struct trace *trace, struct trace_listener *listener);
void trace_ignore(struct trace *trace, struct trace_listener *listener);
uint64_t trace_now_us(const struct trace *trace);

/* Of each modem: it began, it ends. traced is *its place for what the trace holds. */
void trace_began(struct trace *trace, struct host_modem *modem, struct traced **traced);
void trace_ended(struct trace *trace, struct host_modem *modem, struct traced **traced);

void trace_news(struct trace *trace, const struct host_modem *modem, const struct imqtt_news *news);
void trace_powered(struct trace *trace, const struct host_modem *modem, bool is_powered);
void trace_fault(struct trace *trace, const struct host_modem *modem, const struct fault *fault,
                 enum fault_event event);

/* "at,mqtt": which kinds. 0: a word that is none of them. */
unsigned trace_kinds_parse(const char *words);
const char *trace_kind_word(enum trace_kind kind);

/* {"t_ms":1.234, as text; how many bytes. */
size_t trace_put_time(char text[48], uint64_t at_us);

#endif
