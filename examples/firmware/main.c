/* main.c: the whole of a port, for a POSIX system: the host on standard input, one TCP socket.
 *
 *     cc -std=c11 -I. -Iinclude examples/firmware/main.c examples/firmware/arena.c \
 *         $(find core -name '*.c') -o modem && ./modem
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "examples/firmware/arena.h"
#include "imqtt/modem.h"

#define INPUT_BYTES 512

static alignas(max_align_t) uint8_t memory[65536];

/* What came and the modem has not used yet. */
struct input {
    uint8_t bytes[INPUT_BYTES];
    size_t count;
};

struct link {
    char host[IMQTT_ADDRESS_BYTES + 1], port[6];
    bool asked, tls; /* open() was called; the loop does it */
    int socket;      /* -1: there is none */
};

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static size_t say(void *context, const uint8_t *bytes, size_t count)
{
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    (void)context;
    return written > 0 ? (size_t)written : 0;
}

static void open_link(void *context, const char *host, uint16_t port, bool tls)
{
    struct link *link = context;
    memcpy(link->host, host, strlen(host) + 1);
    snprintf(link->port, sizeof link->port, "%u", (unsigned)port);
    link->asked = true;
    link->tls = tls;
}

static size_t send_bytes(void *context, const uint8_t *bytes, size_t count)
{
    struct link *link = context;
    ssize_t sent = send(link->socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? (size_t)sent : 0;
}

static void close_link(void *context)
{
    struct link *link = context;
    if (link->socket >= 0)
        close(link->socket);
    link->socket = -1;
    link->asked = false;
}

static void fail(struct link *link, struct imqtt_modem *modem, enum imqtt_stage stage, int code,
                 const char *text)
{
    struct imqtt_failure failure = {stage, code, text};
    close_link(link);
    imqtt_modem_network_failed(modem, &failure, now_ms());
}

/* It waits for name and broker, which a real port must not. */
static void connect_link(struct link *link, struct imqtt_modem *modem)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    link->asked = false;
    if (link->tls) {
        fail(link, modem, IMQTT_STAGE_TLS, 0, "this example has no TLS");
        return;
    }
    int problem = getaddrinfo(link->host, link->port, &hints, &found);
    if (problem != 0) {
        fail(link, modem, IMQTT_STAGE_DNS, problem, gai_strerror(problem));
        return;
    }
    link->socket = socket(found->ai_family, SOCK_STREAM, 0);
    problem = connect(link->socket, found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    freeaddrinfo(found);
    if (problem == 0)
        imqtt_modem_network_opened(modem, now_ms());
    else
        fail(link, modem, IMQTT_STAGE_TCP, problem, strerror(problem));
}

typedef size_t taker(struct imqtt_modem *modem, const uint8_t *bytes, size_t count,
                     uint64_t now_ms);

/* Hands over what is there; what the modem leaves is kept. */
static void offer(struct input *input, struct imqtt_modem *modem, taker *take)
{
    size_t used = take(modem, input->bytes, input->count, now_ms());
    input->count -= used;
    memmove(input->bytes, input->bytes + used, input->count);
}

/* false: this side has ended. */
static bool fill(struct input *input, int fd)
{
    ssize_t got = read(fd, input->bytes + input->count, sizeof input->bytes - input->count);
    input->count += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static struct pollfd waiting(int fd, bool wants, const struct input *input)
{
    bool reads = wants && input->count < sizeof input->bytes;
    return (struct pollfd){.fd = reads ? fd : -1, .events = POLLIN};
}

static int pause_ms(const struct imqtt_modem *modem)
{
    uint64_t now = now_ms(), due = imqtt_modem_next_deadline(modem);
    return due <= now ? 0 : due - now > 1000 ? 1000 : (int)(due - now);
}

int main(void)
{
    size_t modem_bytes = (imqtt_modem_bytes() + 15) / 16 * 16;
    struct arena arena = arena_on(memory + modem_bytes, sizeof memory - modem_bytes);
    struct link link = {.socket = -1};
    struct input typed = {.count = 0}, received = {.count = 0};
    const struct imqtt_ports ports = {.terminal = {.write = say},
                                      .network = {&link, open_link, send_bytes, close_link},
                                      .memory = arena_port(&arena)};
    const struct imqtt_options options = {.boot_urcs = true};
    struct imqtt_modem *modem = imqtt_modem_init(memory, &ports, &options, now_ms());
    bool more = true;
    while (more || typed.count > 0 || !imqtt_modem_is_idle(modem)) {
        struct imqtt_wants wants = imqtt_modem_wants(modem);
        struct pollfd sides[] = {waiting(STDIN_FILENO, more && wants.terminal_input, &typed),
                                 waiting(link.socket, wants.network_input, &received)};
        imqtt_modem_flush(modem, now_ms());
        poll(sides, 2, typed.count + received.count > 0 || link.asked ? 1 : pause_ms(modem));
        if (sides[0].revents)
            more = fill(&typed, STDIN_FILENO);
        bool ended = sides[1].revents && link.socket >= 0 && !fill(&received, link.socket);
        offer(&typed, modem, imqtt_modem_terminal_input);
        offer(&received, modem, imqtt_modem_network_input);
        if (ended)
            fail(&link, modem, IMQTT_STAGE_PEER, 0, "connection closed by the broker");
        if (link.asked)
            connect_link(&link, modem);
        imqtt_modem_tick(modem, now_ms());
        imqtt_modem_flush(modem, now_ms());
    }
    imqtt_modem_end(modem);
}
