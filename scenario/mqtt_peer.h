/* mqtt_peer.h: another MQTT client of the modem's broker: it hears everything, and publishes. */
#ifndef SCENARIO_MQTT_PEER_H
#define SCENARIO_MQTT_PEER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct peer_message {
    char *topic;
    char *payload; /* a 0 behind its bytes */
    size_t bytes;
    int qos;
    bool is_retained;
};

struct mqtt_peer;

/* Connects and subscribes to everything. NULL: *problem says why. */
struct mqtt_peer *mqtt_peer_new(const char *host, uint16_t port, const char **problem);
void mqtt_peer_end(struct mqtt_peer *peer);

/* What to wait for, and what to do when the wait is over. false: the connection is lost. */
struct pollfd mqtt_peer_wants(const struct mqtt_peer *peer);
bool mqtt_peer_run(struct mqtt_peer *peer);

/* The id to ask mqtt_peer_is_published() with; 0: it was refused. */
int mqtt_peer_publish(struct mqtt_peer *peer, const struct peer_message *message);
bool mqtt_peer_is_published(const struct mqtt_peer *peer, int id);

/* What others published; NULL: there are not so many. */
const struct peer_message *mqtt_peer_message(const struct mqtt_peer *peer, size_t index);

#endif
