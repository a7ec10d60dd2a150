/* control_parts.h: what the files of the control interface know of each other. */
#ifndef IMQTTD_CONTROL_CONTROL_PARTS_H
#define IMQTTD_CONTROL_CONTROL_PARTS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "host/loop/alarm.h"
#include "host/refusal.h"
#include "imqttd/control/token_file.h"
#include "imqttd/daemon.h"

/* One listening socket. */
struct http_port {
    struct control *control;
    struct MHD_Daemon *http;
    uv_poll_t poll;
    bool is_polled;
    bool is_tcp; /* it asks for the token */
    char bound_host[256];
    struct alarm *timeout;
    struct task run; /* at the end of a turn in which something is to be sent */
};

struct control {
    struct daemon *daemon;
    struct http_port unix_port, tcp_port;
    struct events_client *clients;
    unsigned client_count;
    struct alarm *ping, *gather;
    bool is_gathering; /* the alarm is set */
    unsigned char token_digest[TOKEN_DIGEST_BYTES];
    const char *unix_path; /* to be removed at the end */
};

/* Something was put into a stream of that port: it is sent at the end of this turn. */
void control_run_soon(struct http_port *port);

/* Listens and lets libmicrohttpd serve. fd is taken over. false: *refusal tells. */
bool http_port_begin(struct http_port *port, struct control *control, int fd, const char *setting,
                     const char *value, struct host_refusal *refusal);
void http_port_end(struct http_port *port);

/* token.c: the Authorization header (NULL: there is none) has it. */
bool token_is_good(const struct control *control, const char *authorization);

/* The Host header names this computer: else a page of another site may be asking. */
bool host_header_is_good(const struct http_port *port, const char *host);

#endif
