/* request_events.h: the events of requests: each is reported once, when it is answered, late, or
 * lost with its link.
 *
 * When a request is late, on the answer clock:
 *   1. written and unanswered: the TIMEOUT after it was written;
 *   2. not sent, because the window is full and the broker has answered nothing new for the
 *      TIMEOUT;
 *   3. not written, whatever moves: IMQTT_QUEUE_TIMEOUT_MS after it was accepted.
 */
#ifndef CORE_MQTT_REQUEST_EVENTS_H
#define CORE_MQTT_REQUEST_EVENTS_H

#include "core/mqtt/answer_clock.h"
#include "core/mqtt/delivery.h"
#include "core/mqtt/event.h"

/* The answer came: the event, with `reported` as it was before. The request is finished. */
void request_report_answer(struct delivery *delivery, struct request *request,
                           struct mqtt_event *event);

/* Of the QoS 2 publish that was answered with PUBACK: delivery->early_id. */
void request_report_early(struct delivery *delivery, struct mqtt_event *event);

/* Each: the next event of its kind, or false. */
bool request_next_written(struct delivery *delivery, const struct mqtt_link *link,
                          uint64_t clock_ms, struct mqtt_event *event);
bool request_next_late(struct delivery *delivery, const struct mqtt_link *link,
                       struct answer_clock *clock, uint64_t now_ms, struct mqtt_event *event);
bool request_next_lost(struct delivery *delivery, const struct mqtt_link *link,
                       struct mqtt_event *event);

/* The oldest request that had no event yet, or NULL. */
struct request *request_unreported(const struct delivery *delivery);

/* When that one is to be given up, on the answer clock. */
uint64_t request_due_ms(const struct delivery *delivery, const struct mqtt_link *link);

/* The topic filters of a SUBSCRIBE or UNSUBSCRIBE. */
struct span request_filters(struct request *request);

#endif
