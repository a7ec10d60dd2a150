/* watch.h: what is known of each running modem beyond what it knows itself: since when it is
 * connected, what failed last and when, how much it did. Metrics and the control interface ask here.
 */
#ifndef IMQTTD_FLEET_WATCH_H
#define IMQTTD_FLEET_WATCH_H

#include "host/faults/fault_set.h"
#include "host/modem/modem.h"
#include "imqtt/news.h"

struct daemon;
struct watches;

struct watch_counters {
    uint64_t attempts, connections, refused, lost, reconnects, dropped, commands, command_errors,
        urcs;
};

struct watch {
    struct host_modem *modem;
    struct traced *traced;
    struct metrics_modem *metrics;
    struct daemon *daemon;
    char *broker;          /* "HOST:PORT" of the connection; NULL: none */
    uint64_t connected_ms; /* the loop's clock */
    bool tls, session_present;
    enum imqtt_stage failed_stage; /* NONE: nothing failed yet */
    int32_t failed_code;
    char *failed_text;
    int64_t failed_at_ms; /* Unix time */
    struct watch_counters counters;
    struct fault_listener fault_listener;
};

struct watches *watches_new(struct daemon *daemon);
void watches_end(struct watches *watches);

/* From the observer. */
void watch_began(struct watches *watches, struct host_modem *modem);
void watch_ended(struct watches *watches, struct host_modem *modem);
void watch_news(struct watches *watches, struct host_modem *modem, const struct imqtt_news *news);

/* All of them, in the order of their names; count is how many. Valid until one begins or ends. */
struct watch **watches_sorted(struct watches *watches, size_t *count);

/* NULL: there is none of that name. */
struct watch *watch_find(struct watches *watches, const char *name);

#endif
