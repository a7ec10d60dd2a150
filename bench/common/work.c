#include "common/work.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/need.h"

_Static_assert(WORK_PAYLOAD_BYTES == 64, "the benchmark's messages have 64 bytes");

static struct {
    uint64_t first_ns, last_ns;
    unsigned count;
} received;

uint64_t work_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

unsigned work_share(unsigned count, unsigned clients, unsigned which)
{
    return count / clients + (which < count % clients);
}

unsigned work_qos(const struct work_messages *messages, unsigned left)
{
    return messages->qos == 0 && left == 1 ? 1 : messages->qos;
}

static void answer(const char *word, uint64_t ns)
{
    printf("%s %" PRIu64 "\n", word, ns);
}

void work_subscribed(void)
{
    puts("subscribed");
}

/* The clock is read twice in a run, not once a message. */
void work_received(unsigned count)
{
    if (received.count == 0 && count > 0)
        received.first_ns = work_now_ns();
    received.count += count;
}

unsigned work_received_so_far(void)
{
    return received.count;
}

static void connect_all(const struct work_client *client)
{
    uint64_t start_ns = work_now_ns();
    client->connect();
    answer("connected", work_now_ns() - start_ns);
}

static void publish_all(const struct work_client *client, const struct work_messages *messages)
{
    uint64_t start_ns = work_now_ns();
    client->publish(messages);
    answer("published", work_now_ns() - start_ns);
}

static void receive_all(const struct work_client *client, const struct work_messages *messages)
{
    received.count = 0;
    client->receive(messages);
    received.last_ns = work_now_ns();
    need(received.count == messages->count, "more messages came than were sent");
    answer("received", received.last_ns - received.first_ns);
}

static void obey(const struct work_client *client, const char *line)
{
    struct work_messages messages;
    char verb[16] = "";
    int fields =
        sscanf(line, "%15s %u %u %63s", verb, &messages.qos, &messages.count, messages.topic);
    if (strcmp(verb, "connect") == 0)
        connect_all(client);
    else if (strcmp(verb, "publish") == 0 && fields == 4)
        publish_all(client, &messages);
    else if (strcmp(verb, "receive") == 0 && fields == 4 && client->receive != NULL)
        receive_all(client, &messages);
    else
        need(false, line);
}

void work_run(const struct work_client *client)
{
    char line[128];
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    puts("ready");
    while (fgets(line, sizeof line, stdin) != NULL)
        obey(client, line);
    client->disconnect();
}
