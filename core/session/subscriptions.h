/* subscriptions.h: the topic filters that are live at the broker, in the order they were made
 * (M2.9, AT+IMQTTSUB?). */
#ifndef CORE_SESSION_SUBSCRIPTIONS_H
#define CORE_SESSION_SUBSCRIPTIONS_H

#include "core/bytes/fifo.h"

struct subscriptions {
    struct fifo entries; /* each: length (2), granted QoS (1), topic filter */
    uint32_t changes;
};

void subscriptions_init(struct subscriptions *list, const struct imqtt_memory_port *memory,
                        enum imqtt_memory_purpose purpose);

/* Whether filters of that many bytes, that many of them, would still fit. */
bool subscriptions_have_room(const struct subscriptions *list, size_t filters, size_t filter_bytes);

/* Adds a topic filter, or gives an old one its new QoS in its old place. false: no room. */
bool subscriptions_add(struct subscriptions *list, struct span filter, uint8_t granted_qos);

void subscriptions_remove(struct subscriptions *list, struct span filter);

void subscriptions_clear(struct subscriptions *list);

/* Takes a list as subscriptions_all() gave it, into an empty one. false: it is damaged, or there is
 * no memory. */
bool subscriptions_take_all(struct subscriptions *list, struct span entries);

/* Walks the list: start with subscriptions_all(); false at the end. */
struct span subscriptions_all(const struct subscriptions *list);
bool subscriptions_next(struct span *rest, struct span *filter, uint8_t *granted_qos);

#endif
