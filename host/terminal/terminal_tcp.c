#include "host/terminal/terminal_tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/terminal/listener.h"

#define BACKLOG 1024

static int listen_at(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
    return -1;
}

static bool is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    if (address->sa_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* The first address of the host that may be used and can be bound. */
static int listen_anywhere(const struct host *host, const struct endpoint *where, const char **why)
{
    char port[sizeof "65535"];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses;
    int fd = -1;
    snprintf(port, sizeof port, "%u", (unsigned)where->port);
    int code = getaddrinfo(where->host, port, &hints, &addresses);
    if (code != 0) {
        *why = gai_strerror(code);
        return -1;
    }
    *why = "not a loopback address: needs --allow-remote";
    for (const struct addrinfo *each = addresses; each != NULL && fd < 0; each = each->ai_next) {
        if (!host->allow_remote && !is_loopback(each->ai_addr))
            continue;
        fd = listen_at(each);
        *why = strerror(errno);
    }
    freeaddrinfo(addresses);
    return fd;
}

static bool find_address(int fd, struct sockaddr_storage *address, struct endpoint *real)
{
    socklen_t bytes = sizeof *address;
    return getsockname(fd, (struct sockaddr *)address, &bytes) == 0 &&
           endpoint_of_address(real, (struct sockaddr *)address);
}

/* What is stored goes by the name that was asked for, so that it is the same after a restart; what
 * is announced is the real address. */
static void announce(const struct host *host, const char *label,
                     const struct sockaddr_storage *address, const struct endpoint *real)
{
    char text[ENDPOINT_TEXT_BYTES];
    if (!is_loopback((const struct sockaddr *)address))
        observer_log(host->observer, LEVEL_WARNING, label,
                     "not a loopback address: whoever reaches this port can use the modem");
    observer_ready(host->observer, "tcp", endpoint_text(real, text));
}

bool terminal_tcp_listen(struct host *host, const struct endpoint *where,
                         const struct modem_config *config, struct host_refusal *refusal)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    struct endpoint real = *where;
    static char asked[ENDPOINT_TEXT_BYTES]; /* for *refusal */
    char label[sizeof "tcp " + ENDPOINT_TEXT_BYTES];
    char name[sizeof "tcp-65535"];
    const char *why;
    int fd = listen_anywhere(host, where, &why);
    if (fd < 0)
        return refuse(refusal, "--tcp", endpoint_text(where, asked), why);
    bool is_known = find_address(fd, &address, &real);
    snprintf(label, sizeof label, "tcp %s", endpoint_text(where, asked));
    snprintf(name, sizeof name, "tcp-%u", (unsigned)real.port);
    struct listener_address called = {label, config->name == NULL ? name : NULL, NULL};
    if (listener_begin(host, fd, &called, config, refusal) == NULL)
        return false;
    if (is_known)
        announce(host, label, &address, &real);
    return true;
}
