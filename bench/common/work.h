/* work.h: what every client of the benchmark does, and how the harness tells it to.
 *
 * The harness writes a line to the client's stdin, the client does it and answers with a line:
 *
 *     (start)                    ready
 *     connect                    connected NS
 *     publish QOS COUNT TOPIC    published NS           all acknowledged
 *     receive QOS COUNT TOPIC    subscribed
 *                                received NS            from the first message to the last
 *     (end of input)             the client disconnects and ends
 *
 * So the harness can look at a client's processor time and memory at any point, the same way for
 * all of them. COUNT is the sum over all connections of the client.
 *
 * QoS 0 has no acknowledgement: the last message of each connection goes with QoS 1, and its
 * acknowledgement shows that the broker has taken those before it.
 */
#ifndef BENCH_COMMON_WORK_H
#define BENCH_COMMON_WORK_H

#include <stdint.h>

/* 64 bytes, as a sensor would write them. */
#define WORK_PAYLOAD       "t=21.50;rh=48.2;p=1013.25;u=3.71;i=0.042;state=running;n=0001234"
#define WORK_PAYLOAD_BYTES (sizeof WORK_PAYLOAD - 1)

/* QoS 1 and 2 publishes unanswered at a time: the modem's limit, libmosquitto's and Mosquitto's
 * default, so everybody's. */
#define WORK_WINDOW 20

#define WORK_TOPIC_BYTES 64

struct work_messages {
    unsigned qos;
    unsigned count;
    char topic[WORK_TOPIC_BYTES];
};

struct work_client {
    void (*connect)(void);
    void (*publish)(const struct work_messages *messages);
    /* Calls work_subscribed(), and work_received() for each message (or some at once). NULL: it
     * cannot receive. */
    void (*receive)(const struct work_messages *messages);
    void (*disconnect)(void);
};

/* Until the end of input. */
void work_run(const struct work_client *client);

void work_subscribed(void);
void work_received(unsigned count);
unsigned work_received_so_far(void);

/* The share of one of `clients` connections. */
unsigned work_share(unsigned count, unsigned clients, unsigned which);

/* The QoS of the message when `left` are still to be published, itself included. */
unsigned work_qos(const struct work_messages *messages, unsigned left);

uint64_t work_now_ns(void);

#endif
