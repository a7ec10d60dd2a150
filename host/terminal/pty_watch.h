/* pty_watch.h: who opens and closes the pseudo-terminals, seen with one inotify for all of them.
 *
 * The daemon holds each pts open itself, so that settings and unread output survive a host that
 * comes and goes; so a hang-up cannot tell when there is no host, and this does.
 */
#ifndef HOST_TERMINAL_PTY_WATCH_H
#define HOST_TERMINAL_PTY_WATCH_H

#include <stdbool.h>

#include "host/modem/host_parts.h"

struct pty_watch;

/* One who is told, embedded in its owner. */
struct pty_watcher {
    struct pty_watcher *next;
    int id;
    unsigned opened; /* how many hosts have it open */
    void (*changed)(void *owner);
    void *owner;
};

/* Calls changed when `opened` has changed, from now on. false: it cannot be watched. */
bool pty_watch_begin(struct host *host, struct pty_watcher *watcher, const char *pts);

void pty_watch_end(struct host *host, struct pty_watcher *watcher);

#endif
