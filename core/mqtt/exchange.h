/* exchange.h: what each step of a QoS 1 or 2 exchange leads to. Pure functions, no storage.
 *
 * Outbound, from the moment the request was written:
 *   1. offered: the broker answers a SUBSCRIBE with SUBACK, an UNSUBSCRIBE with UNSUBACK, a QoS 1
 *      PUBLISH with PUBACK: done.
 *   2. offered, QoS 2: the broker answers with PUBREC: released, PUBREL goes out. The payload is
 *      not needed any more. (Some brokers answer with PUBACK: they have taken the message, done.)
 *   3. released: PUBREC again: PUBREL again. PUBCOMP: done.
 *   4. Any other answer breaks the protocol.
 *
 * After the link was lost and the session kept:
 *   5. publishes survive, subscribe and unsubscribe requests do not.
 *   6. an offered publish is sent again; a released one sends PUBREL again. Also to a broker that
 *      has forgotten the session: it answers with PUBCOMP.
 *
 * Inbound:
 *   7. QoS 1 is answered with PUBACK, QoS 2 with PUBREC, QoS 0 with nothing.
 */
#ifndef CORE_MQTT_EXCHANGE_H
#define CORE_MQTT_EXCHANGE_H

#include "core/mqtt/wire/packet.h"

enum exchange_state {
    EXCHANGE_OFFERED,
    EXCHANGE_RELEASED,
    EXCHANGE_DONE,
};

enum exchange_verdict {
    EXCHANGE_FORBIDDEN, /* this answer breaks the protocol */
    EXCHANGE_RELEASE,   /* send PUBREL */
    EXCHANGE_COMPLETE,
    EXCHANGE_COMPLETE_EARLY, /* QoS 2, by PUBACK */
};

/* What the broker's `answer` to a written `request` means; EXCHANGE_RELEASE leads to
 * EXCHANGE_RELEASED, both COMPLETE to EXCHANGE_DONE. */
enum exchange_verdict exchange_answer(enum mqtt_packet_type request, uint8_t qos,
                                      enum exchange_state state, enum mqtt_packet_type answer);

/* Whether a kept session takes the request over to the next connection. */
bool exchange_survives(enum mqtt_packet_type request, uint8_t qos);

/* The answer that an inbound message of QoS 1 or 2 needs. */
enum mqtt_packet_type exchange_acknowledgement(uint8_t qos);

#endif
