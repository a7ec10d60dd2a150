/* client.h: one MQTT 3.1 or 3.1.1 client over a network port. Knows nothing of AT commands.
 *
 * The owner calls; nothing calls back. What happens is pulled out as events, one at a time:
 *
 *     requests in:  mqtt_client_connect, _begin_publish …, _disconnect
 *     bytes in:     mqtt_client_read()    takes bytes until an event is due
 *     time in:      mqtt_client_next()    deadlines, writes that went out, what a lost link ended
 *     bytes out:    mqtt_client_flush()   once per turn
 *
 * After every call that hands something in, and after a flush, the owner drains mqtt_client_next();
 * while an event waits there, mqtt_client_next_deadline() is 0.
 *
 * Life of a connection: idle -> opening (name, TCP, TLS) -> connecting (CONNECT sent) -> connected
 * -> closing (accepted requests are written, then DISCONNECT) -> idle.
 *
 * Life of a request (publish, subscribe, unsubscribe): it is accepted into the outbox with its
 * packet id, written when its turn comes (QoS 1 and 2 publishes only while fewer than IMQTT_WINDOW
 * are unanswered), and reported by exactly one event: acknowledged, not acknowledged in time, or
 * lost with the link. A QoS 0 publish is reported once the network has taken its last byte.
 * The deadline of a request is the TIMEOUT of the connect options from the moment it was written.
 */
#ifndef CORE_MQTT_CLIENT_H
#define CORE_MQTT_CLIENT_H

#include "core/bytes/fifo.h"
#include "core/mqtt/outbox.h"
#include "core/mqtt/packet.h"
#include "core/mqtt/reader.h"
#include "core/mqtt/received.h"
#include "core/mqtt/session.h"
#include "imqtt/limits.h"
#include "imqtt/ports.h"

/* Of the transmit buffer, kept free for acknowledgements, PINGREQ and DISCONNECT: what the owner
 * may still acknowledge, and what one more packet read may cause. */
#define MQTT_RESERVE_BYTES (MQTT_ANSWER_BYTES * (IMQTT_UNACKNOWLEDGED + 8))

/* The largest packet a request may make. */
#define MQTT_REQUEST_BYTES                                                                         \
    (IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES < IMQTT_OUTBOX_BYTES - (int)sizeof(struct request)  \
         ? IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES                                               \
         : IMQTT_OUTBOX_BYTES - (int)sizeof(struct request))

/* Everything is copied by mqtt_client_connect(). */
struct mqtt_connect {
    const char *host; /* NUL-terminated */
    uint16_t port;
    bool tls;
    struct mqtt_connect_packet packet; /* packet.h: version, clean session, keep-alive, client id,
                                          user name, password, will */
    uint32_t connack_timeout_ms;
    uint32_t request_timeout_ms;
};

enum mqtt_event_kind {
    MQTT_CONNECTED,     /* CONNACK 0; session_present tells whether the broker kept the session */
    MQTT_DISCONNECTED,  /* the connection or the attempt is over; failure tells why. After it no
                           event of that connection follows, and requests that it ended came before
                           it */
    MQTT_PUBLISHED,     /* a publish is done: acknowledged, or not */
    MQTT_SUBSCRIBED,    /* a SUBSCRIBE is done: codes, or all refused */
    MQTT_UNSUBSCRIBED,  /* an UNSUBSCRIBE is done */
    MQTT_MESSAGE,       /* an inbound message: acknowledge it when it is safe */
    MQTT_MESSAGE_AGAIN, /* a QoS 2 message that was delivered before came again: acknowledge only */
    MQTT_MESSAGE_TOO_LARGE, /* it was drained; acknowledge it */
    MQTT_QOS2_PUBACK, /* only for the log: a QoS 2 publish was answered with PUBACK. The next event
                         is its MQTT_PUBLISHED, unless it was reported as late before */
};

