#include "imqttd/service.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "host/loop/alarm.h"

static struct {
    struct sockaddr_un address;
    socklen_t address_bytes; /* 0: nobody listens */
    int socket;
    struct alarm *watchdog;
    uint64_t feed_ms; /* how often */
} service = {.socket = -1};

/* "/run/systemd/notify", or "@name": a name that is in no file system. */
static void find_listener(const char *path)
{
    size_t bytes = path != NULL ? strlen(path) : 0;
    if (bytes < 2 || bytes > sizeof service.address.sun_path || strchr("/@", path[0]) == NULL)
        return;
    service.address.sun_family = AF_UNIX;
    memcpy(service.address.sun_path, path, bytes);
    if (path[0] == '@')
        service.address.sun_path[0] = '\0';
    service.socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (service.socket >= 0)
        service.address_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + bytes);
}

/* One that does not listen just now misses it: the loop goes on. */
static void tell(const char *state)
{
    if (service.address_bytes > 0)
        sendto(service.socket, state, strlen(state), MSG_NOSIGNAL,
               (const struct sockaddr *)&service.address, service.address_bytes);
}

/* ---- the watchdog --------------------------------------------------------------------------- */

static void feed(void *unused)
{
    (void)unused;
    tell("WATCHDOG=1");
    alarm_set(service.watchdog, service.feed_ms);
}

/* How long the loop may stand still, in microseconds; 0: nobody watches this process. */
static uint64_t patience_us(void)
{
    const char *pid = getenv("WATCHDOG_PID"), *time = getenv("WATCHDOG_USEC");
    bool is_ours = pid == NULL || strtoimax(pid, NULL, 10) == getpid();
    return time != NULL && is_ours ? strtoumax(time, NULL, 10) : 0;
}

static void begin_watchdog(struct loop *loop)
{
    service.feed_ms = patience_us() / 2000;
    if (service.feed_ms == 0 || service.address_bytes == 0)
        return;
    service.watchdog = alarm_new(loop, feed, NULL);
    if (service.watchdog != NULL)
        alarm_set(service.watchdog, service.feed_ms);
}

/* ---- the verbs ------------------------------------------------------------------------------ */

void service_begin(struct loop *loop)
{
    find_listener(getenv("NOTIFY_SOCKET"));
    begin_watchdog(loop);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void service_ready(void)
{
    tell("READY=1");
}

/* systemd wants to know when, so that it can tell this reload's end from an earlier one's. */
void service_reloading(void)
{
    char state[64];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_us);
    tell(state);
}

void service_stopping(void)
{
    tell("STOPPING=1");
}

void service_end(void)
{
    alarm_end(service.watchdog);
    service.watchdog = NULL;
    if (service.socket >= 0)
        close(service.socket);
    service.socket = -1;
    service.address_bytes = 0;
}
