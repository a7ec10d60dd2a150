#include "common/net.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/need.h"

#define BACKLOG 4096

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void send_at_once(int fd)
{
    int on = 1;
    need(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
}

int net_connect(uint16_t port)
{
    struct sockaddr_in to = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    need(fd >= 0, "socket");
    need(connect(fd, (const struct sockaddr *)&to, sizeof to) == 0, "connect");
    send_at_once(fd);
    return fd;
}

int net_listen(uint16_t *port)
{
    struct sockaddr_in here = loopback(0);
    socklen_t size = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    need(fd >= 0, "socket");
    need(bind(fd, (const struct sockaddr *)&here, sizeof here) == 0, "bind");
    need(listen(fd, BACKLOG) == 0, "listen");
    need(getsockname(fd, (struct sockaddr *)&here, &size) == 0, "getsockname");
    *port = ntohs(here.sin_port);
    return fd;
}

int net_accept(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        send_at_once(fd);
    return fd;
}

void net_unblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    need(flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0, "O_NONBLOCK");
}

void net_write_all(int fd, const void *bytes, size_t count)
{
    const uint8_t *next = bytes;
    while (count > 0) {
        ssize_t taken = write(fd, next, count);
        need(taken > 0, "write");
        next += taken;
        count -= (size_t)taken;
    }
}

void net_allow_descriptors(void)
{
    struct rlimit limit;
    need(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    need(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

uint16_t net_port(const char *text)
{
    unsigned long port = strtoul(text, NULL, 10);
    need(port > 0 && port <= UINT16_MAX, text);
    return (uint16_t)port;
}
