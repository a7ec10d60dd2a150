#include "imqttctl/replay_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "imqttctl/ctl.h"

static int fail(const char *terminal, const char *problem)
{
    ctl_say(CTL_FAILED, "%s: %s", terminal, problem);
    return -1;
}

/* Raw, or the echo of this side would answer the modem. */
static int open_tty(const char *path)
{
    struct termios line;
    int opened = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return fail(path, strerror(errno));
    if (tcgetattr(opened, &line) == 0) {
        cfmakeraw(&line);
        tcsetattr(opened, TCSANOW, &line);
    }
    return opened;
}

static int open_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return fail(path, "the path is too long");
    memcpy(address.sun_path, path, strlen(path));
    int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (opened >= 0 && connect(opened, (struct sockaddr *)&address, sizeof address) == 0)
        return opened;
    int error = errno;
    if (opened >= 0)
        close(opened);
    return fail(path, strerror(error));
}

static int connect_any(const struct addrinfo *found)
{
    for (; found != NULL; found = found->ai_next) {
        int opened = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (opened >= 0 && connect(opened, found->ai_addr, found->ai_addrlen) == 0)
            return opened;
        int error = errno;
        if (opened >= 0)
            close(opened);
        errno = error;
    }
    return -1;
}

static int open_tcp(const char *address)
{
    struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(address, ':');
    char host[256];
    if (colon == NULL || (size_t)(colon - address) >= sizeof host)
        return fail(address, "not HOST:PORT");
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    int problem = getaddrinfo(host, colon + 1, &hints, &found);
    if (problem != 0)
        return fail(address, gai_strerror(problem));
    int opened = connect_any(found);
    freeaddrinfo(found);
    return opened >= 0 ? opened : fail(address, strerror(errno));
}

int replay_terminal_open(const char *terminal)
{
    static const struct {
        const char *word;
        int (*open)(const char *where);
    } kinds[] = {
        {"pty ", open_tty}, {"serial ", open_tty}, {"unix ", open_unix}, {"tcp ", open_tcp}};
    if (strstr(terminal, " from ") != NULL || strcmp(terminal, "stdio") == 0)
        return fail(terminal, "its host has it; --terminal names another way");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(terminal, kinds[i].word, strlen(kinds[i].word)) == 0)
            return kinds[i].open(terminal + strlen(kinds[i].word));
    return open_tty(terminal);
}
