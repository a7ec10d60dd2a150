#include "host/terminal/pty_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>

struct pty_watch {
    struct host *host;
    struct stream *stream;
    struct pty_watcher *watchers;
};

/* Equal events in a row are merged by the kernel: two opens may count as one, so that one close too
 * many comes. The terminal heals that: who types is there (terminal_pty.c). */
static void apply(struct pty_watcher *watcher, uint32_t mask)
{
    if (mask & IN_OPEN)
        watcher->opened++;
    else if (watcher->opened > 0)
        watcher->opened--;
    watcher->changed(watcher->owner);
}

/* Events were lost: better to write to nobody than to hold back from somebody. */
static void assume_open(struct pty_watch *watch)
{
    for (struct pty_watcher *each = watch->watchers; each != NULL; each = each->next) {
        each->opened = 1;
        each->changed(each->owner);
    }
}

static void dispatch(struct pty_watch *watch, const struct inotify_event *event)
{
    struct pty_watcher *watcher = watch->watchers;
    if (event->mask & IN_Q_OVERFLOW)
        assume_open(watch);
    while (watcher != NULL && watcher->id != event->wd)
        watcher = watcher->next;
    if (watcher != NULL && (event->mask & (IN_OPEN | IN_CLOSE)))
        apply(watcher, event->mask);
}

static void on_ready(void *owner, bool input, bool room)
{
    struct pty_watch *watch = owner;
    union {
        struct inotify_event event; /* for its alignment */
        char bytes[4096];
    } buffer;
    (void)input;
    (void)room;
    ssize_t count = stream_read(watch->stream, buffer.bytes, sizeof buffer.bytes);
    const struct inotify_event *event;
    for (ssize_t at = 0; at < count; at += (ssize_t)(sizeof *event + event->len)) {
        event = (const struct inotify_event *)(buffer.bytes + at);
        dispatch(watch, event);
    }
}

static struct pty_watch *start(struct host *host)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct pty_watch *watch = calloc(1, sizeof *watch);
    struct stream *stream = stream_open(&host->loop, fd, on_ready, watch);
    if (watch == NULL || stream == NULL) {
        stream_close(stream);
        free(watch);
        return NULL;
    }
    *watch = (struct pty_watch){.host = host, .stream = stream};
    stream_watch(stream, true, false);
    return watch;
}

static void end_if_unused(struct host *host)
{
    struct pty_watch *watch = host->pty_watch;
    if (watch == NULL || watch->watchers != NULL)
        return;
    stream_close(watch->stream);
    free(watch);
    host->pty_watch = NULL;
}

bool pty_watch_begin(struct host *host, struct pty_watcher *watcher, const char *pts)
{
    if (host->pty_watch == NULL)
        host->pty_watch = start(host);
    struct pty_watch *watch = host->pty_watch;
    if (watch == NULL)
        return false;
    watcher->id = inotify_add_watch(stream_fd(watch->stream), pts, IN_OPEN | IN_CLOSE);
    if (watcher->id < 0) {
        end_if_unused(host);
        return false;
    }
    watcher->next = watch->watchers;
    watch->watchers = watcher;
    return true;
}

void pty_watch_end(struct host *host, struct pty_watcher *watcher)
{
    struct pty_watcher **link = &host->pty_watch->watchers;
    while (*link != watcher)
        link = &(*link)->next;
    *link = watcher->next;
    inotify_rm_watch(stream_fd(host->pty_watch->stream), watcher->id);
    end_if_unused(host);
}
