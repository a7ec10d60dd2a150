#include "scenario/mqtt_peer.h"

#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"

#define KEEP_ALIVE_S    60
#define CONNECT_WAIT_MS 5000

struct mqtt_peer {
    struct mosquitto *client;
    bool is_subscribed, is_refused;
    int published; /* the latest id that the broker has */
    struct peer_message *messages;
    size_t count, room;
    struct peer_message *own; /* published and not yet heard again */
    size_t own_count;
};

static void free_message(struct peer_message *message)
{
    free(message->topic);
    free(message->payload);
}

static struct peer_message copy_message(const char *topic, const void *payload, size_t bytes)
{
    return (struct peer_message){.topic = need_copy(topic),
                                 .payload = need_copy_bytes(payload != NULL ? payload : "", bytes),
                                 .bytes = bytes};
}

/* ---- what comes ----------------------------------------------------------------------------- */

static void on_connect(struct mosquitto *client, void *context, int code)
{
    struct mqtt_peer *peer = context;
    peer->is_refused = code != 0 || mosquitto_subscribe(client, NULL, "#", 2) != 0;
}

static void on_subscribe(struct mosquitto *client, void *context, int id, int count,
                         const int *granted)
{
    struct mqtt_peer *peer = context;
    (void)client, (void)id;
    peer->is_subscribed = count == 1 && granted[0] <= 2;
    peer->is_refused |= !peer->is_subscribed;
}

static void on_publish(struct mosquitto *client, void *context, int id)
{
    (void)client;
    ((struct mqtt_peer *)context)->published = id;
}

/* A broker of MQTT 3.1.1 sends a client its own messages, too. */
static bool is_own(struct mqtt_peer *peer, const struct mosquitto_message *message)
{
    for (size_t i = 0; i < peer->own_count; i++) {
        struct peer_message *own = &peer->own[i];
        if (strcmp(own->topic, message->topic) != 0 || own->bytes != (size_t)message->payloadlen ||
            memcmp(own->payload, message->payload, own->bytes) != 0)
            continue;
        free_message(own);
        *own = peer->own[--peer->own_count];
        return true;
    }
    return false;
}

static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *message)
{
    struct mqtt_peer *peer = context;
    (void)client;
    if (is_own(peer, message))
        return;
    if (peer->count == peer->room) {
        peer->room = peer->room * 2 + 16;
        peer->messages = need_resize(peer->messages, peer->room * sizeof *peer->messages);
    }
    struct peer_message *kept = &peer->messages[peer->count++];
    *kept = copy_message(message->topic, message->payload, (size_t)message->payloadlen);
    kept->qos = message->qos;
    kept->is_retained = message->retain;
}

const struct peer_message *mqtt_peer_message(const struct mqtt_peer *peer, size_t index)
{
    return index < peer->count ? &peer->messages[index] : NULL;
}

/* ---- beginning and end ---------------------------------------------------------------------- */

static bool begin(struct mqtt_peer *peer, const char *host, uint16_t port)
{
    mosquitto_lib_init();
    peer->client = mosquitto_new(NULL, true, peer);
    if (peer->client == NULL)
        return false;
    mosquitto_connect_callback_set(peer->client, on_connect);
    mosquitto_subscribe_callback_set(peer->client, on_subscribe);
    mosquitto_publish_callback_set(peer->client, on_publish);
    mosquitto_message_callback_set(peer->client, on_message);
    return mosquitto_connect(peer->client, host, port, KEEP_ALIVE_S) == MOSQ_ERR_SUCCESS;
}

struct mqtt_peer *mqtt_peer_new(const char *host, uint16_t port, const char **problem)
{
    struct mqtt_peer *peer = need_new(sizeof *peer);
    bool is_good = begin(peer, host, port);
    *problem = is_good ? "the broker refuses the scenario's own client" : "no broker is there";
    for (int waited = 0; is_good && !peer->is_subscribed && waited < CONNECT_WAIT_MS; waited += 50)
        is_good = mosquitto_loop(peer->client, 50, 1) == MOSQ_ERR_SUCCESS && !peer->is_refused;
    if (is_good && peer->is_subscribed)
        return peer;
    mqtt_peer_end(peer);
    return NULL;
}

void mqtt_peer_end(struct mqtt_peer *peer)
{
    if (peer == NULL)
        return;
    for (size_t i = 0; i < peer->count; i++)
        free_message(&peer->messages[i]);
    for (size_t i = 0; i < peer->own_count; i++)
        free_message(&peer->own[i]);
    if (peer->client != NULL) {
        mosquitto_disconnect(peer->client);
        mosquitto_destroy(peer->client);
    }
    mosquitto_lib_cleanup();
    free(peer->messages);
    free(peer->own);
    free(peer);
}

/* ---- the run -------------------------------------------------------------------------------- */

struct pollfd mqtt_peer_wants(const struct mqtt_peer *peer)
{
    short events = (short)(POLLIN | (mosquitto_want_write(peer->client) ? POLLOUT : 0));
    return (struct pollfd){.fd = mosquitto_socket(peer->client), .events = events};
}

bool mqtt_peer_run(struct mqtt_peer *peer)
{
    return mosquitto_loop(peer->client, 0, 1) == MOSQ_ERR_SUCCESS;
}

int mqtt_peer_publish(struct mqtt_peer *peer, const struct peer_message *message)
{
    int id = 0;
    size_t bytes = (peer->own_count + 1) * sizeof *peer->own;
    if (mosquitto_publish(peer->client, &id, message->topic, (int)message->bytes, message->payload,
                          message->qos, message->is_retained) != MOSQ_ERR_SUCCESS)
        return 0;
    peer->own = need_resize(peer->own, bytes);
    peer->own[peer->own_count++] = copy_message(message->topic, message->payload, message->bytes);
    return id;
}

bool mqtt_peer_is_published(const struct mqtt_peer *peer, int id)
{
    return peer->published == id;
}
