#include "imqttd/trace/trace_hub.h"

#include <fnmatch.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "host/modem/host_modem.h"

static const struct {
    const char *word;
    enum trace_kind kind;
} kinds[] = {{"at", TRACE_AT}, {"mqtt", TRACE_MQTT}, {"news", TRACE_NEWS}, {"fault", TRACE_FAULT}};

#define KINDS (sizeof kinds / sizeof *kinds)

static uint64_t clock_us(void)
{
    return uv_hrtime() / 1000;
}

void trace_hub_begin(struct trace_hub *hub, const struct loop *loop)
{
    *hub = (struct trace_hub){.loop = loop, .began_us = clock_us()};
}

void trace_hub_end(struct trace_hub *hub)
{
    json_text_free(&hub->json);
}

uint64_t trace_hub_now_us(const struct trace_hub *hub)
{
    return clock_us() - hub->began_us + hub->loop->skipped_ms * 1000;
}

/* ---- who listens to what -------------------------------------------------------------------- */

static bool is_meant(const struct trace_listener *listener, const char *name)
{
    if (listener->glob == NULL)
        return true;
    return listener->is_name ? strcmp(listener->glob, name) == 0
                             : fnmatch(listener->glob, name, 0) == 0;
}

static bool listens(const struct trace_listener *listener, const struct host_modem *modem,
                    unsigned kind)
{
    return (listener->kinds & kind) != 0 && is_meant(listener, host_modem_name(modem));
}

bool trace_hub_is_heard(const struct trace_hub *hub, const struct host_modem *modem, unsigned kind)
{
    for (const struct trace_listener *each = hub->listeners; each != NULL; each = each->next)
        if (listens(each, modem, kind))
            return true;
    return false;
}

unsigned trace_hub_heard(const struct trace_hub *hub, const struct host_modem *modem)
{
    unsigned heard = 0;
    for (const struct trace_listener *each = hub->listeners; each != NULL; each = each->next)
        heard |= listens(each, modem, TRACE_ALL) ? each->kinds : 0;
    return heard;
}

void trace_hub_add(struct trace_hub *hub, struct trace_listener *listener)
{
    listener->is_name = listener->glob != NULL && strpbrk(listener->glob, "*?[\\") == NULL;
    listener->next = hub->listeners;
    hub->listeners = listener;
}

bool trace_hub_remove(struct trace_hub *hub, struct trace_listener *listener)
{
    struct trace_listener **at = &hub->listeners;
    while (*at != NULL && *at != listener)
        at = &(*at)->next;
    if (*at == NULL)
        return false;
    *at = listener->next;
    return true;
}

/* ---- events --------------------------------------------------------------------------------- */

/* "modem":"…","kind":"…" without the brace, which comes with the time. */
struct json_text *trace_hub_begin_event(struct trace_hub *hub, const struct host_modem *modem,
                                        enum trace_kind kind)
{
    struct json_text *json = &hub->json;
    json_text_clear(json);
    json_put_word(json, "modem", host_modem_name(modem));
    json_put_word(json, "kind", trace_kind_word(kind));
    return json;
}

void trace_hub_tell(struct trace_hub *hub, const struct host_modem *modem, enum trace_kind kind)
{
    struct trace_event event = {.id = ++hub->last_id, .kind = kind};
    json_put(&hub->json, "}");
    if (hub->json.failed)
        return;
    event.at_us = trace_hub_now_us(hub);
    event.rest = hub->json.text;
    event.rest_bytes = hub->json.count;
    for (struct trace_listener *each = hub->listeners, *next; each != NULL; each = next) {
        next = each->next;
        if (listens(each, modem, kind))
            each->told(each, &event);
    }
}

size_t trace_put_time(char text[TRACE_TIME_BYTES], uint64_t at_us)
{
    static const char head[] = "{\"t_ms\":";
    unsigned us = (unsigned)(at_us % 1000);
    char *end = text + sizeof head - 1;
    memcpy(text, head, sizeof head - 1);
    end += json_digits(end, at_us / 1000);
    const char fraction[] = {'.', (char)('0' + us / 100), (char)('0' + us / 10 % 10),
                             (char)('0' + us % 10), ','};
    memcpy(end, fraction, sizeof fraction);
    return (size_t)(end - text) + sizeof fraction;
}

void trace_put_head(struct json_text *text, const char *modem)
{
    char started[32] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) == NULL ||
        strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        started[0] = '\0';
    json_put(text, "{");
    json_put_number(text, "imqtt_recording", 1);
    json_put_word(text, "version", IMQTT_VERSION);
    json_put_word(text, "modem", modem);
    json_put_word(text, "started", started);
    json_put(text, "}\n");
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
