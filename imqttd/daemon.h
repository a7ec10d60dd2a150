/* daemon.h: all that the program is made of while it runs. */
#ifndef IMQTTD_DAEMON_H
#define IMQTTD_DAEMON_H

#include "host/modem/host.h"
#include "imqttd/config/config.h"
#include "imqttd/fleet/fleet.h"
#include "imqttd/options.h"

struct control;
struct trace;
struct trace_file;
struct metrics;
struct watches;
struct ready_lines;

struct daemon {
    struct host host;
    struct options options;
    struct config config;  /* as it was last taken; its modems' plans are the fleet's */
    struct config retired; /* the first one, when there is a later: its strings are still used */
    bool has_retired;
    struct fleet fleet;
    struct redirects redirects; /* of IMQTT_CONNECT_TO */
    struct watches *watches;    /* what is known of each modem beyond what it knows itself */
    struct trace *trace;
    struct trace_file *trace_file; /* NULL: there is none */
    struct metrics *metrics;
    struct ready_lines *ready_lines;
    bool has_stdio;          /* a modem speaks on standard output */
    bool waits_for_modems;   /* it goes on without one */
    bool has_failed_command; /* one ended in an error */
    struct control *control; /* NULL: it was not asked for */
};

/* Reads the configuration again. false: nothing has changed, and faults has the reasons; else
 * changes. The caller frees both. */
bool daemon_reload(struct daemon *daemon, struct fleet_changes *changes,
                   struct config_faults *faults);

/* The keys of [imqttd] that say something else than when the program was started, and change when it is
 * started again; how many. */
#define DAEMON_WAITING_KEYS 10
size_t daemon_waiting_keys(const struct daemon *daemon, const char *keys[DAEMON_WAITING_KEYS]);

#endif
