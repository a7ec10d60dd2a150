/* listener.h: a socket that hosts connect to; each connection has a modem of its own, NAME-1,
 * NAME-2, …, which ends with it. */
#ifndef HOST_TERMINAL_LISTENER_H
#define HOST_TERMINAL_LISTENER_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

struct listener;

/* What is to be listened on, and how it is called. */
struct listener_address {
    const char *label;       /* for the log: "tcp 127.0.0.1:8023" */
    const char *modem_name;  /* NULL: the configuration's */
    const char *unlink_path; /* a socket's name in the file system, to go with it; NULL: none */
};

/* Takes a listening descriptor over. NULL: *refusal tells. */
struct listener *listener_begin(struct host *host, int fd, const struct listener_address *address,
                                const struct modem_config *config, struct host_refusal *refusal);

/* The listener whose modems are called NAME-N; NULL: there is none. */
struct listener *listener_find(const struct host *host, const char *name);

/* For modems to come; those that are there stay as they are. false: *refusal tells, and nothing has
 * changed. */
bool listener_set_config(struct listener *listener, const struct modem_config *config,
                         struct host_refusal *refusal);

/* No new connections any more; the modems stay. */
void listener_end(struct listener *listener);
void listeners_end(struct host *host);

#endif
