#include "imqttd/trace/trace.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/modem/modem.h"
#include "imqttd/need.h"
#include "imqttd/trace/trace_events.h"
#include "imqttd/trace/trace_file.h"
#include "imqttd/trace/traced.h"

struct trace {
    struct host *host;
    struct traced *traced;
    struct trace_listener *listeners;
    struct trace_file *file;
    uint64_t began_us;
    uint64_t last_id;
    struct json_text json; /* of the event that is being told */
};

static const struct {
    const char *word;
    enum trace_kind kind;
} kinds[] = {{"at", TRACE_AT}, {"mqtt", TRACE_MQTT}, {"news", TRACE_NEWS}, {"fault", TRACE_FAULT}};

#define KINDS (sizeof kinds / sizeof *kinds)

static uint64_t clock_us(void)
{
    return uv_hrtime() / 1000;
}

struct trace *trace_new(struct host *host)
{
    struct trace *trace = need_new(sizeof *trace);
    trace->host = host;
    trace->began_us = clock_us();
    return trace;
}

uint64_t trace_now_us(const struct trace *trace)
{
    return clock_us() - trace->began_us;
}

size_t trace_put_time(char text[48], uint64_t at_us)
{
    return (size_t)snprintf(text, 48, "{\"t_ms\":%" PRIu64 ".%03u,", at_us / 1000,
                            (unsigned)(at_us % 1000));
}

/* ---- who listens to what -------------------------------------------------------------------- */

static bool listens(const struct trace_listener *listener, const struct host_modem *modem,
                    unsigned kind)
{
    return (listener->kinds & kind) != 0 &&
           (listener->glob == NULL || fnmatch(listener->glob, host_modem_name(modem), 0) == 0);
}

static bool anybody_listens(const struct trace *trace, const struct host_modem *modem,
                            unsigned kind)
{
    for (const struct trace_listener *each = trace->listeners; each != NULL; each = each->next)
        if (listens(each, modem, kind))
            return true;
    return false;
}

static void tap_as_needed(struct trace *trace, struct traced *traced)
{
    bool is_needed = anybody_listens(trace, traced->modem, TRACE_AT | TRACE_MQTT);
    if (!is_needed)
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
    listener->next = trace->listeners;
    trace->listeners = listener;
    listeners_changed(trace);
}

void trace_ignore(struct trace *trace, struct trace_listener *listener)
{
    struct trace_listener **at = &trace->listeners;
    while (*at != NULL && *at != listener)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = listener->next;
    listeners_changed(trace);
}

/* ---- modems --------------------------------------------------------------------------------- */

void trace_began(struct trace *trace, struct host_modem *modem, struct traced **place)
{
    struct traced *traced = need_new(sizeof *traced);
    traced->trace = trace;
    traced->modem = modem;
    traced->next = trace->traced;
    trace->traced = *place = traced;
    tap_as_needed(trace, traced);
}

void trace_ended(struct trace *trace, struct host_modem *modem, struct traced **place)
{
    struct traced **at = &trace->traced;
    (void)modem;
    traced_untap(*place);
    while (*at != *place)
        at = &(*at)->next;
    *at = (*place)->next;
    free(*place);
    *place = NULL;
}

void trace_end(struct trace *trace)
{
    if (trace == NULL)
        return;
    trace_file_end(trace, trace->file);
    json_text_free(&trace->json);
    free(trace);
}

bool trace_open_file(struct trace *trace, const char *file, struct host_refusal *refusal)
{
    if (file == NULL)
        return true;
    trace->file = trace_file_new(trace, &trace->host->loop, file, refusal);
    return trace->file != NULL;
}

/* ---- events --------------------------------------------------------------------------------- */

/* "modem":"…","kind":"…" without the brace, which comes with the time. */
static struct json_text *begin_event(struct trace *trace, const struct host_modem *modem,
                                     enum trace_kind kind)
{
    struct json_text *json = &trace->json;
    json_text_clear(json);
    json_put_word(json, "modem", host_modem_name(modem));
    json_put_word(json, "kind", trace_kind_word(kind));
    return json;
}

