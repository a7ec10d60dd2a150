/* latency: the time of one publish, over and over, and what it is made of.
 *
 *     latency modem TERMINAL PORT COUNT   AT+IMQTTPUB typed, until its URC is read
 *     latency socket PORT COUNT           PUBLISH written, until PUBACK is read: a bare socket
 *     latency line PATH COUNT             a line typed, until bare_line's answer is read
 *
 * QoS 1, one after the other. Prints `ready`, waits for a line, then prints each time in ns.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/need.h"
#include "common/net.h"
#include "common/terminal.h"
#include "common/wire.h"
#include "common/work.h"

#define TOPIC   "bench/telemetry"
#define LINE    "AT+IMQTTPUB=" TOPIC ",1,\"" WORK_PAYLOAD "\"\r"
#define WARM_UP 100

static struct terminal terminal;

/* ---- the three ----------------------------------------------------------------------------- */

static bool is_publish_urc(struct line line)
{
    return line_begins(line, "+IMQTTPUB:");
}

static bool urc_has_come(void)
{
    bool is_closed, has_come = false;
    struct line line;
    struct piece piece = input_read(terminal.fd, &terminal.input, &is_closed);
    need(!is_closed, "the modem has hung up");
    while (lines_next(&piece, &line)) {
        terminal_check(line);
        has_come |= is_publish_urc(line);
    }
    input_leave(&terminal.input, piece, piece.count);
    return has_come;
}

static void publish_by_line(void)
{
    net_write_all(terminal.fd, LINE, sizeof LINE - 1);
    while (!urc_has_come())
        ;
}

static int broker;

static void read_exactly(int fd, uint8_t *bytes, size_t count)
{
    for (size_t had = 0; had < count;) {
        ssize_t got = read(fd, bytes + had, count - had);
        need(got > 0, "read");
        had += (size_t)got;
    }
}

static void publish_by_socket(void)
{
    static uint8_t packet[WIRE_PACKET_BYTES];
    static size_t packet_bytes;
    static uint16_t id;
    uint8_t answer[WIRE_ACKNOWLEDGEMENT_BYTES];
    if (packet_bytes == 0)
        packet_bytes = wire_publish(packet, TOPIC, 1, WORK_PAYLOAD);
    id = id == UINT16_MAX ? 1 : id + 1;
    wire_set_id(packet, id);
    net_write_all(broker, packet, packet_bytes);
    read_exactly(broker, answer, sizeof answer);
}

/* ---- getting there ------------------------------------------------------------------------- */

static void connect_modem(const char *where, uint16_t port)
{
    struct terminal_broker to = {.host = "127.0.0.1", .port = port};
    terminal_open(&terminal, where);
    terminal_set_up(&terminal, &to, "latency");
    terminal_type(&terminal, "AT+IMQTTCONN");
    terminal_await(&terminal, "+IMQTTCONN:0");
}

static void connect_socket(uint16_t port)
{
    uint8_t packet[WIRE_PACKET_BYTES];
    broker = net_connect(port);
    net_write_all(broker, packet, wire_connect(packet, "latency"));
    read_exactly(broker, packet, 4);
}

/* ---- measuring ----------------------------------------------------------------------------- */

static uint64_t time_of(void (*publish)(void))
{
    uint64_t start_ns = work_now_ns();
    publish();
    return work_now_ns() - start_ns;
}

static void measure(void (*publish)(void), unsigned count)
{
    uint64_t *times_ns = calloc(count, sizeof *times_ns);
    need(times_ns != NULL, "memory");
    for (unsigned i = 0; i < WARM_UP; i++)
        publish();
    for (unsigned i = 0; i < count; i++)
        times_ns[i] = time_of(publish);
    for (unsigned i = 0; i < count; i++)
        printf("%" PRIu64 "\n", times_ns[i]);
    free(times_ns);
}

static void wait_for_start(void)
{
    char line[16];
    puts("ready");
    fflush(stdout);
    need(fgets(line, sizeof line, stdin) != NULL, "told to go");
}

int main(int count, char **arguments)
{
    void (*publish)(void) = publish_by_line;
    need(count >= 4,
         "usage: latency modem TERMINAL PORT COUNT | socket PORT COUNT | line PATH COUNT");
    if (strcmp(arguments[1], "modem") == 0) {
        connect_modem(arguments[2], net_port(arguments[3]));
    } else if (strcmp(arguments[1], "socket") == 0) {
        connect_socket(net_port(arguments[2]));
        publish = publish_by_socket;
    } else {
        terminal_open(&terminal, arguments[2]);
    }
    wait_for_start();
    measure(publish, (unsigned)atoi(arguments[count - 1]));
}
