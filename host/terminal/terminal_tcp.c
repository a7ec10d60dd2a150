#include "host/terminal/terminal_tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/log.h"
#include "host/modem/modem.h"

/* A host that does not read shall fill the modem's queues, not the kernel's memory, which would
 * grow to megabytes. The kernel takes twice this. */
#define SEND_BUFFER_BYTES (128 * 1024)

#define BACKLOG                 1024
#define ACCEPTS_PER_TURN        64
#define NO_DESCRIPTORS_PAUSE_MS 500

/* ---- a connection: the terminal ------------------------------------------------------------- */

struct terminal_tcp {
    struct terminal terminal; /* first: it is all that its functions get */
    struct host *host;
    struct stream *stream;
    char texts[]; /* its name, then its label */
};

static struct terminal_tcp *tcp_of(struct terminal *terminal)
{
    return (struct terminal_tcp *)terminal;
}

static void on_ready(void *owner, bool input, bool room)
{
    struct terminal_tcp *tcp = owner;
    uint8_t *bytes = tcp->host->loop.input;
    if (room)
        host_modem_touch(tcp->terminal.modem);
    if (!input)
        return;
    ssize_t got = stream_read(tcp->stream, bytes, TERMINAL_READ_BYTES);
    if (got > 0) {
        host_modem_typed(tcp->terminal.modem, bytes, (size_t)got);
    } else if (got != -EAGAIN) {
        stream_watch(tcp->stream, false, false);
        host_modem_switch_off(tcp->terminal.modem);
    }
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct terminal_tcp *tcp = tcp_of(terminal);
    ssize_t taken = stream_write(tcp->stream, bytes, count);
    if (taken >= 0)
        return (size_t)taken;
    host_modem_switch_off(tcp->terminal.modem);
    return 0;
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    stream_watch(tcp_of(terminal)->stream, input, room);
}

static void end(struct terminal *terminal)
{
    struct terminal_tcp *tcp = tcp_of(terminal);
    stream_close(tcp->stream);
    free(tcp);
}

static const struct terminal_kind kind = {.write = write_out, .watch = watch, .end = end};

/* Connections of one listener differ by who called. */
static struct terminal_tcp *new_tcp(struct host *host, const char *listener_name,
                                    const struct endpoint *peer)
{
    char text[ENDPOINT_TEXT_BYTES];
    size_t name_bytes = strlen(listener_name) + 1;
    size_t label_bytes = name_bytes + sizeof " from " + strlen(endpoint_text(peer, text));
    struct terminal_tcp *tcp = calloc(1, sizeof *tcp + name_bytes + label_bytes);
    if (tcp == NULL)
        return NULL;
    char *label = tcp->texts + name_bytes;
    memcpy(tcp->texts, listener_name, name_bytes);
    snprintf(label, label_bytes, "%s from %s", listener_name, text);
    tcp->terminal = (struct terminal){.kind = &kind, .name = tcp->texts, .label = label};
    tcp->host = host;
    return tcp;
}

static void set_options(int fd)
{
    int on = 1, send_buffer_bytes = SEND_BUFFER_BYTES;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
}

/* Takes the descriptor over. false: no memory. */
static bool start_terminal(struct host *host, const char *listener_name, int fd,
                           const struct endpoint *peer)
{
    struct terminal_tcp *tcp = new_tcp(host, listener_name, peer);
    if (tcp == NULL) {
        close(fd);
        return false;
    }
    set_options(fd);
    tcp->stream = stream_open(&host->loop, fd, on_ready, tcp);
    if (tcp->stream != NULL)
        return host_modem_new(host, &tcp->terminal) != NULL;
    free(tcp);
    return false;
}

/* ---- the listener --------------------------------------------------------------------------- */

struct tcp_listener {
    struct tcp_listener *next;
    struct host *host;
    struct stream *stream;
    struct alarm *pause;
    bool has_complained;
    char name[sizeof "tcp " + ENDPOINT_TEXT_BYTES];
};

static void listen_on(void *owner)
{
    struct tcp_listener *listener = owner;
    stream_watch(listener->stream, true, false);
}

/* Once, until connections are taken again. */
static void complain(struct tcp_listener *listener, const char *problem, const char *why)
{
    if (!listener->has_complained)
        host_log(LEVEL_ERROR, listener->name, "%s: %s", problem, why);
    listener->has_complained = true;
}