/* Spans are valid until the next call of any function of this client. */
struct mqtt_event {
    enum mqtt_event_kind kind;
    uint16_t packet_id; /* on the wire; 0 for QoS 0 */
    uint8_t qos;
    uint8_t tag;       /* PUBLISHED: as given to mqtt_client_begin_publish() */
    bool acknowledged; /* PUBLISHED, SUBSCRIBED, UNSUBSCRIBED: the broker answered in time */
    bool reported;     /* SUBSCRIBED, UNSUBSCRIBED: an answer after its time was reported as over:
                          the list changes, the host has had its URC */
    bool session_present;   /* CONNECTED */
    struct span topic;      /* MESSAGE */
    struct span payload;    /* MESSAGE */
    uint32_t payload_bytes; /* MESSAGE, MESSAGE_TOO_LARGE */
    struct span filters;    /* SUBSCRIBED, UNSUBSCRIBED: packet_take_filter() walks them */
    struct span codes; /* SUBSCRIBED: a SUBACK code for each filter; empty if not acknowledged */
    uint64_t due_ms;   /* PUBLISHED, SUBSCRIBED, UNSUBSCRIBED: by when it was to be answered, on the
                        clock that stands still while paused */
    struct imqtt_failure failure; /* DISCONNECTED; and why, where `acknowledged` is false. Never a
                                     NULL text */
};

enum mqtt_state {
    MQTT_IDLE,
    MQTT_OPENING,
    MQTT_CONNECTING,
    MQTT_IS_CONNECTED,
    MQTT_CLOSING,
};

/* Private: look at it through the functions below. Lives in the owner's memory. */
struct mqtt_client {
    const struct imqtt_network_port *network;
    struct fifo transmit;
    struct outbox outbox;
    struct reader reader;
    struct received received;
    struct session session;

    enum mqtt_state state;
    enum mqtt_version version;
    bool is_clean;     /* the session */
    bool resumes;      /* it is the session of the connection before */
    bool has_ended;    /* the link; its last events are not yet taken */
    bool said_goodbye; /* DISCONNECT is in the transmit buffer, nothing may follow it */
    bool awaits_pingresp;
    bool is_paused;
    uint16_t early_id;  /* a QoS 2 publish, answered by PUBACK, to be reported next; 0: none */
    uint8_t unanswered; /* QoS 1 and 2 publishes in the window */

    uint32_t keep_alive_ms; /* 0: none */
    uint32_t connack_timeout_ms;
    uint32_t request_timeout_ms;

    uint64_t state_due_ms; /* opening, connecting, closing: by when that is to end */
    uint64_t last_sent_ms; /* the network took something, or a PINGREQ was queued */
    uint64_t last_received_ms;
    uint64_t paused_since_ms;
    uint64_t paused_total_ms;
    uint64_t pingresp_due_ms;  /* like all answers: on a clock that stands still while paused */
    uint64_t progress_ms;      /* on that clock: when something was last written or answered */
    uint64_t pingreq_position; /* of the last PINGREQ in the transmit stream */

    struct imqtt_failure failure; /* why the link ended */
    char failure_text[IMQTT_FAILURE_TEXT_BYTES + 1];
};

/* The ports must outlive the client. Nothing is borrowed yet. */
void mqtt_client_init(struct mqtt_client *client, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory);

/* Drops the link without a word and gives all memory back. */
void mqtt_client_end(struct mqtt_client *client);

/* ---- connection ---------------------------------------------------------------------------- */

/* Encodes CONNECT now (so later changes of settings do not matter) and opens the network. Only in
 * MQTT_IDLE. A clean session, or another host, port or client id, forgets what was kept.
 * false: the packet is not packet_connect_is_valid(), or the memory port refused. */
bool mqtt_client_connect(struct mqtt_client *client, const struct mqtt_connect *connect,
                         uint64_t now_ms);

/* Ends the connection: what was accepted is written (waiting for the window at most one TIMEOUT),
 * then DISCONNECT, then the network is closed. While opening or connecting: gives up at once.
 * Unanswered requests, then MQTT_DISCONNECTED with stage NONE, come as events. */
void mqtt_client_disconnect(struct mqtt_client *client, uint64_t now_ms);

/* Ends the link as if it had been cut: no DISCONNECT is sent (the will fires). failure is copied.
 */
void mqtt_client_abort(struct mqtt_client *client, const struct imqtt_failure *failure);

/* The network port's answers. failure is copied. */
void mqtt_client_opened(struct mqtt_client *client, uint64_t now_ms);
void mqtt_client_failed(struct mqtt_client *client, const struct imqtt_failure *failure);

/* ---- requests (only in MQTT_IS_CONNECTED) --------------------------------------------------- */

struct mqtt_publish {
    uint8_t qos;
    bool retained;
    uint8_t tag; /* the caller's, comes back in MQTT_PUBLISHED */
    size_t topic_bytes;
    size_t payload_bytes;
};

/* A request being written: fill the writers completely, then commit; or abandon. No other request
 * may begin in between, but everything else may happen, the loss of the link included. */
