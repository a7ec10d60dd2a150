#include "host/terminal/terminal_pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "host/modem/host_modem.h"
#include "host/terminal/terminal.h"
#include "host/terminal/pty_echo.h"
#include "host/terminal/pty_link.h"
#include "host/terminal/pty_watch.h"

#define NAME_BYTES 64 /* of a pts */

/* Hosts such as pyserial throw away what came before they set the line up. Output waits this long
 * after an open, or until the host types. */
#define SETTLE_MS 50

struct terminal_pty {
    struct terminal terminal; /* first: it is all that its functions get */
    struct pty_watcher watcher;
    struct host *host;
    const char *link;
    struct stream *master;
    int slave; /* held open, so that nothing of the line is reset when hosts come and go */
    struct alarm *settled; /* while output waits for it; NULL: it does not */
    bool is_watched;
    bool is_linked;
    bool has_warned_of_echo;
    uint64_t echo_off_ms; /* found to be, or made so: the loop's clock; 0: to be looked at */
    bool has_listener;    /* a host has it open and is ready for output */
    char pts[NAME_BYTES];
    char name[];
};

static struct terminal_pty *pty_of(struct terminal *terminal)
{
    return (struct terminal_pty *)terminal;
}

/* ---- hosts come and go ---------------------------------------------------------------------- */

static void end_wait(struct terminal_pty *pty)
{
    alarm_end(pty->settled);
    pty->settled = NULL;
}

static void listen_up(void *owner)
{
    struct terminal_pty *pty = owner;
    pty->has_listener = true;
    end_wait(pty);
    host_modem_touch(pty->terminal.modem);
}

static void begin_wait(struct terminal_pty *pty)
{
    if (pty->settled == NULL)
        pty->settled = alarm_new(&pty->host->loop, listen_up, pty);
    if (pty->settled != NULL)
        alarm_set(pty->settled, SETTLE_MS);
    else
        listen_up(pty); /* there is no memory to wait with */
}

static void changed(void *owner)
{
    struct terminal_pty *pty = owner;
    if (pty->watcher.opened == 0) {
        pty->has_listener = false;
        end_wait(pty);
        host_modem_touch(pty->terminal.modem);
    } else if (!pty->has_listener) {
        begin_wait(pty);
    }
}

/* ---- who has it open ------------------------------------------------------------------------ */

static bool open_slave(struct terminal_pty *pty)
{
    pty->slave = open(pty->pts, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->slave >= 0)
        pty_link_hold(pty->link, pty->slave);
    return pty->slave >= 0;
}

static void watch_hosts(struct terminal_pty *pty)
{
    pty->is_watched = pty_watch_begin(pty->host, &pty->watcher, pty->pts);
    pty->has_listener = !pty->is_watched;
    if (!pty->is_watched)
        observer_log(pty->host->observer, LEVEL_WARNING, pty->name,
                     "cannot see whether a host has it open (inotify: %s): output does not wait",
                     strerror(errno));
}

/* Asks the kernel: without our own slave the master is hung up, unless a host holds one. What we
 * open and close ourselves is not to be seen as a host's. */
static bool somebody_has_it_open(struct terminal_pty *pty)
{
    struct pollfd master = {.fd = stream_fd(pty->master)};
    pty_watch_end(pty->host, &pty->watcher);
    close(pty->slave);
    bool is_hung_up = poll(&master, 1, 0) == 1 && (master.revents & POLLHUP) != 0;
    if (!open_slave(pty))
        observer_log(pty->host->observer, LEVEL_WARNING, pty->name, "cannot be held open: %s",
                     strerror(errno));
    watch_hosts(pty);
    return !is_hung_up;
}

/* What a host wrote just before it closed comes behind the news that it closed. And of two hosts that
 * opened it at once the news is one, so that none seems to be left when one has closed. */
static void on_typing(struct terminal_pty *pty)
{
    if (pty->has_listener)
        return;
    if (pty->watcher.opened == 0 && somebody_has_it_open(pty))
        pty->watcher.opened = 1;
    if (pty->watcher.opened > 0)
        listen_up(pty);
}

/* ---- the terminal --------------------------------------------------------------------------- */

/* It cannot end while the slave is held open, unless somebody hangs the terminal up on purpose. */
static void give_up(struct terminal_pty *pty, const char *why)
{
    observer_log(pty->host->observer, LEVEL_ERROR, pty->name, "%s; this modem ends", why);
    stream_watch(pty->master, false, false);
    host_modem_hang_up(pty->terminal.modem);
}

