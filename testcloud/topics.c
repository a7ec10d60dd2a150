#include "testcloud/topics.h"

#include <stdio.h>
#include <string.h>

#include "testcloud/names.h"

bool topics_has_size(const char *topic)
{
    size_t slashes = 0;
    for (const char *at = topic; (at = strchr(at, '/')) != NULL; at++)
        slashes++;
    return strlen(topic) <= TOPIC_BYTES && slashes <= TOPIC_SLASHES;
}

static bool begins_with(const char *topic, const char *prefix)
{
    return strncmp(topic, prefix, strlen(prefix)) == 0;
}

/* The names have no wildcard, so a filter that begins like this stays below it. */
static bool is_own(const char *product_key, const char *device_name, const char *topic)
{
    char own[2 * NAME_BYTES + 8];
    (void)snprintf(own, sizeof own, "/sys/%s/%s/", product_key, device_name);
    return begins_with(topic, own) || begins_with(topic, own + strlen("/sys"));
}

bool topics_may_use(const char *product_key, const char *device_name, const char *topic)
{
    return begins_with(topic, "/ext/") || is_own(product_key, device_name, topic);
}

bool topics_may_receive(const char *product_key, const char *device_name, const char *topic)
{
    return is_own(product_key, device_name, topic);
}
