/* mqtt_fixture.h: an MQTT client with a scripted broker, a memory port and a clock, all in memory.
 *
 * Packets are written as text: hex digits, and text between single quotes: "30 05 00 01 't' 'hi'".
 */
#ifndef TESTS_UNIT_MQTT_FIXTURE_H
#define TESTS_UNIT_MQTT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/mqtt/client.h"

#define TAG           7 /* of every publish */
#define TIMEOUT_MS    3000U
#define KEEP_ALIVE_MS 60000U

/* An event, with copies of what its spans showed. */
struct seen {
    struct mqtt_event event;
    char failure[2 * IMQTT_FAILURE_TEXT_BYTES];
    uint8_t bytes[512]; /* the start of topic, payload, filters and codes */
};

struct fixture {
    struct mqtt_client client;
    struct imqtt_network_port network;
    struct imqtt_memory_port memory;
    uint64_t now_ms;

    /* What the client did with its network. */
    uint8_t sent[1 << 18];
    size_t sent_count;
    size_t network_room; /* how many more bytes the network takes */
    unsigned opens, closes, writes;
    char host[64];
    uint16_t port;
    bool tls;

    /* What the client did with its memory. */
    unsigned blocks; /* lent at the moment */
    size_t lent_bytes[IMQTT_MEMORY_PURPOSE_COUNT];
    size_t most_bytes[IMQTT_MEMORY_PURPOSE_COUNT];
    uint32_t refused;  /* a bit for each purpose */
    bool found_secret; /* a block was given back that held the password "secret" */

    /* What happened and was not yet expected. */
    struct seen events[256];
    size_t first_event, event_count;
};

/* Setup and teardown of a test; the teardown fails if memory is still lent. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

#define MQTT_TEST(function)                                                                        \
    cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

/* ---- packets as text ------------------------------------------------------------------------ */

struct bytes {
    uint8_t bytes[2048];
    size_t count;
};

struct bytes bytes_of(const char *text);

/* ---- the broker's side ---------------------------------------------------------------------- */

/* Hands bytes to the client, whole or `step` at a time, and collects the events. */
void feed(struct fixture *f, const char *packets);
void feed_bytes(struct fixture *f, const uint8_t *bytes, size_t count, size_t step);

/* A turn of the loop: events, flush, events. */
void turn(struct fixture *f);

/* Time passes: a turn at each deadline, and one at the end. */
void pass(struct fixture *f, uint64_t ms);
/* It passes, and the program does not run: one turn behind it. */
void stall(struct fixture *f, uint64_t ms);

/* After a turn, exactly these bytes were sent since the last time. */
void expect_sent(struct fixture *f, const char *packets);
void expect_nothing_sent(struct fixture *f);
void forget_sent(struct fixture *f);

/* ---- events --------------------------------------------------------------------------------- */

/* The oldest event that was not yet expected is of this kind. Valid until more happens. */
const struct mqtt_event *expect_event(struct fixture *f, enum mqtt_event_kind kind);
void expect_no_event(struct fixture *f);

/* The request with this id has ended so. */
void expect_published(struct fixture *f, uint16_t packet_id, bool acknowledged);

/* The link has ended for this reason, and the network was closed if the client ended it. */
void expect_end(struct fixture *f, enum imqtt_stage stage, const char *text);

void expect_span(struct span span, const char *text);

/* ---- the owner's side ----------------------------------------------------------------------- */

/* Options of a clean or kept 3.1.1 session as client "c" of host "broker", port 1883. */
struct mqtt_connect clean_options(void);
struct mqtt_connect kept_options(void);

/* Begins to connect; and up to the moment at which CONNACK is due. */
void begin_connect(struct fixture *f, const struct mqtt_connect *options);
void begin_and_open(struct fixture *f, const struct mqtt_connect *options);

/* Connects up to MQTT_CONNECTED. */
void connect_with(struct fixture *f, const struct mqtt_connect *options, bool session_present);
void connect_clean(struct fixture *f);
void connect_kept(struct fixture *f, bool session_present);

/* The network reports the loss of the link. */
void lose_link(struct fixture *f);

/* Returns the packet id. try_publish: false if there was no room. */
uint16_t publish(struct fixture *f, uint8_t qos, const char *topic, const char *payload);
bool try_publish(struct fixture *f, uint8_t qos, size_t payload_bytes, uint16_t *packet_id);
/* As the first requests of a session: IMQTT_WINDOW publishes, which are then sent. */
void fill_window(struct fixture *f, uint8_t qos);

uint16_t subscribe(struct fixture *f, const char *filter, uint8_t qos);
uint16_t unsubscribe(struct fixture *f, const char *filter);

/* The next event is that message. */
static inline void expect_message(struct fixture *f, uint16_t id, uint8_t qos, const char *topic,
                                  const char *payload)
{
    const struct mqtt_event *event = expect_event(f, MQTT_MESSAGE);
    assert_int_equal(event->packet_id, id);
    assert_int_equal(event->qos, qos);
    expect_span(event->topic, topic);
    expect_span(event->payload, payload);
    assert_int_equal(event->payload_bytes, event->payload.count);
}

/* The link breaks, and the modem's owner is told. */
static inline void lose_with_reset(struct fixture *f)
{
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

#endif
