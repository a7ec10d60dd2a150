#include "imqttd/control/control.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/terminal/unix_socket.h"
#include "imqttd/control/control_parts.h"
#include "imqttd/control/event_streams.h"
#include "imqttd/log/log.h"

#define BACKLOG 64

/* ---- on a Unix socket ----------------------------------------------------------------------- */

static bool begin_unix(struct control *control, const char *path, struct host_refusal *refusal)
{
    const char *why;
    int fd = unix_socket_listen(path, &why);
    if (fd < 0)
        return refuse(refusal, "--control", path, why);
    control->unix_path = path;
    return http_port_begin(&control->unix_port, control, fd, "--control", path, refusal);
}

/* ---- on TCP --------------------------------------------------------------------------------- */

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

static int listen_at(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static struct addrinfo *resolve(const struct endpoint *where)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    char service[8];
    snprintf(service, sizeof service, "%u", where->port);
    return getaddrinfo(where->host, service, &hints, &found) == 0 ? found : NULL;
}

/* The port may have been 0: any. */
static void announce(const struct control *control, int fd)
{
    struct sockaddr_storage address;
    socklen_t bytes = sizeof address;
    struct endpoint endpoint;
    char text[ENDPOINT_TEXT_BYTES];
    const struct observer *observer = control->daemon->host.observer;
    if (getsockname(fd, (struct sockaddr *)&address, &bytes) == 0 &&
        endpoint_of_address(&endpoint, (struct sockaddr *)&address))
        observer->ready(observer->context, "control-tcp", endpoint_text(&endpoint, text));
}

static int open_tcp(const struct program_plan *program, const char *value,
                    struct host_refusal *refusal)
{
    struct addrinfo *address = resolve(&program->control_tcp);
    int fd = -1;
    if (address == NULL)
        refuse(refusal, "--control-tcp", value, "no such address");
    else if (!is_loopback(address->ai_addr) && !program->allow_remote)
        refuse(refusal, "--control-tcp", value,
               "other computers could reach it: that needs --allow-remote");
    else if ((fd = listen_at(address)) < 0)
        refuse(refusal, "--control-tcp", value, strerror(errno));
    if (address != NULL)
        freeaddrinfo(address);
    return fd;
}

static bool begin_tcp(struct control *control, const struct program_plan *program,
                      struct host_refusal *refusal)
{
    static char value[ENDPOINT_TEXT_BYTES]; /* for the refusal, which outlives this */
    endpoint_text(&program->control_tcp, value);
    if (!token_file_read(control->token_digest, program->token_file, refusal))
        return false;
    int fd = open_tcp(program, value, refusal);
    if (fd < 0)
        return false;
    control->tcp_port.is_tcp = true;
    snprintf(control->tcp_port.bound_host, sizeof control->tcp_port.bound_host, "%s",
             program->control_tcp.host);
    announce(control, fd);
    return http_port_begin(&control->tcp_port, control, fd, "--control-tcp", value, refusal);
}

/* ---- both ----------------------------------------------------------------------------------- */

static void ping(void *owner)
{
    struct control *control = owner;
    events_ping(control);
    alarm_set(control->ping, EVENTS_PING_MS);
}

static void gathered(void *owner)
{
    events_gathered(owner);
}

static bool make_alarms(struct control *control)
{
    struct loop *loop = &control->daemon->host.loop;
    control->ping = alarm_new(loop, ping, control);
    control->gather = alarm_new(loop, gathered, control);
    if (control->ping == NULL || control->gather == NULL)
        return false;
    alarm_set(control->ping, EVENTS_PING_MS);
    return true;
}

bool control_begin(struct daemon *daemon, struct host_refusal *refusal)
{
    const struct program_plan *program = &daemon->config.program;
    if (program->control == NULL && !program->has_control_tcp)
        return true;
    struct control *control = calloc(1, sizeof *control);
    if (control == NULL)
        return refuse(refusal, "--control", NULL, strerror(ENOMEM));
    daemon->control = control;
    control->daemon = daemon;
    if (!make_alarms(control))
        return refuse(refusal, "--control", NULL, strerror(ENOMEM));
    return (program->control == NULL || begin_unix(control, program->control, refusal)) &&
           (!program->has_control_tcp || begin_tcp(control, program, refusal));
}

bool control_reload(struct control *control, struct host_refusal *refusal)
{
    if (control == NULL || !control->tcp_port.is_tcp)
        return true;
    return token_file_read(control->token_digest, control->daemon->config.program.token_file,
                           refusal);
}

void control_stop(struct control *control)
{
    if (control == NULL || control->ping == NULL)
        return;
    events_end_all(control);
    alarm_end(control->ping);
    alarm_end(control->gather);
    control->ping = control->gather = NULL;
    http_port_end(&control->unix_port);
    http_port_end(&control->tcp_port);
    if (control->unix_path != NULL)
        unlink(control->unix_path);
}

void control_end(struct control *control)
{
    control_stop(control);
    free(control);
}
