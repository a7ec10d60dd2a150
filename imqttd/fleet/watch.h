/* watch.h: what is known of each running modem beyond what it knows itself: since when it is
 * connected, what failed last and when, how much it did.
 */
#ifndef IMQTTD_FLEET_WATCH_H
#define IMQTTD_FLEET_WATCH_H

#include "host/faults/fault_set.h"
#include "host/modem/host_modem.h"
#include "imqtt/limits.h"
#include "imqtt/news.h"

struct daemon;
struct live_report;
struct metrics_modem;
struct traced;

/* Since the modem began, power-cycles included. Messages are those that were done, and were not dropped. */
struct watch_counters {
    uint64_t attempts, connections, refused, lost, reconnects, messages_in, messages_out, bytes_in,
        bytes_out, dropped, commands, command_errors, urcs;
};

/* Of one of a modem's clients (imqtt/clients.h). */
struct watch_client {
    char *broker;          /* "HOST:PORT" of the connection; NULL: none */
    char *client_id;       /* of the last attempt, where there are several clients; NULL: none */
    uint64_t connected_ms; /* the loop's clock */
    bool tls, session_present;
    enum imqtt_stage failed_stage; /* NONE: nothing failed yet */
    int32_t failed_code;
    char *failed_text;
    int64_t failed_at_ms; /* Unix time */
};

struct watch {
    struct host_modem *modem;
    struct traced *traced;
    struct metrics_modem *metrics;
    struct live_report *report; /* NULL: nobody has asked for it */
    struct daemon *daemon;
    struct watch_client first;
    struct watch_client *further[IMQTT_CLIENTS - 1]; /* NULL: nothing was heard of it yet */
    struct watch_counters counters;
    struct fault_listener fault_listener;
};

/* NULL: nothing was heard of it yet. */
static inline const struct watch_client *watch_client(const struct watch *watch, uint8_t client)
{
    return client == 0 ? &watch->first : watch->further[client - 1];
}

#endif
