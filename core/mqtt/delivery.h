/* delivery.h: accepted requests on their way to the broker: which of them may be sent, which are
 * sent again, and which of them a broker chokes on. request_answers.h and
 * request_events.h say how they end.
 *
 *   1. Requests are sent strictly in the order of acceptance [MQTT-4.6.0-1], QoS 1 and 2 publishes
 *      only while fewer than IMQTT_WINDOW are unanswered.
 *   2. Over a lost link a kept session keeps its publishes. What had left, even in part, is sent
 *      again with DUP [MQTT-3.3.1-1]. Of a released one only PUBREL is left: it goes first, in the
 *      order of PUBREC [MQTT-4.6.0-4], also to a broker that forgot the session.
 *   3. When a broker ends the connection three times in a row while the same publish is being sent
 *      again, the failure names it.
 */
#ifndef CORE_MQTT_DELIVERY_H
#define CORE_MQTT_DELIVERY_H

#include "core/mqtt/mqtt_link.h"
#include "core/mqtt/outbox.h"

struct delivery {
    struct outbox outbox;
    bool is_clean; /* nothing outlives the link */
    uint32_t timeout_ms;
    uint64_t progress_ms; /* on the answer clock: when a request was last written, or got ahead */
    uint16_t early_id;    /* a QoS 2 publish, answered by PUBACK, to be reported next; 0: none */
    uint16_t blamed_id;   /* it was being sent again when the broker ended the last connection */
    uint8_t blamed_times; /* in a row */
    uint8_t unanswered;   /* QoS 1 and 2 publishes in the window */
#if IMQTT_WITH_DIALECTS
    uint32_t last_timeout_ms; /* of the last request that was marked */
    bool have_own_times;      /* requests may be late in another order than they came in */
#endif
};

/* QoS 1 and 2 publishes: at most IMQTT_WINDOW of them are written and unanswered. */
static inline bool delivery_is_counted(const struct request *request)
{
    return request->type == MQTT_PUBLISH && request->qos > 0;
}

/* How long this one may take, from when it was written. */
static inline uint32_t delivery_timeout_ms(const struct delivery *delivery,
                                           const struct request *request)
{
#if IMQTT_WITH_DIALECTS
    return request->timeout_ms != 0 ? request->timeout_ms : delivery->timeout_ms;
#else
    (void)request;
    return delivery->timeout_ms;
#endif
}

/* When nothing will have moved for as long as an answer may take, on the answer clock. */
static inline uint64_t delivery_stall_ms(const struct delivery *delivery)
{
    return delivery->progress_ms + delivery->timeout_ms;
}

/* Puts what may be sent now into the transmit buffer. */
void delivery_gather(struct delivery *delivery, struct mqtt_link *link);

/* The link is online. */
void delivery_begin(struct delivery *delivery, struct mqtt_link *link, uint64_t clock_ms);

/* PUBREC came: PUBREL goes out, the payload is not needed any more. */
void delivery_release(struct delivery *delivery, struct mqtt_link *link, struct request *request);

/* The request is done; its place in the window is free. Its packet stays readable for now. */
void delivery_finish(struct delivery *delivery, struct request *request);

/* The broker ended an online link: writes into *out if it is the third time in a row while the same
 * publish was sent again. */
void delivery_blame(struct delivery *delivery, const struct mqtt_link *link, struct out *out);

/* The link is gone: what a kept session keeps waits to be sent again. */
void delivery_keep_unfinished(struct delivery *delivery, const struct mqtt_link *link);

/* Forgets all requests, and begins the packet ids anew. */
void delivery_forget(struct delivery *delivery);

#endif
