/* keep_alive.h: when PINGREQ is due, and when its answer is missed.
 *
 *   1. The time between two packets of the client, from CONNECT on, never exceeds the keep-alive
 *      time [MQTT-3.1.2-23]: PINGREQ leaves when nothing was sent for 90 % of it. Also when nothing
 *      was received for so long: publishing with QoS 0 into a dead link would never notice.
 *   2. The first PINGREQ that is unanswered sets the deadline for PINGRESP. If the network is stuck
 *      and the PINGREQ cannot leave, the same deadline runs. A PINGRESP to a PINGREQ that has not
 *      left answers nothing.
 *   3. While the owner cannot read, the deadline stands still, but 1. goes on being obeyed, for what
 *      was sent.
 */
#ifndef CORE_MQTT_KEEP_ALIVE_H
#define CORE_MQTT_KEEP_ALIVE_H

#include "core/mqtt/answer_clock.h"
#include "core/mqtt/mqtt_link.h"

struct keep_alive {
    uint32_t interval_ms;         /* 0: no PINGREQ */
    uint32_t pingresp_timeout_ms; /* from PINGREQ to PINGRESP */
    bool awaits_pingresp;
    uint64_t last_received_ms;
    uint64_t pingresp_due_ms;  /* on the answer clock */
    uint64_t pingreq_position; /* of the last PINGREQ in the transmit stream */
};

/* keep_alive_s as CONNECT said it; 0: none. */
void keep_alive_begin(struct keep_alive *alive, uint16_t keep_alive_s, uint32_t request_timeout_ms);

/* A PINGRESP came. */
void keep_alive_answered(struct keep_alive *alive, const struct mqtt_link *link);

/* PINGREQ if it is due; hangs up if its answer is missed. */
void keep_alive_tick(struct keep_alive *alive, struct mqtt_link *link, struct answer_clock *clock,
                     uint64_t now_ms);

/* When the next PINGREQ is due, in real time. */
uint64_t keep_alive_pingreq_ms(const struct keep_alive *alive, const struct mqtt_link *link,
                               const struct answer_clock *clock);

/* When a PINGRESP is due, on the answer clock. */
uint64_t keep_alive_pingresp_ms(const struct keep_alive *alive);

/* A PINGREQ has been unanswered for over IMQTT_SLOW_ANSWER_MS. */
bool keep_alive_is_slow(const struct keep_alive *alive, uint64_t clock_ms);

#endif
