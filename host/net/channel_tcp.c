#include "host/net/channel_tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tcp {
    struct channel channel; /* first */
    struct channel_socket socket;
};

static void on_ready(void *owner, bool input, bool room)
{
    struct channel *channel = owner;
    channel->ready(channel->owner, input, room);
}

static enum channel_outcome handshake(struct channel *channel)
{
    (void)channel;
    return CHANNEL_DONE;
}

static enum channel_outcome fail(struct channel *channel, int error)
{
    channel->failure = (struct imqtt_failure){IMQTT_STAGE_PEER, error, strerror(error)};
    return CHANNEL_FAILED;
}

static enum channel_outcome read_socket(struct channel *channel, void *bytes, size_t count,
                                        size_t *got)
{
    struct tcp *tcp = (struct tcp *)channel;
    ssize_t came = stream_read(tcp->socket.stream, bytes, count);
    *got = came > 0 ? (size_t)came : 0;
    if (came > 0)
        return CHANNEL_DONE;
    if (came == -EAGAIN)
        return CHANNEL_WAITS;
    if (came < 0)
        return fail(channel, (int)-came);
    channel->failure =
        (struct imqtt_failure){IMQTT_STAGE_PEER, 0, "connection closed by the broker"};
    return CHANNEL_CLOSED;
}

static enum channel_outcome write_socket(struct channel *channel, const void *bytes, size_t count,
                                         size_t *got)
{
    struct tcp *tcp = (struct tcp *)channel;
    ssize_t taken = stream_write(tcp->socket.stream, bytes, count);
    *got = taken > 0 ? (size_t)taken : 0;
    if (taken < 0)
        return fail(channel, (int)-taken);
    return *got == count ? CHANNEL_DONE : CHANNEL_WAITS;
}

static bool pending(const struct channel *channel)
{
    (void)channel;
    return false;
}

static void watch(struct channel *channel, bool input, bool room)
{
    stream_watch(((struct tcp *)channel)->socket.stream, input, room);
}

static void close_socket(struct channel *channel, enum channel_ending how)
{
    channel_socket_close(&((struct tcp *)channel)->socket, how);
    free(channel);
}

struct channel *channel_tcp_new(const struct channel_socket *socket)
{
    static const struct channel_kind kind = {.handshake = handshake,
                                             .read = read_socket,
                                             .write = write_socket,
                                             .pending = pending,
                                             .watch = watch,
                                             .close = close_socket};
    struct tcp *tcp = calloc(1, sizeof *tcp);
    if (tcp == NULL) {
        stream_close(socket->stream);
        return NULL;
    }
    tcp->channel.kind = &kind;
    tcp->socket = *socket;
    stream_hand_over(socket->stream, on_ready, tcp);
    return &tcp->channel;
}
