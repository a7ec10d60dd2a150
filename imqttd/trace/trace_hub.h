/* trace_hub.h: from what makes events to who listens to them. */
#ifndef IMQTTD_TRACE_TRACE_HUB_H
#define IMQTTD_TRACE_TRACE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqttd/trace/json_text.h"

struct host_modem;

enum trace_kind { TRACE_AT = 1, TRACE_MQTT = 2, TRACE_NEWS = 4, TRACE_FAULT = 8, TRACE_ALL = 15 };

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
    bool is_name;     /* the glob is a name: set by trace_hub_add() */
    void (*told)(struct trace_listener *listener, const struct trace_event *event);
};

struct trace_hub {
    struct trace_listener *listeners;
    const struct loop *loop; /* whose skipped time counts */
    uint64_t began_us;
    uint64_t last_id;
    struct json_text json; /* of the event that is being told */
};

void trace_hub_begin(struct trace_hub *hub, const struct loop *loop);
void trace_hub_end(struct trace_hub *hub);

void trace_hub_add(struct trace_hub *hub, struct trace_listener *listener);

/* false: it did not listen. */
bool trace_hub_remove(struct trace_hub *hub, struct trace_listener *listener);

/* Somebody listens to one of these kinds, of that modem. */
bool trace_hub_is_heard(const struct trace_hub *hub, const struct host_modem *modem,
                        unsigned kinds);

/* The kinds of its events that somebody listens to. */
unsigned trace_hub_heard(const struct trace_hub *hub, const struct host_modem *modem);

/* An event's text, to which its fields are put; told to all who listen. */
struct json_text *trace_hub_begin_event(struct trace_hub *hub, const struct host_modem *modem,
                                        enum trace_kind kind);
void trace_hub_tell(struct trace_hub *hub, const struct host_modem *modem, enum trace_kind kind);

uint64_t trace_hub_now_us(const struct trace_hub *hub);

/* "at,mqtt": which kinds. 0: a word that is none of them. */
unsigned trace_kinds_parse(const char *words);
const char *trace_kind_word(enum trace_kind kind);

/* {"t_ms":1.234, as text; how many bytes. */
#define TRACE_TIME_BYTES 48
size_t trace_put_time(char text[TRACE_TIME_BYTES], uint64_t at_us);

/* The first line of a recording. modem: "*" for all of them. */
void trace_put_head(struct json_text *text, const char *modem);

#endif
