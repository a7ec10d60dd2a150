/* pump.h: what stands between a modem and an application's loop, and every port would else write
 * anew: bytes that the modem could not use yet are kept and offered again, the end of a connection
 * is told only behind the bytes that came before it, and nothing of a connection that was closed
 * reaches the modem.
 *
 *     host bytes -> imqtt_pump_typed()        broker -> imqtt_pump_received(), imqtt_pump_ended()
 *     once a turn   imqtt_pump_settle(), then imqtt_pump_wants()
 *
 * What the modem answers still goes through its ports; its network port's close() calls
 * imqtt_pump_closed(). Only that one and imqtt_pump_ended() may be called from within a port.
 */
#ifndef IMQTT_PUMP_H
#define IMQTT_PUMP_H

#include "imqtt/clients.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private. Bytes that wait, in one block of the memory port's. */
struct imqtt_pump_queue {
    uint8_t *block;
    size_t block_bytes;
    size_t start; /* of what still waits */
};

/* Private but for its place in the owner: what comes from one broker. */
struct imqtt_pump_stream {
    struct imqtt_memory_port memory;
    struct imqtt_pump_queue received;
    bool was_closed; /* what is left of the old connection's input is to be dropped */
    bool has_ended;  /* failure is to be told */
    struct imqtt_failure failure;
    char failure_text[IMQTT_FAILURE_TEXT_BYTES + 1];
};

/* Private but for its place in the owner. */
struct imqtt_pump {
    struct imqtt_modem *modem;
    struct imqtt_memory_port memory;
    struct imqtt_pump_queue typed;
    struct imqtt_pump_stream first;
#if IMQTT_CLIENTS > 1
    struct imqtt_pump_stream *further[IMQTT_CLIENTS - 1]; /* NULL: there are no more */
#endif
};

/* memory is copied: the modem's own port will do, the pump's purposes are its own. The modem need
 * not be initialised yet. */
IMQTT_PUBLIC void imqtt_pump_init(struct imqtt_pump *pump, struct imqtt_modem *modem,
                                  const struct imqtt_memory_port *memory);

/* Gives all memory back. The modem is the caller's to end, before. */
IMQTT_PUBLIC void imqtt_pump_end(struct imqtt_pump *pump);

/* Bytes from the host: the modem uses what it can, the rest is kept. false: there is no memory for
 * the rest, and it is lost. Read no more than one piece while imqtt_pump_wants() says no. */
IMQTT_PUBLIC bool imqtt_pump_typed(struct imqtt_pump *pump, const uint8_t *bytes, size_t count,
                                   uint64_t now_ms);

/* Bytes from the broker, the same. false: the rest is lost, and the connection with it: the caller
 * closes it and says so with imqtt_pump_ended(). */
IMQTT_PUBLIC bool imqtt_pump_received(struct imqtt_pump *pump, const uint8_t *bytes, size_t count,
                                      uint64_t now_ms);

/* The attempt or the connection is over, and closed. The failure, its text too, is copied; the modem
 * hears of it from imqtt_pump_settle(), when it has used what was received. */
IMQTT_PUBLIC void imqtt_pump_ended(struct imqtt_pump *pump, const struct imqtt_failure *failure);

/* The modem has closed the connection, or the caller has: what is kept of it is dropped. */
IMQTT_PUBLIC void imqtt_pump_closed(struct imqtt_pump *pump);

/* At most so many rounds of: what waits is offered, then imqtt_modem_flush(). true: there is more to
 * do, ask again in the next turn of the loop. */
IMQTT_PUBLIC bool imqtt_pump_settle(struct imqtt_pump *pump, unsigned rounds, uint64_t now_ms);

/* As imqtt_modem_wants(), and neither side is to be read while bytes of it wait. */
IMQTT_PUBLIC struct imqtt_wants imqtt_pump_wants(const struct imqtt_pump *pump);

/* Bytes wait that came in and were not used yet. */
IMQTT_PUBLIC bool imqtt_pump_has_input(const struct imqtt_pump *pump);

#if IMQTT_CLIENTS > 1
/* ---- the clients behind the first (imqtt/clients.h) ------------------------------------------ */

/* One more, with a stream of the caller's that must stay until imqtt_pump_end(), and the client's
 * memory port: 1 is the first that is added, 2 the second, up to imqtt_options.clients. */
IMQTT_PUBLIC void imqtt_pump_add_client(struct imqtt_pump *pump, struct imqtt_pump_stream *stream,
                                        const struct imqtt_memory_port *memory);

/* As above, of any client: 0 is the first. */
IMQTT_PUBLIC bool imqtt_pump_client_received(struct imqtt_pump *pump, uint8_t client,
                                             const uint8_t *bytes, size_t count, uint64_t now_ms);
IMQTT_PUBLIC void imqtt_pump_client_ended(struct imqtt_pump *pump, uint8_t client,
                                          const struct imqtt_failure *failure);
IMQTT_PUBLIC void imqtt_pump_client_closed(struct imqtt_pump *pump, uint8_t client);
IMQTT_PUBLIC struct imqtt_wants imqtt_pump_client_wants(const struct imqtt_pump *pump,
                                                        uint8_t client);
#endif

#ifdef __cplusplus
}
#endif

#endif
