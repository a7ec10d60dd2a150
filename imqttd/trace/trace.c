#include "imqttd/trace/trace.h"

#include <stdlib.h>

#include "host/modem/host_modem.h"
#include "host/modem/host_parts.h"
#include "imqttd/need.h"
#include "imqttd/trace/trace_events.h"
#include "imqttd/trace/traced.h"

struct trace {
    struct trace_hub hub;
    struct host *host;
    struct traced *traced;
};

struct trace *trace_new(struct host *host)
{
    struct trace *trace = need_new(sizeof *trace);
    trace->host = host;
    trace_hub_begin(&trace->hub, &host->loop);
    return trace;
}

uint64_t trace_now_us(const struct trace *trace)
{
    return trace_hub_now_us(&trace->hub);
}

/* ---- who listens to what -------------------------------------------------------------------- */

/* What is heard is found out here, so that a modem that nobody follows has one bit to look at. */
static void tap_as_needed(struct trace *trace, struct traced *traced)
{
    traced->heard = trace_hub_heard(&trace->hub, traced->modem);
    host_modem_want_news(traced->modem, NEWS_FOR_TRACE,
                         (traced->heard & TRACE_NEWS) != 0 ? UINT32_MAX : 0);
    if ((traced->heard & (TRACE_AT | TRACE_MQTT)) == 0)
        traced_untap(traced);
    else
        traced_tap(traced, &trace->host->loop);
}

static void listeners_changed(struct trace *trace)
{
    for (struct traced *each = trace->traced; each != NULL; each = each->next)
        tap_as_needed(trace, each);
}

void trace_listen(struct trace *trace, struct trace_listener *listener)
{
    trace_hub_add(&trace->hub, listener);
    listeners_changed(trace);
}

void trace_ignore(struct trace *trace, struct trace_listener *listener)
{
    if (trace_hub_remove(&trace->hub, listener))
        listeners_changed(trace);
}

/* ---- modems --------------------------------------------------------------------------------- */

bool trace_began(struct trace *trace, struct host_modem *modem, struct traced **place)
{
    struct traced *traced = calloc(1, sizeof *traced);
    if (traced == NULL)
        return false;
    traced->hub = &trace->hub;
    traced->modem = modem;
    traced->next = trace->traced;
    traced->link = &trace->traced;
    if (traced->next != NULL)
        traced->next->link = &traced->next;
    trace->traced = *place = traced;
    tap_as_needed(trace, traced);
    return true;
}

void trace_ended(struct traced **place)
{
    struct traced *traced = *place;
    traced_untap(traced);
    *traced->link = traced->next;
    if (traced->next != NULL)
        traced->next->link = traced->link;
    free(traced);
    *place = NULL;
}

void trace_end(struct trace *trace)
{
    if (trace == NULL)
        return;
    trace_hub_end(&trace->hub);
    free(trace);
}

/* ---- events --------------------------------------------------------------------------------- */

void trace_news(struct trace *trace, struct traced *traced, const struct imqtt_news *news)
{
    traced_follow(traced, news);
    if ((traced->heard & TRACE_NEWS) == 0)
        return;
    trace_put_news(trace_hub_begin_event(&trace->hub, traced->modem, TRACE_NEWS), news);
    trace_hub_tell(&trace->hub, traced->modem, TRACE_NEWS);
}

void trace_powered(struct trace *trace, const struct host_modem *modem, bool is_powered)
{
    if (!trace_hub_is_heard(&trace->hub, modem, TRACE_NEWS))
        return;
    struct json_text *json = trace_hub_begin_event(&trace->hub, modem, TRACE_NEWS);
    json_put_word(json, "what", "powered");
    json_put_flag(json, "powered", is_powered);
    trace_hub_tell(&trace->hub, modem, TRACE_NEWS);
}

void trace_fault(struct trace *trace, const struct host_modem *modem, const struct fault *fault,
                 enum fault_event event)
{
    static const char *const words[] = {
        [FAULT_ADDED] = "added", [FAULT_REMOVED] = "removed", [FAULT_STRUCK] = "struck"};
    if (!trace_hub_is_heard(&trace->hub, modem, TRACE_FAULT))
        return;
    struct json_text *json = trace_hub_begin_event(&trace->hub, modem, TRACE_FAULT);
    json_put_word(json, "what", words[event]);
    json_put_word(json, "name", fault->name);
    json_put_word(json, "type", fault_type_of(fault)->name);
    json_put_word(json, "link", fault->link == FAULT_ON_UART ? "uart" : "broker");
    trace_hub_tell(&trace->hub, modem, TRACE_FAULT);
}
