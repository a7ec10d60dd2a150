/* mqtt_link.h: one connection to a broker: how far it is, the bytes that wait to leave, why it ended. */
#ifndef CORE_MQTT_MQTT_LINK_H
#define CORE_MQTT_MQTT_LINK_H

#include "core/bytes/fifo.h"
#include "core/mqtt/wire/packet.h"
#include "imqtt/limits.h"
#include "imqtt/ports.h"

/* Of the transmit buffer, kept free for acknowledgements, PINGREQ and DISCONNECT: what the owner
 * may still acknowledge, and what one more packet read may cause. */
#define MQTT_RESERVE_BYTES (MQTT_ANSWER_BYTES * (IMQTT_UNACKNOWLEDGED + 8))

enum mqtt_state {
    MQTT_IDLE,
    MQTT_OPENING, /* name, TCP, TLS */
#if IMQTT_WITH_DIALECTS
    MQTT_OPENED, /* the network stands, and nothing was said yet */
#endif
    MQTT_CONNECTING, /* CONNECT is under way */
    MQTT_ONLINE,     /* CONNACK came */
    MQTT_CLOSING,    /* accepted requests are written, then DISCONNECT */
};

struct mqtt_link {
    const struct imqtt_network_port *network;
    struct fifo transmit;
    uint64_t limit; /* what stands behind this position of the transmit stream waits */
    enum mqtt_state state;
    bool has_ended;               /* its last events are not yet taken */
    bool said_goodbye;            /* DISCONNECT is in the transmit buffer, nothing may follow it */
    uint64_t last_sent_ms;        /* the network took something, or a PINGREQ was queued */
    struct imqtt_failure failure; /* why it ended */
    char failure_text[IMQTT_FAILURE_TEXT_BYTES + 1];
};

/* The ports must outlive the link. */
void link_init(struct mqtt_link *link, const struct imqtt_network_port *network,
               const struct imqtt_memory_port *memory);

/* The network is open, or being opened. */
static inline bool link_has_network(const struct mqtt_link *link)
{
    return link->state != MQTT_IDLE && !link->has_ended;
}

/* Packets can be exchanged. */
static inline bool link_is_up(const struct mqtt_link *link)
{
    return link->state >= MQTT_CONNECTING && !link->has_ended;
}

/* Whether the network has taken all bytes before a position of the transmit stream. */
static inline bool link_was_taken(const struct mqtt_link *link, uint64_t position)
{
    return position <= link->transmit.taken;
}

/* How many of the waiting bytes may leave now. */
static inline size_t link_sendable(const struct mqtt_link *link)
{
    if (!IMQTT_WITH_KEPT_SESSION || fifo_position(&link->transmit) <= link->limit)
        return link->transmit.count;
    return link->limit > link->transmit.taken ? (size_t)(link->limit - link->transmit.taken) : 0;
}

/* What may be queued now besides acknowledgements. */
size_t link_room(const struct mqtt_link *link);

/* Packets wait for the network to have room: above this mark nothing more is read. */
static inline bool link_is_backed_up(const struct mqtt_link *link)
{
    return link->transmit.count > IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES;
}

/* ---- packets -------------------------------------------------------------------------------- */

/* PUBACK, PUBREC, PUBREL or PUBCOMP; hangs up if there is no memory for it. */
void link_put_answer(struct mqtt_link *link, enum mqtt_packet_type type, uint16_t packet_id);

/* PINGREQ or DISCONNECT. */
void link_put_empty(struct mqtt_link *link, enum mqtt_packet_type type);

/* Hands waiting bytes to the network, up to the limit, once. true: nothing waits any more, and
 * something did. */
bool link_write(struct mqtt_link *link, uint64_t now_ms);

/* DISCONNECT, now or never, behind whatever the network still takes. */
void link_say_goodbye(struct mqtt_link *link, uint64_t now_ms);

/* Forgets what waits, and leaves no password behind. */
void link_clear(struct mqtt_link *link);

/* ---- its end; failure is copied ------------------------------------------------------------- */

/* The network is closed already. */
void link_end(struct mqtt_link *link, struct imqtt_failure failure);

/* The network is still to be closed. */
void link_hang_up(struct mqtt_link *link, struct imqtt_failure failure);

/* The broker gave reason to hang up, or there is no memory for what it makes necessary. */
void link_hang_up_on_peer(struct mqtt_link *link, const char *text);

/* All of its events were taken: another one can begin. */
void link_rest(struct mqtt_link *link);

#endif
