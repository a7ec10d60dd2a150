/* checks.h: parameters that several commands take, with the checks that MQTT asks for. Strings that
 * a broker may hang up on are refused: a kept session would send them again for ever. */
#ifndef CORE_DIALECT_IMQTT_CHECKS_H
#define CORE_DIALECT_IMQTT_CHECKS_H

#include "core/at/params.h"

/* What a publish and a will have in common. */
struct publish_params {
    struct text topic;
    uint8_t qos;
    bool retained;
};

/* A string that CONNECT carries as UTF-8 [MQTT-1.5.3-1]. */
struct text take_utf8(struct params *params, size_t max_bytes);

/* A host name or an IP literal: never empty, and no byte that neither can have. */
struct text take_host(struct params *params);

/* A topic filter [MQTT-4.7.1-2], [MQTT-4.7.1-3]. */
struct text take_topic_filter(struct params *params);

/* Fails the parameters if `topic` is no topic name [MQTT-3.3.2-2]. */
void check_topic_name(struct params *params, struct text topic);

/* After the topic in *into: ,<qos>,<message>[,<retained>]. */
struct text take_publish_text(struct params *params, struct publish_params *into);
/* After the topic in *into: ,<qos>,<hex>[,<retained>]. */
struct span take_publish_hex(struct params *params, struct publish_params *into);

#endif
