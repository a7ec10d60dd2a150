/* libmosquitto_client PORT [CLIENTS]: clients of libmosquitto, all on one poll().
 *
 * The way the library is meant to be used in a program's own loop: mosquitto_socket(),
 * _want_write(), _loop_read(), _loop_write(), no threads.
 */
#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/need.h"
#include "common/net.h"
#include "common/work.h"

#define KEEP_ALIVE_S 60
#define POLL_MS      1000

struct client {
    struct mosquitto *mosquitto;
    bool is_connected;
    bool is_subscribed;
    unsigned left; /* to be published */
    unsigned unanswered;
};

static uint16_t port;
static unsigned count;
static struct client *clients;
static struct pollfd *sockets;
static unsigned unfinished; /* clients */

static void succeed(int code)
{
    need(code == MOSQ_ERR_SUCCESS, mosquitto_strerror(code));
}

/* ---- what the library tells ---------------------------------------------------------------- */

static void on_connect(struct mosquitto *mosquitto, void *context, int code)
{
    struct client *client = context;
    (void)mosquitto;
    succeed(code);
    client->is_connected = true;
    unfinished--;
}

static void on_publish(struct mosquitto *mosquitto, void *context, int id)
{
    struct client *client = context;
    (void)mosquitto;
    (void)id;
    client->unanswered--;
    if (client->left == 0 && client->unanswered == 0)
        unfinished--;
}

static void on_subscribe(struct mosquitto *mosquitto, void *context, int id, int granted_count,
                         const int *granted)
{
    (void)mosquitto;
    (void)context;
    (void)id;
    (void)granted_count;
    (void)granted;
    work_subscribed();
}

static void on_message(struct mosquitto *mosquitto, void *context,
                       const struct mosquitto_message *message)
{
    (void)mosquitto;
    (void)context;
    (void)message;
    work_received(1);
}

/* ---- the loop ------------------------------------------------------------------------------ */

static short events_of(struct client *client)
{
    return mosquitto_want_write(client->mosquitto) ? POLLIN | POLLOUT : POLLIN;
}

static void wait_for_sockets(void)
{
    for (unsigned i = 0; i < count; i++)
        sockets[i].events = events_of(&clients[i]);
    poll(sockets, count, POLL_MS);
}

static void serve(unsigned i)
{
    if (sockets[i].revents & POLLIN)
        succeed(mosquitto_loop_read(clients[i].mosquitto, 1));
    if (sockets[i].revents & POLLOUT)
        succeed(mosquitto_loop_write(clients[i].mosquitto, 1));
}

static void turn(void)
{
    wait_for_sockets();
    for (unsigned i = 0; i < count; i++)
        serve(i);
}

/* ---- work ---------------------------------------------------------------------------------- */

static void open_client(unsigned i)
{
    struct client *client = &clients[i];
    char id[32];
    snprintf(id, sizeof id, "libmosquitto%u", i);
    client->mosquitto = mosquitto_new(id, true, client);
    need(client->mosquitto != NULL, "mosquitto_new");
    mosquitto_max_inflight_messages_set(client->mosquitto, WORK_WINDOW);
    mosquitto_connect_callback_set(client->mosquitto, on_connect);
    mosquitto_publish_callback_set(client->mosquitto, on_publish);
    mosquitto_subscribe_callback_set(client->mosquitto, on_subscribe);
    mosquitto_message_callback_set(client->mosquitto, on_message);
    succeed(mosquitto_int_option(client->mosquitto, MOSQ_OPT_TCP_NODELAY, 1));
    succeed(mosquitto_connect(client->mosquitto, "127.0.0.1", port, KEEP_ALIVE_S));
    sockets[i].fd = mosquitto_socket(client->mosquitto);
}

static void connect_all(void)
{
    unfinished = count;
    for (unsigned i = 0; i < count; i++)
        open_client(i);
    while (unfinished > 0)
        turn();
}

static void disconnect_all(void)
{
    for (unsigned i = 0; i < count; i++) {
        mosquitto_disconnect(clients[i].mosquitto);
        mosquitto_destroy(clients[i].mosquitto);
    }
}

/* QoS 0: until the socket is full. QoS 1 and 2: until the window is. */
static bool may_publish(const struct client *client)
{
    return client->left > 0 && client->unanswered < WORK_WINDOW &&
           !mosquitto_want_write(client->mosquitto);
}

/* The library calls on_publish from within for QoS 0: the books must be right before. */
static void publish_one(struct client *client, const struct work_messages *messages)
{
    unsigned qos = work_qos(messages, client->left);
    client->left--;
    client->unanswered++;
    succeed(mosquitto_publish(client->mosquitto, NULL, messages->topic, WORK_PAYLOAD_BYTES,
                              WORK_PAYLOAD, (int)qos, false));
}

static void publish_some(const struct work_messages *messages)
{
    for (unsigned i = 0; i < count; i++)
        while (may_publish(&clients[i]))
            publish_one(&clients[i], messages);
}

static void publish(const struct work_messages *messages)
{
    unfinished = 0;
    for (unsigned i = 0; i < count; i++) {
        clients[i].left = work_share(messages->count, count, i);
        unfinished += clients[i].left > 0;
    }
    while (publish_some(messages), unfinished > 0)
        turn();
}

static void receive(const struct work_messages *messages)
{
    succeed(mosquitto_subscribe(clients[0].mosquitto, NULL, messages->topic, (int)messages->qos));
    while (work_received_so_far() < messages->count)
        turn();
}

int main(int argument_count, char **arguments)
{
    static const struct work_client client = {connect_all, publish, receive, disconnect_all};
    need(argument_count >= 2, "usage: libmosquitto_client PORT [CLIENTS]");
    port = net_port(arguments[1]);
    count = argument_count > 2 ? (unsigned)atoi(arguments[2]) : 1;
    clients = calloc(count, sizeof *clients);
    sockets = calloc(count, sizeof *sockets);
    need(clients != NULL && sockets != NULL, "memory");
    net_allow_descriptors();
    mosquitto_lib_init();
    work_run(&client);
}
