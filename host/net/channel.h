/* channel.h: one connection as plain bytes, whatever carries it: TCP, TLS, or something that stands
 * between (a trace, faults) and carries another channel.
 *
 * A kind of channel is a row of functions; its struct begins with struct channel. Whoever stands
 * between takes the inner channel's ready over, and may see, change and hold back the bytes of both
 * directions, or end the connection.
 */
#ifndef HOST_NET_CHANNEL_H
#define HOST_NET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "imqtt/failure.h"

enum channel_outcome {
    CHANNEL_DONE,
    CHANNEL_WAITS,  /* nothing was lost; ready will tell when to go on */
    CHANNEL_CLOSED, /* the peer has closed; failure tells how */
    CHANNEL_FAILED, /* failure tells why */
};

enum channel_ending {
    CHANNEL_LINGERS, /* what was written still arrives (linger.h) */
    CHANNEL_DROPS,   /* it is closed at once */
    CHANNEL_RESETS,  /* likewise, and the peer is told that it broke (TCP RST) */
};

/* input: reading will give bytes, the end or an error; room: writing will take some. While the
 * handshake waits, either means: go on with it. The channel may be closed from within. */
typedef void (*channel_ready)(void *owner, bool input, bool room);

struct channel {
    const struct channel_kind *kind;
    channel_ready ready;
    void *owner;
    struct imqtt_failure failure; /* after CLOSED or FAILED; its text is static */
};

struct channel_kind {
    /* Repeated until it is DONE; asks for what it waits for by itself. */
    enum channel_outcome (*handshake)(struct channel *channel);

    /* *got: how many bytes came, above 0 with DONE. */
    enum channel_outcome (*read)(struct channel *channel, void *bytes, size_t count, size_t *got);

    /* *got: how many bytes were taken. DONE: all of them. */
    enum channel_outcome (*write)(struct channel *channel, const void *bytes, size_t count,
                                  size_t *got);

    /* There is something to read that ready will not tell of. */
    bool (*pending)(const struct channel *channel);

    /* What ready is called for, once the handshake is done. */
    void (*watch)(struct channel *channel, bool input, bool room);

    /* Ends it and frees it, and what it carries. */
    void (*close)(struct channel *channel, enum channel_ending how);
};

static inline enum channel_outcome channel_handshake(struct channel *channel)
{
    return channel->kind->handshake(channel);
}

static inline enum channel_outcome channel_read(struct channel *channel, void *bytes, size_t count,
                                                size_t *got)
{
    return channel->kind->read(channel, bytes, count, got);
}

static inline enum channel_outcome channel_write(struct channel *channel, const void *bytes,
                                                 size_t count, size_t *got)
{
    return channel->kind->write(channel, bytes, count, got);
}

static inline bool channel_pending(const struct channel *channel)
{
    return channel->kind->pending(channel);
}

static inline void channel_watch(struct channel *channel, bool input, bool room)
{
    channel->kind->watch(channel, input, room);
}

/* NULL is allowed. */
static inline void channel_close(struct channel *channel, enum channel_ending how)
{
    if (channel != NULL)
        channel->kind->close(channel, how);
}

/* Another one is told from now on. */
static inline void channel_hand_over(struct channel *channel, channel_ready ready, void *owner)
{
    channel->ready = ready;
    channel->owner = owner;
}

#endif
