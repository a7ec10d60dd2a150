/* topics.h: which topics a device may use. */
#ifndef TESTCLOUD_TOPICS_H
#define TESTCLOUD_TOPICS_H

#include <stdbool.h>

#define TOPIC_BYTES        128
#define TOPIC_SLASHES      7
#define MOST_SUBSCRIPTIONS 100

/* Whether a topic, or a filter, is within the platform's size: TOPIC_BYTES and TOPIC_SLASHES. */
bool topics_has_size(const char *topic);

/* Whether a topic, or a filter, is this device's own: /PK/DN/…, /sys/PK/DN/…, or it is below
 * /ext/, the platform's services. */
bool topics_may_use(const char *product_key, const char *device_name, const char *topic);

/* Whether a message on that topic may reach this device. What another device sends below /ext/ may
 * not: it is meant for the platform. */
bool topics_may_receive(const char *product_key, const char *device_name, const char *topic);

#endif
