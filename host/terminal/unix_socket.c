#include "host/terminal/unix_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static bool set_path(struct sockaddr_un *address, const char *path)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t bytes = strlen(path);
    if (bytes >= sizeof address->sun_path)
        return false;
    memcpy(address->sun_path, path, bytes); /* zeros are behind it */
    return true;
}

static const char *in_use_by(int fd)
{
    static char text[sizeof "in use by the process -9223372036854775808"];
    struct ucred peer;
    socklen_t bytes = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0)
        return "in use by another program";
    snprintf(text, sizeof text, "in use by the process %ld", (long)peer.pid);
    return text;
}

/* NULL: the place is free now. */
static const char *clear_the_place(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0)
        return errno == ENOENT ? NULL : strerror(errno);
    if (!S_ISSOCK(status.st_mode))
        return "exists, and is no socket";
    int fd = new_socket();
    if (fd < 0)
        return strerror(errno);
    int error = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ? 0 : errno;
    const char *why = error == 0 || error == EAGAIN ? in_use_by(fd) : NULL;
    close(fd);
    if (why == NULL && error != ECONNREFUSED)
        why = strerror(error);
    if (why == NULL && unlink(address->sun_path) != 0)
        why = strerror(errno);
    return why;
}

/* The mode is there from the beginning: nobody else can connect between. */
static bool bind_privately(int fd, const struct sockaddr_un *address)
{
    mode_t before = umask(0177);
    bool bound = bind(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    int saved_errno = errno;
    umask(before);
    errno = saved_errno;
    return bound;
}

int unix_socket_listen(const char *path, const char **why)
{
    struct sockaddr_un address;
    *why = set_path(&address, path) ? clear_the_place(&address) : strerror(ENAMETOOLONG);
    if (*why != NULL)
        return -1;
    int fd = new_socket();
    if (fd >= 0 && bind_privately(fd, &address) && listen(fd, BACKLOG) == 0)
        return fd;
    *why = strerror(errno);
    if (fd >= 0)
        close(fd);
    return -1;
}