static void read_in(struct terminal_pty *pty)
{
    uint8_t *input = pty->host->loop.input;
    ssize_t got = stream_read(pty->master, input, stream_share(pty->master));
    if (got > 0) {
        pty->echo_off_ms = 0;
        on_typing(pty);
        terminal_typed(&pty->terminal, input, (size_t)got);
    } else if (got != -EAGAIN) {
        give_up(pty, got == 0 ? "hung up" : strerror((int)-got));
    }
}

static void on_ready(void *owner, bool input, bool room)
{
    struct terminal_pty *pty = owner;
    if (room)
        host_modem_touch(pty->terminal.modem);
    if (input)
        read_in(pty);
}

/* Looked at once a millisecond, and after a host has typed: output in a stream has no system call for
 * it with each piece. */
static void keep_echo_off(struct terminal_pty *pty)
{
    uint64_t now_ms = loop_now_ms(&pty->host->loop);
    if (now_ms == pty->echo_off_ms)
        return;
    pty->echo_off_ms = now_ms;
    if (!pty_echo_switch_off(stream_fd(pty->master)) || pty->has_warned_of_echo)
        return;
    pty->has_warned_of_echo = true;
    observer_log(pty->host->observer, LEVEL_WARNING, pty->name,
                 "its host left ECHO on: what the modem says would come back as if it were typed; "
                 "it is switched off");
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct terminal_pty *pty = pty_of(terminal);
    if (!pty->has_listener)
        return 0;
    keep_echo_off(pty);
    ssize_t taken = stream_write(pty->master, bytes, count);
    return taken > 0 ? (size_t)taken : 0;
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    struct terminal_pty *pty = pty_of(terminal);
    stream_watch(pty->master, input, room && pty->has_listener);
}

static bool has_host(const struct terminal *terminal)
{
    return ((const struct terminal_pty *)terminal)->watcher.opened > 0;
}

static void end(struct terminal *terminal)
{
    struct terminal_pty *pty = pty_of(terminal);
    if (pty->is_linked)
        pty_link_remove(pty->link, pty->pts);
    if (pty->is_watched)
        pty_watch_end(pty->host, &pty->watcher);
    alarm_end(pty->settled);
    stream_close(pty->master);
    if (pty->slave >= 0)
        close(pty->slave);
    free(pty);
}

static const struct terminal_kind kind = {
    .write = write_out, .watch = watch, .has_host = has_host, .end = end};

/* ---- the start ------------------------------------------------------------------------------ */

static struct terminal_pty *new_pty(struct host *host, const char *link)
{
    size_t bytes = sizeof "pty " + strlen(link);
    struct terminal_pty *pty = calloc(1, sizeof *pty + bytes);
    if (pty == NULL)
        return NULL;
    snprintf(pty->name, bytes, "pty %s", link);
    pty->terminal = (struct terminal){.kind = &kind, .label = pty->name};
    pty->watcher = (struct pty_watcher){.changed = changed, .owner = pty};
    pty->host = host;
    pty->link = link;
    pty->slave = -1;
    return pty;
}

static bool open_master(struct terminal_pty *pty)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, pty->pts, sizeof pty->pts) != 0) {
        close(fd);
        return false;
    }
    pty->master = stream_open(&pty->host->loop, fd, on_ready, pty);
    if (pty->master != NULL)
        stream_read_in_turns(pty->master, &pty->host->loop.terminal_turns);
    return pty->master != NULL;
}

static bool make_raw(const struct terminal_pty *pty)
{
    struct termios line;
    if (fchmod(pty->slave, S_IRUSR | S_IWUSR) != 0 || tcgetattr(pty->slave, &line) != 0)
        return false;
    cfmakeraw(&line);
    return tcsetattr(pty->slave, TCSANOW, &line) == 0;
}

static const char *set_up(struct terminal_pty *pty)
{
    if (!open_master(pty) || !open_slave(pty) || !make_raw(pty))
        return strerror(errno);
    watch_hosts(pty);
    const char *why = pty_link_make(pty->link, pty->pts);
    pty->is_linked = why == NULL;
    return why;
}

bool terminal_pty_open(struct host *host, const char *link, const struct modem_config *config,
                       struct host_refusal *refusal)
{
    struct terminal_pty *pty = new_pty(host, link);
    if (pty == NULL)
        return refuse(refusal, "--pty", link, strerror(ENOMEM));
    const char *why = set_up(pty);
    if (why != NULL) {
        end(&pty->terminal);
        return refuse(refusal, "--pty", link, why);
    }
    if (host_modem_new(host, config->name, config, &pty->terminal, refusal) == NULL)
        return false;
    observer_ready(host->observer, pty->name, pty->pts);
    return true;
}
