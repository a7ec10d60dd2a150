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
 * The deadline of a request is the TIMEOUT of the connect options from the moment it was written,
 * and nothing that the broker sends puts it off.
 */
#ifndef CORE_MQTT_CLIENT_H
#define CORE_MQTT_CLIENT_H

#include "core/mqtt/answer_clock.h"
#include "core/mqtt/delivery.h"
#include "core/mqtt/draft.h"
#include "core/mqtt/event.h"
#include "core/mqtt/id_marks.h"
#include "core/mqtt/keep_alive.h"
#include "core/mqtt/kept_session.h"
#include "core/mqtt/mqtt_link.h"
#include "core/mqtt/reader.h"
#include "core/mqtt/received.h"

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
    uint16_t unknown_id; /* where packet ids begin in a session that the broker has and nobody here
                            knows: a random number */
};

/* Private: look at it through the functions below. Lives in the owner's memory. */
struct mqtt_client {
    struct mqtt_link link;
    struct answer_clock clock;
    struct keep_alive keep_alive;
    struct reader reader;
    struct delivery delivery;
    struct received received;
    uint64_t session; /* id_marks_hash() of the one that is kept; 0: none */
    struct id_marks ids;
    struct kept_session kept;

    enum mqtt_version version;
    bool resumes;          /* it is the session of the connection before */
    bool was_loaded;       /* it is, over a power cut: no id was taken for it since */
    uint16_t first_id;     /* of a session that the broker has */
    uint64_t state_due_ms; /* by when opening and connecting (on the answer clock), or closing
                                  are to end */
    uint32_t connack_timeout_ms;
#if IMQTT_WITH_DIALECTS
    bool opens_only;   /* CONNECT comes later */
    bool tells_opened; /* an event is due */
#endif
};

/* Private, too: what a record of its session would hold now. */
static inline struct session_mark mqtt_client_session_mark(const struct mqtt_client *client)
{
    return (struct session_mark){.session = client->session,
                                 .changes =
                                     client->delivery.outbox.changes + client->received.changes,
                                 .position = fifo_position(&client->link.transmit)};
}

/* The ports must outlive the client. Nothing is borrowed yet. */
void mqtt_client_init(struct mqtt_client *client, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory);

/* Drops the link without a word and gives all memory back. */
void mqtt_client_end(struct mqtt_client *client);

/* ---- connection ---------------------------------------------------------------------------- */

/* Encodes CONNECT now (so later changes of settings do not matter) and opens the network. Only in
 * MQTT_IDLE, or in MQTT_OPENED, where the network is open. A clean session, or another host, port or client id, forgets what was kept.
 * false: the packet is not packet_connect_is_valid(), or the memory port refused. */
bool mqtt_client_connect(struct mqtt_client *client, const struct mqtt_connect *connect,
                         uint64_t now_ms);

#if IMQTT_WITH_DIALECTS
/* Opens the network and sends nothing. Only in MQTT_IDLE. MQTT_NETWORK_OPENED or MQTT_DISCONNECTED
 * follows; in MQTT_OPENED mqtt_client_connect() goes on, with the same host and port. */
void mqtt_client_open(struct mqtt_client *client, const char *host, uint16_t port, bool tls,
                      uint64_t now_ms);
#endif

/* Ends the connection: what was accepted is written (waiting for the window at most one TIMEOUT),
 * then DISCONNECT, then the network is closed. While opening or connecting: gives up at once.
 * Unanswered requests, then MQTT_DISCONNECTED with stage NONE, come as events. */
void mqtt_client_disconnect(struct mqtt_client *client, uint64_t now_ms);

#if IMQTT_WITH_DIALECTS
/* While it closes: what was accepted has so long to be written, if that is less. */
void mqtt_client_close_within(struct mqtt_client *client, uint32_t time_ms, uint64_t now_ms);
#endif

/* Ends the link as if it had been cut: no DISCONNECT is sent (the will fires). failure is copied.
 */
void mqtt_client_abort(struct mqtt_client *client, const struct imqtt_failure *failure);

/* The network port's answers. failure is copied. */
void mqtt_client_opened(struct mqtt_client *client, uint64_t now_ms);
void mqtt_client_failed(struct mqtt_client *client, const struct imqtt_failure *failure);

/* ---- requests (only in MQTT_ONLINE) --------------------------------------------------- */

