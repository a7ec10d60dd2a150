#include "imqttd/fleet/watches.h"
#include "imqttd/control/event_streams.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/control/control_parts.h"
#include "imqttd/control/handlers.h"
#include "imqttd/control/selection.h"
#include "imqttd/log/log.h"
#include "imqttd/trace/json_text.h"
#include "imqttd/trace/trace.h"

#define EVENT_HEAD_BYTES 96
#define SMALL_BYTES      16384 /* of a client that reads */

struct events_client {
    struct trace_listener listener; /* the first member */
    struct events_client *next;
    struct control *control;
    struct http_port *port;
    struct MHD_Connection *connection;
    char glob[REQUEST_NAME_BYTES + 1];
    bool is_recording; /* JSON lines, not server-sent events */
    bool is_suspended, is_cut, is_listening;
    uint64_t began_us, woken_ms;
    struct json_text text; /* what waits for the client */
    size_t sent;           /* of it */
};

/* ---- to the client -------------------------------------------------------------------------- */

static void resume(struct events_client *client)
{
    client->woken_ms = loop_now_ms(&client->control->daemon->host.loop);
    if (client->is_suspended) {
        client->is_suspended = false;
        MHD_resume_connection(client->connection);
    }
    control_run_soon(client->port);
}

/* While one event comes after the other they are gathered: a system call for each would cost more
 * than the event. */
static void wake(struct events_client *client)
{
    struct control *control = client->control;
    if (!client->is_suspended)
        return; /* the server asks by itself */
    if (loop_now_ms(&control->daemon->host.loop) - client->woken_ms >= EVENTS_GATHER_MS) {
        resume(client);
    } else if (!control->is_gathering) {
        control->is_gathering = true;
        alarm_set(control->gather, EVENTS_GATHER_MS);
    }
}

static size_t waiting(const struct events_client *client)
{
    return client->text.count - client->sent;
}

static void cut(struct events_client *client)
{
    client->is_cut = true;
    log_format(LEVEL_WARNING, "control", "a client of events does not read: it was cut off");
    json_text_free(&client->text);
    client->sent = 0;
    MHD_set_connection_option(client->connection, MHD_CONNECTION_OPTION_TIMEOUT, 1);
    resume(client);
}

static void forget_sent(struct events_client *client)
{
    if (client->sent < client->text.count)
        memmove(client->text.text, client->text.text + client->sent, waiting(client));
    client->text.count -= client->sent;
    client->sent = 0;
}

/* false: there is no room, and the client is cut off. */
static bool make_room(struct events_client *client, size_t count)
{
    if (client->is_cut)
        return false;
    if (client->sent == client->text.count || client->sent > EVENTS_CLIENT_BYTES / 4)
        forget_sent(client);
    if (client->text.count + count > EVENTS_CLIENT_BYTES) {
        cut(client);
        return false;
    }
    /* Much is waiting: all at once, for what grows step by step is there twice. Pages that nothing
     * was written to cost nothing. */
    bool is_much = client->text.count + count > SMALL_BYTES;
    return !is_much || client->text.room > EVENTS_CLIENT_BYTES ||
           json_text_reserve(&client->text, EVENTS_CLIENT_BYTES + 1);
}

static char *put_head(char *end, const struct trace_event *event)
{
    static const char id[] = "id: ", kind[] = "\nevent: ", data[] = "\ndata: ";
    const char *word = trace_kind_word(event->kind);
    end = (char *)memcpy(end, id, sizeof id - 1) + sizeof id - 1;
    end += json_digits(end, event->id);
    end = (char *)memcpy(end, kind, sizeof kind - 1) + sizeof kind - 1;
    end = stpcpy(end, word);
    return (char *)memcpy(end, data, sizeof data - 1) + sizeof data - 1;
}

static void told(struct trace_listener *listener, const struct trace_event *event)
{
    struct events_client *client = (struct events_client *)listener;
    size_t most = event->rest_bytes + EVENT_HEAD_BYTES + TRACE_TIME_BYTES;
    char *end = make_room(client, most) ? json_room(&client->text, most) : NULL;
    if (end == NULL)
        return;
    if (!client->is_recording)
        end = put_head(end, event);
    end +=
        trace_put_time(end, client->is_recording ? event->at_us - client->began_us : event->at_us);
    end = (char *)memcpy(end, event->rest, event->rest_bytes) + event->rest_bytes;
    *end++ = '\n';
    if (!client->is_recording)
        *end++ = '\n';
    json_put_up_to(&client->text, end);
    wake(client);
}

