/* sink: a broker that costs next to nothing, to see what clients cost.
 *
 * It acknowledges whatever is published, all of one read in one write, and forgets it. Who
 * subscribes to source/COUNT/WINDOW is sent COUNT messages of 64 bytes under that topic as fast as
 * he takes them, QoS 1 with at most WINDOW unacknowledged. Prints `ready PORT`; ends with its
 * input.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/input.h"
#include "common/need.h"
#include "common/net.h"
#include "common/wire.h"
#include "common/work.h"

#define OUTPUT_BYTES (2 * INPUT_BYTES)
#define EVENTS       256

/* Messages that are still to be pushed to a subscriber. */
struct source {
    unsigned left;
    unsigned unanswered;
    unsigned window;
    unsigned qos;
    uint16_t last_id;
    size_t packet_bytes;
    uint8_t packet[WIRE_PACKET_BYTES];
};

struct connection {
    int fd;
    uint32_t watched;
    struct leftover input;
    struct source source;
    uint8_t *waiting; /* what the socket did not take */
    size_t waiting_bytes;
};

static int epoll;
static struct {
    uint8_t bytes[OUTPUT_BYTES];
    size_t count;
} output; /* of the connection being served */

/* ---- a source ------------------------------------------------------------------------------ */

static bool has_to_push(const struct source *source)
{
    return source->left > 0 && (source->qos == 0 || source->unanswered < source->window);
}

static void push_one(struct source *source)
{
    if (source->qos > 0) {
        source->last_id = source->last_id == UINT16_MAX ? 1 : source->last_id + 1;
        wire_set_id(source->packet, source->last_id);
        source->unanswered++;
    }
    memcpy(output.bytes + output.count, source->packet, source->packet_bytes);
    output.count += source->packet_bytes;
    source->left--;
}

static void push(struct source *source)
{
    while (has_to_push(source) && output.count + WIRE_PACKET_BYTES <= OUTPUT_BYTES)
        push_one(source);
}

static void begin_to_push(struct source *source, const char *topic, unsigned qos)
{
    *source = (struct source){.qos = qos > 0 ? 1 : 0};
    if (sscanf(topic, "source/%u/%u", &source->left, &source->window) != 2)
        source->left = 0;
    source->packet_bytes = wire_publish(source->packet, topic, source->qos, WORK_PAYLOAD);
}

/* ---- one packet ---------------------------------------------------------------------------- */

static void acknowledge(enum wire_type type, const struct wire_packet *packet)
{
    output.count += wire_acknowledgement(output.bytes + output.count, type, wire_id(packet));
}

static void subscribe(struct connection *connection, const struct wire_packet *packet)
{
    char topic[WORK_TOPIC_BYTES];
    unsigned qos = wire_filter(packet, topic, sizeof topic);
    output.count += wire_suback(output.bytes + output.count, wire_id(packet), qos);
    begin_to_push(&connection->source, topic, qos);
}

static void take_publish(const struct wire_packet *packet)
{
    if (packet->qos == 1)
        acknowledge(WIRE_PUBACK, packet);
    else if (packet->qos == 2)
        acknowledge(WIRE_PUBREC, packet);
}

static void take_puback(struct source *source)
{
    if (source->unanswered > 0)
        source->unanswered--;
}

static void take_packet(struct connection *connection, const struct wire_packet *packet)
{
    switch (packet->type) {
    case WIRE_CONNECT:
        output.count += wire_connack(output.bytes + output.count);
        break;
    case WIRE_PUBLISH:
        take_publish(packet);
        break;
    case WIRE_PUBREL:
        acknowledge(WIRE_PUBCOMP, packet);
        break;
    case WIRE_PUBACK:
        take_puback(&connection->source);
        break;
    case WIRE_SUBSCRIBE:
        subscribe(connection, packet);
        break;
    case WIRE_PINGREQ:
        output.count += wire_empty(output.bytes + output.count, WIRE_PINGRESP);
        break;
    default:
        break;
    }
}

/* ---- one connection ------------------------------------------------------------------------ */

static void hang_up(struct connection *connection)
{
    close(connection->fd);
    free(connection->waiting);
    free(connection);
}

static bool read_packets(struct connection *connection)
{
    bool is_closed;
    struct wire_packet packet;
    struct piece piece = input_read(connection->fd, &connection->input, &is_closed);
    size_t used = 0;
    while (wire_next(piece.bytes + used, piece.count - used, &packet)) {
        take_packet(connection, &packet);
        used += packet.whole_bytes;
    }
    input_leave(&connection->input, piece, piece.count - used);
    return !is_closed;
}

/* How many bytes the socket took; a connection that broke takes everything, and reads as closed. */
static size_t send_some(int fd, const uint8_t *bytes, size_t count)
{
    ssize_t taken = write(fd, bytes, count);
    if (taken < 0)
        return errno == EAGAIN ? 0 : count;
    return (size_t)taken;
}

static void keep_waiting(struct connection *connection, const uint8_t *bytes, size_t count)
{
    uint8_t *kept = NULL;
    if (count > 0) {
        kept = malloc(count);
        need(kept != NULL, "memory");
        memcpy(kept, bytes, count);
    }
    free(connection->waiting);
    connection->waiting = kept;
    connection->waiting_bytes = count;
}

static void send_waiting(struct connection *connection)
{
    size_t taken = send_some(connection->fd, connection->waiting, connection->waiting_bytes);
    keep_waiting(connection, connection->waiting + taken, connection->waiting_bytes - taken);
}

static void send_output(struct connection *connection)
{
    if (output.count == 0)
        return;
    size_t taken = send_some(connection->fd, output.bytes, output.count);
    keep_waiting(connection, output.bytes + taken, output.count - taken);
}

/* A connection that does not take its answers is not read. */
static void watch(struct connection *connection)
{
    uint32_t events = connection->waiting_bytes > 0      ? EPOLLOUT
                      : has_to_push(&connection->source) ? EPOLLIN | EPOLLOUT
                                                         : EPOLLIN;
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (events == connection->watched)
        return;
    connection->watched = events;
    need(epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event) == 0, "epoll_ctl");
}

static void serve(struct connection *connection, uint32_t events)
{
    output.count = 0;
    if (connection->waiting_bytes > 0)
        send_waiting(connection);
    if (connection->waiting_bytes == 0) {
        if ((events & ~(uint32_t)EPOLLOUT) != 0 && !read_packets(connection)) {
            hang_up(connection);
            return;
        }
        push(&connection->source);
        send_output(connection);
    }
    watch(connection);
}

/* ---- all of them --------------------------------------------------------------------------- */

static void add(int fd, void *whom)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = whom};
    need(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
}

static void accept_all(int listener)
{
    for (int fd = net_accept(listener); fd >= 0; fd = net_accept(listener)) {
        struct connection *connection = calloc(1, sizeof *connection);
        need(connection != NULL, "memory");
        connection->fd = fd;
        connection->watched = EPOLLIN;
        add(fd, connection);
    }
}

static void handle(const struct epoll_event *event, int *listener, int *input)
{
    if (event->data.ptr == listener)
        accept_all(*listener);
    else if (event->data.ptr == input)
        exit(0);
    else
        serve(event->data.ptr, event->events);
}

int main(void)
{
    uint16_t port;
    int listener = net_listen(&port);
    int input = STDIN_FILENO;
    struct epoll_event events[EVENTS];

    net_allow_descriptors();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    need(epoll >= 0, "epoll_create1");
    add(listener, &listener);
    add(input, &input);
    printf("ready %u\n", port);
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++)
            handle(&events[i], &listener, &input);
    }
}