struct mqtt_draft {
    struct out topic;   /* room for exactly topic_bytes */
    struct out payload; /* room for exactly payload_bytes */
};

/* false: no room now; mqtt_client_room_deadline() says how long to wait for some. An empty outbox
 * has room for MQTT_REQUEST_BYTES. The draft's writers stay valid until commit or abandon, unless
 * the link is lost or closed meanwhile: mqtt_client_draft_is_open() tells. */
bool mqtt_client_begin_publish(struct mqtt_client *client, const struct mqtt_publish *publish,
                               struct mqtt_draft *draft);

/* packet_begin_filter() writes the topic filters into draft->payload, at most
 * IMQTT_SUBSCRIBE_TOPICS of them; filter_bytes is the sum of their packet_filter_bytes().
 * draft->topic is not used. */
bool mqtt_client_begin_subscribe(struct mqtt_client *client, size_t filter_bytes,
                                 struct mqtt_draft *draft);
bool mqtt_client_begin_unsubscribe(struct mqtt_client *client, size_t filter_bytes,
                                   struct mqtt_draft *draft);

/* Until when a request that finds no room may wait for it. What has events still to come ends by
 * itself: UINT64_MAX. Else only the broker's answers to what a kept session owes make room: as long
 * as something moves within the requests' TIMEOUT. Not later than now: waiting is in vain. */
uint64_t mqtt_client_room_deadline(const struct mqtt_client *client);

bool mqtt_client_draft_is_open(const struct mqtt_client *client);
/* Returns the packet id: never 0, except for a QoS 0 publish, and never one in use. */
uint16_t mqtt_client_commit(struct mqtt_client *client, uint64_t now_ms);
void mqtt_client_abandon(struct mqtt_client *client);

/* ---- inbound -------------------------------------------------------------------------------- */

/* Takes bytes of *in until an event is due (true, *event filled). false: all are used, or
 * mqtt_client_is_backed_up(), and the rest is to be offered again once it no longer is. Call it
 * only when there is room for what a message will cause. A protocol fault ends the link: the events
 * that follow from it come from mqtt_client_next(). */
bool mqtt_client_read(struct mqtt_client *client, struct span *in, uint64_t now_ms,
                      struct mqtt_event *event);

/* The message of an event of this connection is safe: PUBACK or PUBREC goes out. QoS 0: nothing. At
 * most IMQTT_UNACKNOWLEDGED messages may wait for it. */
void mqtt_client_acknowledge(struct mqtt_client *client, uint16_t packet_id, uint8_t qos);

/* The owner cannot read for now (its host does not), or can again. Deadlines that wait for the
 * broker's answers stand still meanwhile: an answer that could not be read is not missed. */
void mqtt_client_pause(struct mqtt_client *client, uint64_t now_ms);
void mqtt_client_resume(struct mqtt_client *client, uint64_t now_ms);

/* ---- time and output ------------------------------------------------------------------------ */

/* The next event that is due: true and filled, or false. Also does what time demands: PINGREQ,
 * giving up on a silent broker. */
bool mqtt_client_next(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event);

/* Hands packets to the network until it is full or nothing waits. */
void mqtt_client_flush(struct mqtt_client *client, uint64_t now_ms);

uint64_t mqtt_client_next_deadline(const struct mqtt_client *client);

/* ---- state ---------------------------------------------------------------------------------- */

enum mqtt_state mqtt_client_state(const struct mqtt_client *client);
/* The connection, or the attempt, goes on with the session of the one before: it is a kept one,
 * with the same host, port and client id. */
bool mqtt_client_resumes(const struct mqtt_client *client);
/* How long the request of an event took, from when it was written. */
uint32_t mqtt_client_took_ms(const struct mqtt_client *client, const struct mqtt_event *event,
                             uint64_t now_ms);
/* Every accepted request has had its event, every packet was taken by the network, and no event
 * waits. */
bool mqtt_client_is_quiet(const struct mqtt_client *client);
/* A request or a PINGREQ has been unanswered for over IMQTT_SLOW_ANSWER_MS (M2.14). */
bool mqtt_client_is_slow(const struct mqtt_client *client, uint64_t now_ms);
/* Packets wait for the network to have room: reading stops above a mark, so that a broker that does
 * not read cannot make this side grow. */
bool mqtt_client_is_backed_up(const struct mqtt_client *client);
bool mqtt_client_has_output(const struct mqtt_client *client);

#endif
