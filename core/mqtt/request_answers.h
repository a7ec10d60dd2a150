/* request_answers.h: what the broker's answer to a request does to it. */
#ifndef CORE_MQTT_REQUEST_ANSWERS_H
#define CORE_MQTT_REQUEST_ANSWERS_H

#include "core/mqtt/request_events.h"
#include "core/mqtt/wire/decode.h"

/* PUBACK, PUBREC, PUBCOMP, SUBACK or UNSUBACK. Hangs up on one that does not fit. true: an event is
 * due. An answer to nothing, or one that changes nothing, is no progress. */
bool answers_take(struct delivery *delivery, struct mqtt_link *link,
                  const struct mqtt_packet *answer, uint64_t clock_ms, struct mqtt_event *event);

#endif
