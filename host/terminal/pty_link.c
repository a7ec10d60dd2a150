#include "host/terminal/pty_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/terminal/line_owner.h"

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

/* ---- whose link it is ----------------------------------------------------------------------- */

/* A pts has a number that others get when it is free, so a link that a killed program left may lead
 * to anybody's. Therefore whoever holds a link locks one byte of the pts that only this link has. */

#define FNV_BASIS 14695981039346656037u
#define FNV_PRIME 1099511628211u

static uint64_t mix(uint64_t hash, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * FNV_PRIME;
    return hash;
}

/* The same by whatever path to its folder. */
static off_t byte_of(const char *link)
{
    char path[PATH_MAX];
    struct stat folder;
    const char *slash = strrchr(link, '/');
    const char *name = slash != NULL ? slash + 1 : link;
    snprintf(path, sizeof path, "%.*s.", (int)(name - link), link);
    if (stat(path, &folder) != 0)
        return 0;
    uint64_t hash = mix(FNV_BASIS, &folder.st_dev, sizeof folder.st_dev);
    hash = mix(hash, &folder.st_ino, sizeof folder.st_ino);
    return (off_t)(mix(hash, name, strlen(name)) >> 2);
}

static struct flock lock_of(const char *link)
{
    return (struct flock){
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte_of(link), .l_len = 1};
}

void pty_link_hold(const char *link, int pts)
{
    struct flock lock = lock_of(link);
    (void)fcntl(pts, F_OFD_SETLK, &lock);
    line_owner_sign(pts);
}

/* NULL: nobody has it. */
static const char *who_holds(const char *link)
{
    struct flock lock = lock_of(link);
    int fd = open(link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool is_held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    const char *who = is_held ? line_owner_name(fd) : NULL;
    close(fd);
    return who;
}

static bool points_to(const char *link, const char *pts)
{
    char target[PATH_MAX];
    ssize_t bytes = readlink(link, target, sizeof target);
    return bytes >= 0 && (size_t)bytes == strlen(pts) && memcmp(target, pts, (size_t)bytes) == 0;
}

/* ---- made and removed ----------------------------------------------------------------------- */

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
    if (points_to(link, pts))
        return NULL; /* a program that was killed had the pts of this number */
    const char *who = who_holds(link);
    return who != NULL ? who : replace(link, pts);
}

void pty_link_remove(const char *link, const char *pts)
{
    if (points_to(link, pts))
        unlink(link);
}