/* Who wants to connect waits in the backlog meanwhile; without a pause the loop would spin. */
static void pause_listening(struct tcp_listener *listener, int error)
{
    complain(listener, "cannot accept connections", strerror(error));
    stream_watch(listener->stream, false, false);
    alarm_set(listener->pause, NO_DESCRIPTORS_PAUSE_MS);
}

static bool is_out_of_something(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void take(struct tcp_listener *listener, int fd, const struct sockaddr *address)
{
    struct endpoint peer = {.port = 0};
    (void)endpoint_of_address(&peer, address);
    if (!start_terminal(listener->host, listener->name, fd, &peer)) {
        complain(listener, "a connection is closed", strerror(ENOMEM));
        return;
    }
    if (listener->has_complained)
        host_log(LEVEL_INFO, listener->name, "connections are accepted again");
    listener->has_complained = false;
}

static void on_connection(void *owner, bool input, bool room)
{
    struct tcp_listener *listener = owner;
    (void)input;
    (void)room;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage peer;
        socklen_t bytes = sizeof peer;
        int fd = accept4(stream_fd(listener->stream), (struct sockaddr *)&peer, &bytes,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take(listener, fd, (const struct sockaddr *)&peer);
            continue;
        }
        if (is_out_of_something(errno))
            pause_listening(listener, errno);
        return;
    }
}

static void end_listener(struct tcp_listener *listener)
{
    alarm_end(listener->pause);
    stream_close(listener->stream);
    loop_release(&listener->host->loop);
    free(listener);
}

void listeners_end(struct host *host)
{
    while (host->listeners != NULL) {
        struct tcp_listener *listener = host->listeners;
        host->listeners = listener->next;
        end_listener(listener);
    }
}

static int listen_at(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
    return -1;
}

static bool is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    if (address->sa_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* The first address of the host that may be used and can be bound. */
static int listen_anywhere(const struct host *host, const struct endpoint *where, const char **why)
{
    char port[sizeof "65535"];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses;
    int fd = -1;
    snprintf(port, sizeof port, "%u", (unsigned)where->port);
    int code = getaddrinfo(where->host, port, &hints, &addresses);
    if (code != 0) {
        *why = gai_strerror(code);
        return -1;
    }
    *why = "not a loopback address: needs --allow-remote";
    for (const struct addrinfo *each = addresses; each != NULL && fd < 0; each = each->ai_next) {
        if (!host->allow_remote && !is_loopback(each->ai_addr))
            continue;
        fd = listen_at(each);
        *why = strerror(errno);
    }
    freeaddrinfo(addresses);
    return fd;
}

/* The name is as it was asked for, so that it is the same after a restart; what is announced is the
 * real address. */
static void announce(const struct tcp_listener *listener)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t bytes = sizeof address;
    struct endpoint real;
    char text[ENDPOINT_TEXT_BYTES];
    if (getsockname(stream_fd(listener->stream), (struct sockaddr *)&address, &bytes) != 0 ||
        !endpoint_of_address(&real, (struct sockaddr *)&address))
        return;
    if (!is_loopback((struct sockaddr *)&address))
        host_log(LEVEL_WARNING, listener->name,
                 "not a loopback address: whoever reaches this port can use the modem");
    host_ready("tcp", endpoint_text(&real, text));
}

static void enlist(struct tcp_listener *listener)
{
    listener->next = listener->host->listeners;
    listener->host->listeners = listener;
    loop_hold(&listener->host->loop);
    listen_on(listener);
    announce(listener);
}

const char *terminal_tcp_start(struct host *host, const struct endpoint *where)
{
    const char *why;
    char text[ENDPOINT_TEXT_BYTES];
    int fd = listen_anywhere(host, where, &why);
    if (fd < 0)
        return why;
    struct tcp_listener *listener = calloc(1, sizeof *listener);
    struct stream *stream = stream_open(&host->loop, fd, on_connection, listener);
    struct alarm *pause = alarm_new(&host->loop, listen_on, listener);
    if (listener == NULL || stream == NULL || pause == NULL) {
        alarm_end(pause);
        stream_close(stream);
        free(listener);
        return strerror(ENOMEM);
    }
    *listener = (struct tcp_listener){.host = host, .stream = stream, .pause = pause};
    snprintf(listener->name, sizeof listener->name, "tcp %s", endpoint_text(where, text));
    enlist(listener);
    return NULL;
}
