#include "host/terminal/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/budgets.h"
#include "host/modem/host_modem.h"
#include "host/terminal/terminal_socket.h"

#define NO_DESCRIPTORS_PAUSE_MS 500

struct listener {
    struct listener *next;
    struct host *host;
    const struct modem_config *config;
    struct tls_context *tls_context; /* held, so that a mistake is found before somebody connects */
    struct stream *stream;
    struct alarm *pause;
    char *label;
    char *modem_name;
    char *unlink_path; /* NULL: none */
    uint64_t accepted; /* connections so far: the next one's number is one more */
    bool has_complained;
};

static void listen_on(void *owner)
{
    struct listener *listener = owner;
    stream_watch(listener->stream, true, false);
}

/* Once, until connections are taken again. */
static void complain(struct listener *listener, const char *problem, const char *why)
{
    if (!listener->has_complained)
        observer_log(listener->host->observer, LEVEL_ERROR, listener->label, "%s: %s", problem,
                     why);
    listener->has_complained = true;
}

/* Who wants to connect waits in the backlog meanwhile; without a pause the loop would spin. */
static void pause_listening(struct listener *listener, const char *why)
{
    complain(listener, "cannot accept connections", why);
    stream_watch(listener->stream, false, false);
    alarm_set(listener->pause, NO_DESCRIPTORS_PAUSE_MS);
}

/* The kernel gives the lowest number that is free: so many are in use. */
static bool has_descriptors(const struct host *host, int fd)
{
    int lowest = host->max_files != 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (lowest < 0)
        return true; /* accept() will say what is wrong, if something is */
    close(lowest);
    return (uint32_t)lowest < host->max_files / 2;
}

/* For one more modem; else *why tells. */
static bool has_room(const struct listener *listener, const char **why)
{
    *why = "half of max-memory is in use";
    if (memory_is_used_up(&listener->host->memory))
        return false;
    *why = "half of max-files are in use";
    return has_descriptors(listener->host, stream_fd(listener->stream));
}

static bool is_out_of_something(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void take(struct listener *listener, int fd, const struct sockaddr *peer)
{
    struct host_refusal refusal;
    struct socket_caller caller = {.listener_label = listener->label,
                                   .modem_name = listener->modem_name,
                                   .number = ++listener->accepted,
                                   .address = peer};
    if (!terminal_socket_start(listener->host, fd, &caller, listener->config, &refusal)) {
        complain(listener, "a connection is closed", refusal.why);
        return;
    }
    if (listener->has_complained)
        observer_log(listener->host->observer, LEVEL_INFO, listener->label,
                     "connections are accepted again");
    listener->has_complained = false;
}

static void on_connection(void *owner, bool input, bool room)
{
    struct listener *listener = owner;
    (void)input;
    (void)room;
    for (int i = 0; i < BUDGET_ACCEPTS; i++) {
        struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
        socklen_t bytes = sizeof peer;
        const char *why;
        if (!has_room(listener, &why)) {
            pause_listening(listener, why);
            return;
        }
        int fd = accept4(stream_fd(listener->stream), (struct sockaddr *)&peer, &bytes,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take(listener, fd, (const struct sockaddr *)&peer);
            continue;
        }
        if (is_out_of_something(errno))
            pause_listening(listener, strerror(errno));
        return;
    }
}

/* ---- life ----------------------------------------------------------------------------------- */

static void discard(struct listener *listener)
{
    tls_context_release(listener->tls_context);
    alarm_end(listener->pause);
    stream_close(listener->stream);
    free(listener->label);
    free(listener->modem_name);
    free(listener->unlink_path);
    free(listener);
}

static bool make_parts(struct listener *listener, int fd, const struct listener_address *address)
{
    const char *modem_name = address->modem_name;
    listener->stream = stream_open(&listener->host->loop, fd, on_connection, listener);
    listener->pause = alarm_new(&listener->host->loop, listen_on, listener);
    listener->label = strdup(address->label);
    listener->modem_name = strdup(modem_name != NULL ? modem_name : listener->config->name);
    if (address->unlink_path != NULL)
        listener->unlink_path = strdup(address->unlink_path);
    return listener->stream != NULL && listener->pause != NULL && listener->label != NULL &&
           listener->modem_name != NULL &&
           (listener->unlink_path != NULL) == (address->unlink_path != NULL);
}

static bool set_up(struct listener *listener, int fd, const struct listener_address *address,
                   struct host_refusal *refusal)
{
    return (make_parts(listener, fd, address) ||
            refuse(refusal, "listener", NULL, strerror(ENOMEM))) &&
           listener_set_config(listener, listener->config, refusal);
}

struct listener *listener_begin(struct host *host, int fd, const struct listener_address *address,
                                const struct modem_config *config, struct host_refusal *refusal)
{
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        close(fd);
        refuse(refusal, "listener", address->label, strerror(ENOMEM));
        return NULL;
    }
    listener->host = host;
    listener->config = config;
    if (!set_up(listener, fd, address, refusal)) {
        discard(listener);
        return NULL;
    }
    listener->next = host->listeners;
    host->listeners = listener;
    loop_hold(&host->loop);
    listen_on(listener);
    return listener;
}

struct listener *listener_find(const struct host *host, const char *name)
{
    struct listener *listener = host->listeners;
    while (listener != NULL && strcmp(listener->modem_name, name) != 0)
        listener = listener->next;
    return listener;
}

bool listener_set_config(struct listener *listener, const struct modem_config *config,
                         struct host_refusal *refusal)
{
    struct tls_context *context =
        tls_context_take(&listener->host->network.tls_contexts, &config->tls, refusal);
    if (context == NULL)
        return false;
    tls_context_release(listener->tls_context);
    listener->tls_context = context;
    listener->config = config;
    return true;
}

void listener_end(struct listener *listener)
{
    struct listener **link = &listener->host->listeners;
    while (*link != listener)
        link = &(*link)->next;
    *link = listener->next;
    if (listener->unlink_path != NULL)
        unlink(listener->unlink_path);
    loop_release(&listener->host->loop);
    discard(listener);
}

void listeners_end(struct host *host)
{
    while (host->listeners != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself off the list */
        listener_end(host->listeners);
}
