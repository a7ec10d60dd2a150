/* topic.h: which strings may name a topic, and which may select topics [MQTT-4.7]. */
#ifndef CORE_MQTT_WIRE_TOPIC_H
#define CORE_MQTT_WIRE_TOPIC_H

#include "core/bytes/span.h"

/* For PUBLISH and wills: 1 to 65,535 bytes of UTF-8, no U+0000, no wildcard [MQTT-4.7.3-1 … 3],
 * [MQTT-3.3.2-2]. */
bool topic_name_is_valid(struct span topic);

/* The same, and no character that lets a broker hang up (utf8_has_disputed()), seen
 * in one look. */
bool topic_name_is_undisputed(struct span topic);

/* For SUBSCRIBE and UNSUBSCRIBE: as above, but `#` may be the whole last level and `+` the whole of
 * any level [MQTT-4.7.1-2, 3]. */
bool topic_filter_is_valid(struct span filter);

#endif
