/* socket_client PORT: MQTT by hand on one socket: the least a client can cost.
 *
 * It knows only the packets of this benchmark, checks next to nothing, and writes whole windows in
 * one call. No library could do less; it is the limit and not a peer.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/input.h"
#include "common/need.h"
#include "common/net.h"
#include "common/wire.h"
#include "common/work.h"

#define OUTPUT_BYTES INPUT_BYTES

static uint16_t port;
static int fd;
static struct leftover input;
static struct {
    uint8_t bytes[OUTPUT_BYTES];
    size_t start, end;
} output;

/* ---- bytes --------------------------------------------------------------------------------- */

static uint8_t *output_end(void)
{
    return output.bytes + output.end;
}

static bool output_has_room(void)
{
    return output.end + WIRE_PACKET_BYTES <= OUTPUT_BYTES;
}

static void send_output(void)
{
    ssize_t taken = send(fd, output.bytes + output.start, output.end - output.start, MSG_DONTWAIT);
    need(taken >= 0 || errno == EAGAIN, "send");
    output.start += taken > 0 ? (size_t)taken : 0;
    if (output.start == output.end)
        output.start = output.end = 0;
}

static bool output_waits(void)
{
    return output.end > output.start;
}

/* Packets that came, each handed to take, which returns whether to go on. Waits for at least one
 * byte. */
static void read_packets(void (*take)(const struct wire_packet *packet))
{
    bool is_closed;
    struct wire_packet packet;
    struct piece piece = input_read(fd, &input, &is_closed);
    size_t used = 0;
    need(!is_closed, "the broker has closed");
    while (wire_next(piece.bytes + used, piece.count - used, &packet)) {
        take(&packet);
        used += packet.whole_bytes;
    }
    input_leave(&input, piece, piece.count - used);
}

/* While output waits, the socket may be full: then reading must not block writing. */
static void exchange(void (*take)(const struct wire_packet *packet))
{
    struct pollfd socket = {.fd = fd, .events = POLLIN | POLLOUT};
    if (output_waits()) {
        poll(&socket, 1, -1);
        if ((socket.revents & POLLIN) == 0)
            return;
    }
    read_packets(take);
}

/* ---- connect ------------------------------------------------------------------------------- */

static bool is_connected;

static void take_connack(const struct wire_packet *packet)
{
    is_connected = packet->type == WIRE_CONNACK;
}

static void connect_all(void)
{
    char id[32];
    snprintf(id, sizeof id, "socket%d", getpid()); /* it may be at both ends of a run */
    fd = net_connect(port);
    output.end = wire_connect(output.bytes, id);
    send_output();
    while (!is_connected)
        exchange(take_connack);
}

static void disconnect_all(void)
{
    output.end += wire_empty(output_end(), WIRE_DISCONNECT);
    send_output();
    close(fd);
}

/* ---- publish ------------------------------------------------------------------------------- */

static struct {
    unsigned left; /* to be published */
    unsigned unanswered;
    uint16_t last_id;
    unsigned qos;
    size_t packet_bytes;
    uint8_t packet[WIRE_PACKET_BYTES];
} publishing;

static void choose_qos(const struct work_messages *messages)
{
    publishing.qos = work_qos(messages, publishing.left);
    publishing.packet_bytes =
        wire_publish(publishing.packet, messages->topic, publishing.qos, WORK_PAYLOAD);
}

static void publish_one(void)
{
    if (publishing.qos > 0) {
        publishing.last_id = publishing.last_id == UINT16_MAX ? 1 : publishing.last_id + 1;
        wire_set_id(publishing.packet, publishing.last_id);
        publishing.unanswered++;
    }
    memcpy(output_end(), publishing.packet, publishing.packet_bytes);
    output.end += publishing.packet_bytes;
    publishing.left--;
}

static void fill_window(const struct work_messages *messages)
{
    while (publishing.left > 0 && publishing.unanswered < WORK_WINDOW && output_has_room()) {
        if (publishing.left == 1)
            choose_qos(messages);
        publish_one();
    }
}

static void take_answer(const struct wire_packet *packet)
{
    if (packet->type == WIRE_PUBACK || packet->type == WIRE_PUBCOMP)
        publishing.unanswered--;
    else if (packet->type == WIRE_PUBREC)
        output.end += wire_acknowledgement(output_end(), WIRE_PUBREL, wire_id(packet));
}

static void publish(const struct work_messages *messages)
{
    publishing.left = messages->count;
    choose_qos(messages);
    fill_window(messages);
    send_output();
    while (publishing.left > 0 || publishing.unanswered > 0) {
        if (publishing.unanswered > 0)
            exchange(take_answer);
        fill_window(messages);
        send_output();
    }
}

/* ---- receive ------------------------------------------------------------------------------- */

static unsigned messages_in_piece;

static void take_message(const struct wire_packet *packet)
{
    if (packet->type == WIRE_SUBACK)
        work_subscribed();
    if (packet->type != WIRE_PUBLISH)
        return;
    messages_in_piece++;
    if (packet->qos == 1)
        output.end += wire_acknowledgement(output_end(), WIRE_PUBACK, wire_id(packet));
}

static void receive(const struct work_messages *messages)
{
    output.end += wire_subscribe(output_end(), 1, messages->topic, messages->qos);
    send_output();
    while (work_received_so_far() < messages->count) {
        messages_in_piece = 0;
        exchange(take_message);
        work_received(messages_in_piece);
        send_output();
    }
}

int main(int count, char **arguments)
{
    static const struct work_client client = {connect_all, publish, receive, disconnect_all};
    need(count == 2, "usage: socket_client PORT");
    port = net_port(arguments[1]);
    work_run(&client);
}
