/* host.h: what the modems of one program share, from start to end. */
#ifndef HOST_MODEM_HOST_H
#define HOST_MODEM_HOST_H

#include "host/loop/alarm.h"
#include "host/modem/memory.h"
#include "host/net/network.h"
#include "host/net/tls.h"
#include "host/observer.h"
#include "host/refusal.h"
#include "host/store/store.h"

struct host {
    struct loop loop;
    const struct observer *observer;
    struct memory memory;
    struct network_shared network;
    bool allow_remote;   /* terminals may listen where other computers reach them */
    struct store *store; /* NULL: nothing is kept over restarts */
    struct host_modem *modems;
    struct listener *listeners;
    struct pty_watch *pty_watch;
    struct alarm *patience; /* set while stopping */
    bool is_stopping;
};

/* What is pointed to must stay. */
struct host_settings {
    const struct observer *observer;
    const char *state_folder; /* NULL: nothing is kept over restarts */
    bool allow_remote;        /* terminals may listen where other computers reach them */
};

/* false: *refusal tells what is bad. */
bool host_init(struct host *host, const struct host_settings *settings,
               struct host_refusal *refusal);

/* Runs until everything has ended. */
void host_run(struct host *host);

/* Ends everything: each modem says DISCONNECT and has a few seconds for it. Asked again: at once.
 */
void host_stop(struct host *host);

/* Frees what is left. */
void host_end(struct host *host);

#endif
