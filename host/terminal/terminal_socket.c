#include "host/terminal/terminal_socket.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/modem/host_modem.h"
#include "host/terminal/terminal.h"
#include "host/net/endpoint.h"
#include "host/terminal/foreign_protocol.h"

/* A host that does not read shall fill the modem's queues, not the kernel's memory, which would
 * grow to megabytes. The kernel takes twice this. */
#define SEND_BUFFER_BYTES (128 * 1024)

/* A host whose computer vanished is found in 105 seconds, not in two hours. */
#define KEEP_ALIVE_IDLE_S     60
#define KEEP_ALIVE_INTERVAL_S 15
#define KEEP_ALIVE_PROBES     3

struct terminal_socket {
    struct terminal terminal; /* first: it is all that its functions get */
    struct host *host;
    struct stream *stream;
    struct foreign_protocol foreign;
    char label[];
};

static struct terminal_socket *socket_of(struct terminal *terminal)
{
    return (struct terminal_socket *)terminal;
}

static void hang_up(struct terminal_socket *socket)
{
    stream_watch(socket->stream, false, false);
    host_modem_hang_up(socket->terminal.modem);
}

static void take(struct terminal_socket *socket, const uint8_t *bytes, size_t count)
{
    const char *protocol = foreign_protocol_find(&socket->foreign, bytes, count);
    if (protocol == NULL) {
        terminal_typed(&socket->terminal, bytes, count);
        return;
    }
    observer_log(socket->host->observer, LEVEL_WARNING, socket->label,
                 "speaks %s, and is no host of a modem: closed", protocol);
    hang_up(socket);
}

static void read_in(struct terminal_socket *socket)
{
    uint8_t *bytes = socket->host->loop.input;
    ssize_t got = stream_read(socket->stream, bytes, stream_share(socket->stream));
    if (got > 0)
        take(socket, bytes, (size_t)got);
    else if (got != -EAGAIN)
        hang_up(socket);
}

/* A host that is gone is noticed also while it is not read from, because a command waits. */
static void on_ready(void *owner, bool input, bool room)
{
    struct terminal_socket *socket = owner;
    if (room)
        host_modem_touch(socket->terminal.modem);
    if (input)
        read_in(socket);
    else if (stream_has_ended(socket->stream))
        hang_up(socket);
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct terminal_socket *socket = socket_of(terminal);
    ssize_t taken = stream_write(socket->stream, bytes, count);
    if (taken >= 0)
        return (size_t)taken;
    host_modem_hang_up(socket->terminal.modem);
    return 0;
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    stream_watch(socket_of(terminal)->stream, input, room);
}

static bool has_host(const struct terminal *terminal)
{
    (void)terminal; /* it would not be there without one */
    return true;
}

static void end(struct terminal *terminal)
{
    struct terminal_socket *socket = socket_of(terminal);
    stream_close(socket->stream);
    free(socket);
}

static const struct terminal_kind kind = {
    .write = write_out, .watch = watch, .has_host = has_host, .end = end};

/* ---- the start ------------------------------------------------------------------------------ */

/* Connections of one listener differ by who called. Returns how long it is, however short the room. */
static size_t put_label(char *label, size_t bytes, const struct socket_caller *caller)
{
    struct endpoint peer;
    char text[ENDPOINT_TEXT_BYTES];
    int length;
    if (caller->address->sa_family != AF_UNIX && endpoint_of_address(&peer, caller->address))
        length = snprintf(label, bytes, "%s from %s", caller->listener_label,
                          endpoint_text(&peer, text));
    else
        length = snprintf(label, bytes, "%s #%" PRIu64, caller->listener_label, caller->number);
    return (size_t)length;
}

static struct terminal_socket *allocate(struct host *host, const struct socket_caller *caller)
{
    size_t label_bytes = put_label(NULL, 0, caller) + 1;
    struct terminal_socket *socket = calloc(1, sizeof *socket + label_bytes);
    if (socket == NULL)
        return NULL;
    put_label(socket->label, label_bytes, caller);
    socket->terminal = (struct terminal){.kind = &kind, .label = socket->label};
    socket->host = host;
    return socket;
}

static void set_options(int fd, bool is_tcp)
{
    int on = 1, send_buffer_bytes = SEND_BUFFER_BYTES;
    int idle_s = KEEP_ALIVE_IDLE_S, interval_s = KEEP_ALIVE_INTERVAL_S, probes = KEEP_ALIVE_PROBES;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    if (!is_tcp)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

static bool start_modem(struct terminal_socket *socket, const struct socket_caller *caller,
                        const struct modem_config *config, struct host_refusal *refusal)
{
    char *name;
    if (asprintf(&name, "%s-%" PRIu64, caller->modem_name, caller->number) < 0) {
        terminal_end(&socket->terminal);
        return refuse(refusal, "modem", caller->modem_name, strerror(ENOMEM));
    }
    struct host_modem *modem =
        host_modem_new(socket->host, name, config, &socket->terminal, refusal);
    free(name);
    return modem != NULL;
}

bool terminal_socket_start(struct host *host, int fd, const struct socket_caller *caller,
                           const struct modem_config *config, struct host_refusal *refusal)
{
    struct terminal_socket *socket = allocate(host, caller);
    if (socket == NULL) {
        close(fd);
        return refuse(refusal, "modem", caller->modem_name, strerror(ENOMEM));
    }
    set_options(fd, caller->address->sa_family != AF_UNIX);
    socket->stream = stream_open(&host->loop, fd, on_ready, socket);
    if (socket->stream == NULL) {
        free(socket);
        return refuse(refusal, "modem", caller->modem_name, strerror(errno));
    }
    stream_notice_end(socket->stream);
    stream_read_in_turns(socket->stream, &host->loop.terminal_turns);
    return start_modem(socket, caller, config, refusal);
}
