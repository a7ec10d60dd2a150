#include "host/terminal/pty_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new link is made beside the old one and renamed over it: hosts see the one or the other. */
static const char *replace(const char *link, const char *pts)
{
    char beside[PATH_MAX];
    int bytes = snprintf(beside, sizeof beside, "%s.%ld", link, (long)getpid());
    if (bytes < 0 || (size_t)bytes >= sizeof beside)
        return strerror(ENAMETOOLONG);
    unlink(beside);
    if (symlink(pts, beside) != 0)
        return strerror(errno);
    if (rename(beside, link) == 0)
        return NULL;
    const char *why = strerror(errno);
    unlink(beside);
    return why;
}

/* Whoever holds a link has a lock on the pts it leads to, for others to see. */
static bool is_held(const char *link)
{
    int fd = open(link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return is_held;
}

const char *pty_link_make(const char *link, const char *pts)
{
    struct stat status;
    if (symlink(pts, link) == 0)
        return NULL;
    if (errno != EEXIST)
        return strerror(errno);
    if (lstat(link, &status) != 0)
        return strerror(errno);
    if (!S_ISLNK(status.st_mode))
        return "exists, and is no symbolic link";
    if (is_held(link))
        return "leads to the terminal of a program that runs";
    return replace(link, pts);
}

void pty_link_hold(int pts)
{
    (void)flock(pts, LOCK_EX | LOCK_NB);
}

static bool points_to(const char *link, const char *pts)
{
    char target[PATH_MAX];
    ssize_t bytes = readlink(link, target, sizeof target);
    return bytes >= 0 && (size_t)bytes == strlen(pts) && memcmp(target, pts, (size_t)bytes) == 0;
}

void pty_link_remove(const char *link, const char *pts)
{
    if (points_to(link, pts))
        unlink(link);
}