static void tell(struct trace *trace, const struct host_modem *modem, enum trace_kind kind)
{
    struct trace_event event = {.id = ++trace->last_id, .kind = kind};
    json_put(&trace->json, "}");
    if (trace->json.failed)
        return;
    event.at_us = trace_now_us(trace);
    event.rest = trace->json.text;
    event.rest_bytes = trace->json.count;
    for (struct trace_listener *each = trace->listeners, *next; each != NULL; each = next) {
        next = each->next;
        if (listens(each, modem, kind))
            each->told(each, &event);
    }
}

void trace_at(struct trace *trace, const struct host_modem *modem, bool from_host,
              const uint8_t *bytes, size_t count, bool starred)
{
    if (!anybody_listens(trace, modem, TRACE_AT))
        return;
    struct json_text *json = begin_event(trace, modem, TRACE_AT);
    json_put_word(json, "dir", from_host ? "host" : "modem");
    json_put_hex(json, "hex", bytes, count);
    json_put_visible(json, "text", bytes, count);
    if (starred)
        json_put_flag(json, "starred", true);
    tell(trace, modem, TRACE_AT);
}

void trace_mqtt(struct trace *trace, const struct host_modem *modem, bool goes_out,
                const struct json_text *fields)
{
    if (!anybody_listens(trace, modem, TRACE_MQTT) || fields->failed)
        return;
    struct json_text *json = begin_event(trace, modem, TRACE_MQTT);
    json_put_word(json, "dir", goes_out ? "out" : "in");
    json_put(json, ",");
    json_put_bytes(json, fields->text, fields->count);
    tell(trace, modem, TRACE_MQTT);
}

static void begin_packets(struct trace *trace, const struct host_modem *modem)
{
    struct traced *each = trace->traced;
    while (each != NULL && each->modem != modem)
        each = each->next;
    if (each != NULL)
        traced_connecting(each);
}

void trace_news(struct trace *trace, const struct host_modem *modem, const struct imqtt_news *news)
{
    if (trace->listeners == NULL)
        return;
    if (news->kind == IMQTT_NEWS_CONNECTING)
        begin_packets(trace, modem);
    if (!anybody_listens(trace, modem, TRACE_NEWS))
        return;
    trace_put_news(begin_event(trace, modem, TRACE_NEWS), news);
    tell(trace, modem, TRACE_NEWS);
}

void trace_powered(struct trace *trace, const struct host_modem *modem, bool is_powered)
{
    if (!anybody_listens(trace, modem, TRACE_NEWS))
        return;
    struct json_text *json = begin_event(trace, modem, TRACE_NEWS);
    json_put_word(json, "what", "powered");
    json_put_flag(json, "powered", is_powered);
    tell(trace, modem, TRACE_NEWS);
}

void trace_fault(struct trace *trace, const struct host_modem *modem, const struct fault *fault,
                 enum fault_event event)
{
    static const char *const words[] = {
        [FAULT_ADDED] = "added", [FAULT_REMOVED] = "removed", [FAULT_STRUCK] = "struck"};
    if (!anybody_listens(trace, modem, TRACE_FAULT))
        return;
    struct json_text *json = begin_event(trace, modem, TRACE_FAULT);
    json_put_word(json, "what", words[event]);
    json_put_word(json, "name", fault->name);
    json_put_word(json, "type", fault_type_of(fault)->name);
    json_put_word(json, "link", fault->link == FAULT_ON_UART ? "uart" : "broker");
    tell(trace, modem, TRACE_FAULT);
}

/* ---- words ---------------------------------------------------------------------------------- */

const char *trace_kind_word(enum trace_kind kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].word;
    return "";
}

static unsigned parse_kind(const char *word, size_t count)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strlen(kinds[i].word) == count && memcmp(kinds[i].word, word, count) == 0)
            return kinds[i].kind;
    return 0;
}

unsigned trace_kinds_parse(const char *words)
{
    unsigned found = 0;
    for (;; words++) {
        size_t count = strcspn(words, ",");
        unsigned kind = parse_kind(words, count);
        if (kind == 0)
            return 0;
        found |= kind;
        words += count;
        if (*words == '\0')
            return found;
    }
}
