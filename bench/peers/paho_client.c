/* paho_client PORT [CLIENTS]: asynchronous clients of Paho C, which brings its own threads. */
#include <MQTTAsync.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/need.h"
#include "common/net.h"
#include "common/work.h"

#define KEEP_ALIVE_S 60
#define QOS0_QUEUE   1000 /* publishes handed to the library and not yet written */

struct client {
    MQTTAsync paho;
    atomic_uint unanswered;
    unsigned left; /* to be published */
};

static uint16_t port;
static unsigned count;
static struct client *clients;
static sem_t done; /* posted once for each thing that was waited for */
static sem_t room; /* posted when a place in a client's window is free again */

static void succeed(int code)
{
    need(code == MQTTASYNC_SUCCESS, MQTTAsync_strerror(code));
}

static void wait_for(sem_t *semaphore, unsigned times)
{
    while (times > 0)
        times -= sem_wait(semaphore) == 0;
}

/* ---- what the library tells, from its threads ---------------------------------------------- */

static void on_success(void *context, MQTTAsync_successData *answer)
{
    (void)context;
    (void)answer;
    sem_post(&done);
}

static void on_failure(void *context, MQTTAsync_failureData *answer)
{
    (void)context;
    need(false, answer != NULL && answer->message != NULL ? answer->message : "a request failed");
}

static void on_published(void *context, MQTTAsync_successData *answer)
{
    struct client *client = context;
    (void)answer;
    atomic_fetch_sub(&client->unanswered, 1);
    sem_post(&room);
}

static void on_subscribed(void *context, MQTTAsync_successData *answer)
{
    (void)context;
    (void)answer;
    work_subscribed();
}

static unsigned wanted;

static int on_message(void *context, char *topic, int topic_length, MQTTAsync_message *message)
{
    (void)context;
    (void)topic_length;
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    work_received(1);
    if (work_received_so_far() == wanted)
        sem_post(&done);
    return 1;
}

static void on_lost(void *context, char *cause)
{
    (void)context;
    need(false, cause != NULL ? cause : "connection lost");
}

/* ---- work ---------------------------------------------------------------------------------- */

static void open_client(unsigned i)
{
    struct client *client = &clients[i];
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    char uri[64], id[32];
    snprintf(uri, sizeof uri, "tcp://127.0.0.1:%u", port);
    snprintf(id, sizeof id, "paho%u", i);
    succeed(MQTTAsync_create(&client->paho, uri, id, MQTTCLIENT_PERSISTENCE_NONE, NULL));
    succeed(MQTTAsync_setCallbacks(client->paho, client, on_lost, on_message, NULL));
    options.keepAliveInterval = KEEP_ALIVE_S;
    options.cleansession = 1;
    options.maxInflight = WORK_WINDOW;
    options.onSuccess = on_success;
    options.onFailure = on_failure;
    options.context = client;
    succeed(MQTTAsync_connect(client->paho, &options));
}

static void connect_all(void)
{
    for (unsigned i = 0; i < count; i++)
        open_client(i);
    wait_for(&done, count);
}

/* The library's own disconnect may wait: the process ends anyway. */
static void disconnect_all(void)
{
    for (unsigned i = 0; i < count; i++)
        MQTTAsync_disconnect(clients[i].paho, NULL);
}

static unsigned window(const struct work_messages *messages)
{
    return messages->qos == 0 ? QOS0_QUEUE : WORK_WINDOW;
}

static void publish_one(struct client *client, const struct work_messages *messages)
{
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.onSuccess = on_published;
    options.onFailure = on_failure;
    options.context = client;
    atomic_fetch_add(&client->unanswered, 1);
    succeed(MQTTAsync_send(client->paho, messages->topic, (int)WORK_PAYLOAD_BYTES, WORK_PAYLOAD,
                           (int)work_qos(messages, client->left), 0, &options));
    client->left--;
}

static bool may_publish(struct client *client, const struct work_messages *messages)
{
    return client->left > 0 && atomic_load(&client->unanswered) < window(messages);
}

/* As many as there is room for, each client in its turn. */
static unsigned publish_some(const struct work_messages *messages)
{
    unsigned published = 0;
    for (unsigned i = 0; i < count; i++)
        for (; may_publish(&clients[i], messages); published++)
            publish_one(&clients[i], messages);
    return published;
}

static bool all_answered(void)
{
    for (unsigned i = 0; i < count; i++)
        if (atomic_load(&clients[i].unanswered) > 0)
            return false;
    return true;
}

static void publish(const struct work_messages *messages)
{
    unsigned left = messages->count;
    for (unsigned i = 0; i < count; i++)
        clients[i].left = work_share(messages->count, count, i);
    while (sem_trywait(&room) == 0) /* left from the last time */
        ;
    while (left -= publish_some(messages), left > 0 || !all_answered())
        wait_for(&room, 1);
}

static void receive(const struct work_messages *messages)
{
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.onSuccess = on_subscribed;
    options.onFailure = on_failure;
    wanted = messages->count;
    succeed(MQTTAsync_subscribe(clients[0].paho, messages->topic, (int)messages->qos, &options));
    wait_for(&done, 1);
}

int main(int argument_count, char **arguments)
{
    static const struct work_client client = {connect_all, publish, receive, disconnect_all};
    need(argument_count >= 2, "usage: paho_client PORT [CLIENTS]");
    port = net_port(arguments[1]);
    count = argument_count > 2 ? (unsigned)atoi(arguments[2]) : 1;
    clients = calloc(count, sizeof *clients);
    need(clients != NULL, "memory");
    sem_init(&done, 0, 0);
    sem_init(&room, 0, 0);
    net_allow_descriptors();
    work_run(&client);
}
