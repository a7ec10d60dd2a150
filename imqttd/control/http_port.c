/* libmicrohttpd in the modems' loop: it has an epoll descriptor of its own, which libuv watches. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imqttd/control/control_parts.h"
#include "imqttd/control/event_streams.h"
#include "imqttd/control/page.h"
#include "imqttd/control/routes.h"

#define CONNECTIONS          128
#define CONNECTION_BYTES     65536 /* what a request's head may take; half of it is sent at once */
#define CONNECTION_TIMEOUT_S 10
#define LONGEST_WAIT_MS      1000

/* ---- one request ---------------------------------------------------------------------------- */

static bool has_token(const struct http_port *port, struct request *request)
{
    return !port->is_tcp || page_has_path(request->path) ||
           token_is_good(port->control, MHD_lookup_connection_value(
                                            request->connection, MHD_HEADER_KIND, "Authorization"));
}

static bool is_refused(const struct http_port *port, struct request *request,
                       enum MHD_Result *result)
{
    const char *host = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Host");
    if (port->is_tcp && !host_header_is_good(port, host)) {
        *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "wrong_host", NULL,
                               "the Host header names another host");
        return true;
    }
    if (has_token(port, request))
        return false;
    request->header = "WWW-Authenticate";
    strcpy(request->header_value, "Bearer realm=\"imqttd\"");
    *result = answer_error(request, MHD_HTTP_UNAUTHORIZED, "unauthorized", NULL,
                           "this needs the token: Authorization: Bearer TOKEN");
    return true;
}

static enum MHD_Result begin_request(struct http_port *port, struct MHD_Connection *connection,
                                     const char *url, const char *method, void **place)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return MHD_NO;
    *place = request;
    request->connection = connection;
    request->control = port->control;
    request->daemon = port->control->daemon;
    request->method = method;
    const char *path = strlen(url) < sizeof request->path ? url : "?"; /* no path is as long */
    memcpy(request->path, path, strlen(path) + 1);
    return MHD_YES;
}

/* What is over the limit is read and forgotten, so that the client gets the answer. */
static void take_body(struct request *request, const char *bytes, size_t count)
{
    if (request->is_too_large || request->body_bytes + count > REQUEST_BODY_BYTES) {
        request->is_too_large = true;
        return;
    }
    char *body = realloc(request->body, request->body_bytes + count);
    if (body == NULL) {
        request->is_too_large = true;
        return;
    }
    memcpy(body + request->body_bytes, bytes, count);
    request->body = body;
    request->body_bytes += count;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *count, void **place)
{
    struct http_port *port = context;
    struct request *request = *place;
    enum MHD_Result result;
    (void)version;
    if (request == NULL)
        return begin_request(port, connection, url, method, place);
    request->method = method;
    if (*count > 0) {
        take_body(request, bytes, *count);
        *count = 0;
        return MHD_YES;
    }
    if (is_refused(port, request, &result))
        return result;
    return routes_answer(request);
}

static void on_end(void *context, struct MHD_Connection *connection, void **place,
                   enum MHD_RequestTerminationCode code)
{
    struct request *request = *place;
    (void)context, (void)connection, (void)code;
    if (request == NULL)
        return;
    if (request->events != NULL)
        events_client_end(request->events);
    json_decref(request->json);
    free(request->body);
    free(request);
    *place = NULL;
}

/* Names are decoded where they are looked at: a %2F is part of a name, not a path. */
static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* ---- the loop ------------------------------------------------------------------------------- */

void control_run_soon(struct http_port *port)
{
    loop_soon(&port->control->daemon->host.loop, &port->run);
}

static bool has_connections(const struct http_port *port)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(port->http, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info != NULL && info->num_connections > 0;
}

/* Where connections were closed there is one more round: only then does libmicrohttpd listen again,
 * if there had been too many. What it could go on with at once waits until the modems have had
 * their turn; a timer of 0 ms would not let them. */
static void serve(struct http_port *port)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = LONGEST_WAIT_MS;
    bool had_connections = has_connections(port);
    MHD_run(port->http);
    bool has_timeout = MHD_get_timeout(port->http, &wait_ms) == MHD_YES;
    if (has_timeout && wait_ms == 0)
        control_run_soon(port);
    else if (has_timeout || had_connections)
        alarm_set(port->timeout, wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS);
    else
        alarm_stop(port->timeout);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    serve(poll->data);
}

static void on_timeout(void *owner)
{
    serve(owner);
}

static void on_turn_end(struct task *task)
{
    serve((struct http_port *)((char *)task - offsetof(struct http_port, run)));
}

static struct MHD_Daemon *start(struct http_port *port, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL, on_request, port,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_END);
}

static bool watch(struct http_port *port)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(port->http, MHD_DAEMON_INFO_EPOLL_FD);
    struct loop *loop = &port->control->daemon->host.loop;
    port->timeout = alarm_new(loop, on_timeout, port);
    if (info == NULL || port->timeout == NULL ||
        uv_poll_init(&loop->uv, &port->poll, info->epoll_fd) != 0)
        return false;
    port->is_polled = true;
    port->poll.data = port;
    port->run.run = on_turn_end;
    return uv_poll_start(&port->poll, UV_READABLE, on_readable) == 0;
}

bool http_port_begin(struct http_port *port, struct control *control, int fd, const char *setting,
                     const char *value, struct host_refusal *refusal)
{
    port->control = control;
    port->http = start(port, fd);
    if (port->http == NULL) {
        close(fd);
        return refuse(refusal, setting, value, "the HTTP server does not start");
    }
    return watch(port) || refuse(refusal, setting, value, strerror(ENOMEM));
}

void http_port_end(struct http_port *port)
{
    if (port->http == NULL)
        return;
    loop_forget(&port->run);
    if (port->is_polled)
        uv_close((uv_handle_t *)&port->poll, NULL);
    alarm_end(port->timeout);
    MHD_stop_daemon(port->http);
    port->http = NULL;
}
