/* draft.h: a request being written into the outbox. */
#ifndef CORE_MQTT_DRAFT_H
#define CORE_MQTT_DRAFT_H

#include "core/mqtt/outbox.h"

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

/* Each: false: a draft is open, the packet would be over max_bytes, or there is no room. */
bool draft_publish(struct outbox *outbox, const struct mqtt_publish *publish, size_t max_bytes,
                   struct mqtt_draft *draft);

/* SUBSCRIBE or UNSUBSCRIBE; draft->topic is not used. */
bool draft_filters(struct outbox *outbox, enum mqtt_packet_type type, size_t filter_bytes,
                   size_t max_bytes, struct mqtt_draft *draft);

#endif