void events_gathered(struct control *control)
{
    control->is_gathering = false;
    for (struct events_client *each = control->clients; each != NULL; each = each->next)
        if (each->is_suspended && waiting(each) > 0)
            resume(each);
}

/* A recording is kept alive with a line that means nothing. */
void events_ping(struct control *control)
{
    for (struct events_client *each = control->clients; each != NULL; each = each->next) {
        const char *ping = each->is_recording ? " \n" : "event: ping\ndata: {}\n\n";
        if (!make_room(each, strlen(ping)))
            continue;
        json_put(&each->text, ping);
        wake(each);
    }
}

/* Asked by libmicrohttpd whenever the client can take more. */
static ssize_t read_events(void *context, uint64_t at, char *buffer, size_t room)
{
    struct events_client *client = context;
    size_t count = waiting(client) < room ? waiting(client) : room;
    (void)at;
    if (client->is_cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (count == 0) {
        client->is_suspended = true;
        MHD_suspend_connection(client->connection);
        return 0;
    }
    memcpy(buffer, client->text.text + client->sent, count);
    client->sent += count;
    if (client->sent == client->text.count && client->text.room > SMALL_BYTES) {
        json_text_free(&client->text); /* it was much, and is over */
        client->sent = 0;
    }
    return (ssize_t)count;
}

/* ---- beginning and end ---------------------------------------------------------------------- */

void events_client_end(struct events_client *client)
{
    struct events_client **at = &client->control->clients;
    if (client->is_listening)
        trace_ignore(client->control->daemon->trace, &client->listener);
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    client->control->client_count--;
    json_text_free(&client->text);
    free(client);
}

void events_end_all(struct control *control)
{
    for (struct events_client *each = control->clients; each != NULL; each = each->next) {
        each->is_cut = true;
        if (each->is_suspended) {
            each->is_suspended = false;
            MHD_resume_connection(each->connection);
        }
    }
}

static struct events_client *new_client(struct request *request)
{
    struct control *control = request->control;
    struct events_client *client =
        control->client_count < EVENTS_CLIENTS ? calloc(1, sizeof *client) : NULL;
    if (client == NULL)
        return NULL;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_DAEMON);
    client->control = control;
    client->port =
        info->daemon == control->unix_port.http ? &control->unix_port : &control->tcp_port;
    client->connection = request->connection;
    client->began_us = trace_now_us(control->daemon->trace);
    client->listener.told = told;
    client->listener.kinds = TRACE_ALL;
    client->next = control->clients;
    control->clients = client;
    control->client_count++;
    request->events = client;
    return client;
}

static void listen_to(struct events_client *client, const char *glob)
{
    (void)snprintf(client->glob, sizeof client->glob, "%s", glob);
    client->listener.glob = client->glob;
}

static enum MHD_Result begin_stream(struct request *request, struct events_client *client,
                                    const char *type)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, read_events, client, NULL);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_set_connection_option(request->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0);
    trace_listen(request->daemon->trace, &client->listener);
    client->is_listening = true;
    return answer_with(request, MHD_HTTP_OK, response);
}

static enum MHD_Result refuse_client(struct request *request)
{
    return answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "too_many_clients", NULL,
                        "there are %d streams at most", EVENTS_CLIENTS);
}

enum MHD_Result handle_events(struct request *request)
{
    char text[64], glob[REQUEST_NAME_BYTES + 1];
    const char *kinds = request_query(request, "kinds", text, sizeof text);
    const char *name = request_query(request, "name", glob, sizeof glob);
    unsigned wanted = kinds != NULL ? trace_kinds_parse(kinds) : TRACE_ALL;
    if (wanted == 0)
        return answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", "kinds",
                            "kinds are at, mqtt, news and fault");
    struct events_client *client = new_client(request);
    if (client == NULL)
        return refuse_client(request);
    client->listener.kinds = wanted;
    if (name != NULL)
        listen_to(client, name);
    json_put(&client->text, ": imqttd\n\n");
    return begin_stream(request, client, "text/event-stream");
}

enum MHD_Result handle_record(struct request *request)
{
    if (watch_find(request->daemon->watches, request->name) == NULL)
        return selection_answer_none(request);
    struct events_client *client = new_client(request);
    if (client == NULL)
        return refuse_client(request);
    client->is_recording = true;
    listen_to(client, request->name);
    trace_put_head(&client->text, request->name);
    return begin_stream(request, client, "application/jsonl");
}
