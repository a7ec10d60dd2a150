/* host.h: what the modems of one program share, from start to end. */
#ifndef HOST_MODEM_HOST_H
#define HOST_MODEM_HOST_H

#include "host/loop/alarm.h"
#include "host/modem/memory.h"
#include "host/net/network.h"
#include "host/refusal.h"
#include "host/store/store.h"
#include "host/net/tls.h"
#include "imqtt/modem.h"

struct host {
    struct loop loop;
    struct memory memory;
    struct network_shared network;
    struct network_config network_config; /* of each modem */
    struct tls_settings tls;
    struct tls_context *tls_context; /* of these settings: read at the start, kept to the end */
    struct redirects redirects;
    struct imqtt_options options; /* of each modem */
    bool allow_remote;            /* terminals may listen where other computers reach them */
    struct store *store;          /* NULL: nothing is kept over restarts */
    struct host_modem *modems;
    struct tcp_listener *listeners;
    struct pty_watch *pty_watch;
    struct alarm *patience; /* set while stopping */
    bool is_stopping;
};

struct host_settings {
    struct tls_settings tls;
    const char *connect_to; /* redirects.h; NULL: none */
    bool allow_remote;      /* terminals may listen where other computers reach them */
    bool boot_urcs;
    const char *state_folder;       /* NULL: nothing is kept over restarts */
    struct imqtt_identity identity; /* of each modem, but for its name; the strings must stay */
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
