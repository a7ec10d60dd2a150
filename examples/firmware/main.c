/* main.c: the whole of a port, for a POSIX system: the host on standard input, one TCP socket.
 *
 *     cc -std=c11 -I. -Iinclude -DIMQTT_CONFIG='"imqtt/config/mqtt.h"' examples/firmware/main.c \
 *         examples/firmware/arena.c $(find core -name '*.c') -o modem && ./modem
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "examples/firmware/arena.h"
#include "imqtt/pump.h"

static _Alignas(max_align_t) uint8_t memory[65536];
static struct imqtt_pump pump;
static int uplink = -1; /* the socket to the broker; -1: there is none, and close() refuses it */
static bool is_new;     /* it was opened: the loop tells the modem */

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

static size_t send_bytes(void *context, const uint8_t *bytes, size_t count)
{
    ssize_t sent = send(uplink, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)context;
    return sent > 0 ? (size_t)sent : 0;
}

static void close_link(void *context)
{
    (void)context;
    close(uplink);
    uplink = -1;
    imqtt_pump_closed(&pump);
}

static void end_link(enum imqtt_stage stage, int code, const char *text)
{
    close(uplink);
    uplink = -1;
    imqtt_pump_ended(&pump, &(struct imqtt_failure){stage, code, text});
}

/* It waits for name and broker, which a real port must not. */
static void open_link(void *context, const char *host, uint16_t port, bool tls)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    char service[6];
    (void)context;
    (void)snprintf(service, sizeof service, "%u", (unsigned)port);
    int problem = getaddrinfo(host, service, &hints, &found);
    if (problem != 0) {
        end_link(IMQTT_STAGE_DNS, problem, gai_strerror(problem));
        return;
    }
    uplink = socket(found->ai_family, SOCK_STREAM, 0);
    is_new = !tls && connect(uplink, found->ai_addr, found->ai_addrlen) == 0;
    if (tls)
        end_link(IMQTT_STAGE_TLS, 0, "this example has no TLS");
    else if (!is_new)
        end_link(IMQTT_STAGE_TCP, errno, strerror(errno));
    freeaddrinfo(found);
}

/* false: this side has ended. */
static bool take_in(int fd, bool take(struct imqtt_pump *, const uint8_t *, size_t, uint64_t))
{
    uint8_t bytes[512];
    ssize_t count = read(fd, bytes, sizeof bytes);
    return count > 0 && take(&pump, bytes, (size_t)count, now_ms());
}

int main(void)
{
    size_t modem_bytes = (imqtt_modem_bytes() + 15) / 16 * 16;
    struct arena arena = arena_on(memory + modem_bytes, sizeof memory - modem_bytes);
    const struct imqtt_ports ports = {.terminal = {.write = say},
                                      .network = {NULL, open_link, send_bytes, close_link},
                                      .memory = arena_port(&arena)};
    struct imqtt_options options = {.boot_urcs = true};
    struct imqtt_modem *modem = imqtt_modem_init(memory, &ports, &options, now_ms());
    imqtt_pump_init(&pump, modem, &ports.memory);
    bool more = true, soon = true;
    while (more || imqtt_pump_has_input(&pump) || !imqtt_modem_is_idle(modem)) {
        struct imqtt_wants wants = imqtt_pump_wants(&pump);
        struct pollfd sides[] = {{more && wants.terminal_input ? STDIN_FILENO : -1, POLLIN, 0},
                                 {wants.network_input ? uplink : -1, POLLIN, 0}};
        uint64_t now = now_ms(), due = soon || is_new ? now : imqtt_modem_next_deadline(modem);
        poll(sides, 2, due <= now ? 0 : due - now > 1000 ? 1000 : (int)(due - now));
        if (is_new && uplink >= 0)
            imqtt_modem_network_opened(modem, now_ms());
        is_new = false;
        if (sides[0].revents)
            more = take_in(STDIN_FILENO, imqtt_pump_typed);
        if (sides[1].revents && !take_in(uplink, imqtt_pump_received) && uplink >= 0)
            end_link(IMQTT_STAGE_PEER, 0, "connection closed by the broker");
        imqtt_modem_tick(modem, now_ms());
        soon = imqtt_pump_settle(&pump, 1, now_ms());
    }
    imqtt_modem_end(modem);
    imqtt_pump_end(&pump);
}