/* false: no room now; mqtt_client_room_deadline() says how long to wait for some. An empty outbox
 * has room for MQTT_REQUEST_BYTES, as long as packet ids need not be saved first. The draft's writers stay valid until commit or abandon, unless
 * the link is lost or closed meanwhile: mqtt_client_draft_is_open() tells. */
bool mqtt_client_begin_publish(struct mqtt_client *client, const struct mqtt_publish *publish,
                               struct mqtt_draft *draft);

/* packet_begin_filter() writes the topic filters into draft->payload, at most
 * IMQTT_REQUEST_TOPICS of them; filter_bytes is the sum of their packet_filter_bytes().
 * draft->topic is not used. */
bool mqtt_client_begin_subscribe(struct mqtt_client *client, size_t filter_bytes,
                                 struct mqtt_draft *draft);
bool mqtt_client_begin_unsubscribe(struct mqtt_client *client, size_t filter_bytes,
                                   struct mqtt_draft *draft);

/* Until when a request that finds no room may wait for it. What has events still to come ends by
 * itself: UINT64_MAX. Else only the broker's answers to what a kept session owes make room: as long
 * as something moves within the requests' TIMEOUT. Not later than now: waiting is in vain. */
uint64_t mqtt_client_room_deadline(const struct mqtt_client *client);

#if IMQTT_WITH_DIALECTS
/* Marks the open draft: what comes back in its events, and a time of its own; 0: the connection's. */
void mqtt_client_mark(struct mqtt_client *client, uint8_t tag, uint16_t label, uint32_t timeout_ms);
#endif

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
static inline void mqtt_client_pause(struct mqtt_client *client, uint64_t now_ms)
{
    answer_clock_pause(&client->clock, now_ms);
}

static inline void mqtt_client_resume(struct mqtt_client *client, uint64_t now_ms)
{
    answer_clock_resume(&client->clock, now_ms);
}

/* ---- time and output ------------------------------------------------------------------------ */

/* The next event that is due: true and filled, or false. Also does what time demands: PINGREQ,
 * giving up on a silent broker. If it is called long after a deadline, the owner did not run: what
 * the network holds is read first, and the deadline is put off once by IMQTT_STALL_READ_MS. */
bool mqtt_client_next(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event);

/* Hands packets to the network until it is full or nothing waits. */
void mqtt_client_flush(struct mqtt_client *client, uint64_t now_ms);

uint64_t mqtt_client_next_deadline(const struct mqtt_client *client);

/* ---- packet ids over a restart (id_marks.h) -------------------------------------------------- */

/* There is a store, and this is the record that it holds; empty: none. Only in MQTT_IDLE. false: it
 * is unreadable, and taken for none. */
bool mqtt_client_load_ids(struct mqtt_client *client, struct span record);

/* Whether the next request need not wait for the store. */
bool mqtt_client_has_id(const struct mqtt_client *client);

/* Whether the owner is to save a record now; the record; it is on its way. */
bool mqtt_client_wants_save(const struct mqtt_client *client);
void mqtt_client_put_ids(const struct mqtt_client *client, struct out *record);
void mqtt_client_ids_begun(struct mqtt_client *client);

/* The store has answered. Requests go on even if it failed. */
void mqtt_client_ids_saved(struct mqtt_client *client);

/* ---- the session over a restart (kept_session.h) --------------------------------------------- */

/* From now on packets wait until what they rest on is in the store. Only in MQTT_IDLE. */
void mqtt_client_keep_on_store(struct mqtt_client *client);

static inline bool mqtt_client_keeps_on_store(const struct mqtt_client *client)
{
    return IMQTT_WITH_KEPT_SESSION && client->kept.is_on;
}

/* Takes a session from a record that mqtt_client_put_session() wrote. Only in MQTT_IDLE and behind
 * mqtt_client_keep_on_store(). false: it is damaged, and what was taken of it is to be dropped. */
bool mqtt_client_take_session(struct mqtt_client *client, struct span *record);
void mqtt_client_drop_session(struct mqtt_client *client);

/* There is a kept one. */
bool mqtt_client_has_session(const struct mqtt_client *client);

/* Whether a record is to be saved now; the record; it is on its way; it is safe, or never will be. */
bool mqtt_client_wants_session_saved(const struct mqtt_client *client);
void mqtt_client_put_session(const struct mqtt_client *client, struct out *record);
void mqtt_client_session_begun(struct mqtt_client *client);
void mqtt_client_session_saved(struct mqtt_client *client);

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
