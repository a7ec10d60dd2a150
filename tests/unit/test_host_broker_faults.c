/* Faults on the link to the broker, on a socket pair in a real loop: the modem's end is a channel,
 * the broker's end is the test. */
#include "tests/unit/host_store_fixture.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/broker_faults.h"
#include "host/net/channel_tcp.h"

#define WAIT_MS 5000 /* for what must come */

struct bench {
    struct loop loop;
    struct fault_set set;
    struct linger_room room;
    struct channel *channel;
    int broker;
    uint8_t got[4096]; /* by the modem */
    size_t count;
    enum channel_outcome outcome;
    bool is_late;
    struct alarm *alarm;
};

static void on_ready(void *owner, bool input, bool room)
{
    struct bench *bench = owner;
    size_t count;
    (void)room;
    if (!input)
        return;
    uv_stop(&bench->loop.uv); /* so that this turn does not wait after it */
    bench->outcome = channel_read(bench->channel, bench->got + bench->count,
                                  sizeof bench->got - bench->count, &count);
    bench->count += count;
    if (bench->outcome == CHANNEL_CLOSED || bench->outcome == CHANNEL_FAILED)
        channel_watch(bench->channel, false, false);
}

static void give_up(void *owner)
{
    struct bench *bench = owner;
    bench->is_late = true;
    uv_stop(&bench->loop.uv); /* libuv would wait after its timers */
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    int ends[2];
    loop_init(&bench->loop);
    fault_set_init(&bench->set, &bench->loop);
    bench->alarm = alarm_new(&bench->loop, give_up, bench);
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    bench->broker = ends[1];
    struct channel_socket socket = {&bench->loop, &bench->room, NULL};
    socket.stream = stream_open(&bench->loop, ends[0], NULL, NULL);
    struct channel *inner = channel_tcp_new(&socket);
    static const struct broker_streams beginning;
    bench->channel = broker_faults_wrap(inner, &bench->set, &beginning);
    channel_hand_over(bench->channel, on_ready, bench);
    channel_watch(bench->channel, true, false);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    channel_close(bench->channel, CHANNEL_DROPS);
    alarm_end(bench->alarm);
    fault_set_end(&bench->set);
    close(bench->broker);
    uv_run(&bench->loop.uv,
           UV_RUN_NOWAIT); /* a stop that was asked for outside of a turn is over */
    loop_close(&bench->loop);
    free(bench);
    return 0;
}

static void add(struct bench *bench, const char *line)
{
    struct fault fault;
    struct fault_problem problem;
    if (!fault_parse(&fault, line, &problem) || !fault_set_add(&bench->set, &fault, &problem))
        fail_msg("'%s': %s", line, problem.text);
}

static void run_until(struct bench *bench, size_t count)
{
    bench->is_late = false;
    alarm_set(bench->alarm, WAIT_MS);
    while (bench->count < count && !bench->is_late)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    alarm_stop(bench->alarm);
    if (bench->is_late)
        fail_msg("%zu bytes came, not %zu", bench->count, count);
}

static void run_to_the_end(struct bench *bench)
{
    alarm_set(bench->alarm, WAIT_MS);
    while (bench->outcome != CHANNEL_CLOSED && bench->outcome != CHANNEL_FAILED && !bench->is_late)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    alarm_stop(bench->alarm);
    assert_false(bench->is_late);
}

static void run_for(struct bench *bench, uint64_t ms)
{
    bench->is_late = false;
    alarm_set(bench->alarm, ms);
    while (!bench->is_late)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
}

static void say(struct bench *bench, const void *bytes, size_t count)
{
    assert_int_equal(write(bench->broker, bytes, count), (ssize_t)count);
}

static void assert_got(const struct bench *bench, const void *bytes, size_t count)
{
    assert_int_equal(bench->count, count);
    assert_memory_equal(bench->got, bytes, count);
}

static void send_up(struct bench *bench, const void *bytes, size_t count)
{
    size_t taken;
    channel_write(bench->channel, bytes, count, &taken);
    assert_int_equal(taken, count);
}

static size_t heard(struct bench *bench, void *bytes, size_t room)
{
    ssize_t got = recv(bench->broker, bytes, room, MSG_DONTWAIT);
    return got > 0 ? (size_t)got : 0;
}

#define PUBLISH_QOS1                                                                               \
    "\x32\x08\x00\x01"                                                                             \
    "a\x00\x07xyz"
#define PUBLISH_DUP                                                                                \
    "\x3a\x08\x00\x01"                                                                             \
    "a\x00\x07xyz"
#define PUBLISH_QOS0                                                                               \
    "\x30\x06\x00\x01"                                                                             \
    "axyz"
#define CONNACK     "\x20\x02\x01\x00"
#define PUBACK      "\x40\x02\x00\x07"
#define PINGRESP    "\xd0\x00"
#define BYTES(text) (text), sizeof(text) - 1

/* ---- the tests ------------------------------------------------------------------------------ */

static void without_a_fault_everything_passes(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[16];
    say(bench, BYTES(CONNACK PUBLISH_QOS1));
    run_until(bench, 14);
    assert_got(bench, BYTES(CONNACK PUBLISH_QOS1));
    send_up(bench, BYTES(PUBACK));
    assert_int_equal(heard(bench, bytes, sizeof bytes), 4);
}

static void latency_delays_both_ways(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[16];
    uint64_t begin_ms = loop_now_ms(&bench->loop);
    add(bench, "latency link=broker latency=60ms");
    say(bench, BYTES(PINGRESP));
    send_up(bench, BYTES(PUBACK));
    assert_int_equal(heard(bench, bytes, sizeof bytes), 0);
    run_until(bench, 2);
    assert_true(loop_now_ms(&bench->loop) - begin_ms >= 60);
    run_for(bench, 1);
    assert_int_equal(heard(bench, bytes, sizeof bytes), 4);
}

static void jitter_keeps_the_order(void **state)
{
    struct bench *bench = *state;
    char expected[200];
    add(bench, "latency link=broker latency=10ms jitter=10ms seed=1");
    for (int i = 0; i < 50; i++) {
        memcpy(expected + 4 * i, "\x40\x02\x00", 3);
        expected[4 * i + 3] = (char)(i + 1);
        say(bench, expected + 4 * i, 4);
    }
    run_until(bench, 200);
    assert_got(bench, expected, 200);
}

static void bandwidth_sets_the_pace(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[200] = {0x30, 0xc5, 0x01};
    uint64_t begin_ms = loop_now_ms(&bench->loop);
    add(bench, "bandwidth link=broker bytes_per_s=2000");
    say(bench, bytes, sizeof bytes);
    run_until(bench, sizeof bytes);
    assert_true(loop_now_ms(&bench->loop) - begin_ms >= 95);
}

static void a_slicer_makes_small_pieces(void **state)
{
    struct bench *bench = *state;
    uint64_t begin_ms = loop_now_ms(&bench->loop);
    add(bench, "slicer link=broker bytes=3 delay=10ms");
    say(bench, BYTES(PUBLISH_QOS1));
    run_until(bench, 10);
    assert_got(bench, BYTES(PUBLISH_QOS1));
    assert_true(loop_now_ms(&bench->loop) - begin_ms >= 30); /* header 2, body 3, 3, 2 */
}

static void a_stall_holds_until_it_is_removed(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[16];
    add(bench, "stall link=broker name=hole");
    say(bench, BYTES(PUBLISH_QOS1));
    send_up(bench, BYTES(PUBACK));
    run_for(bench, 30);
    assert_int_equal(bench->count, 0);
    assert_int_equal(heard(bench, bytes, sizeof bytes), 0);
    assert_true(fault_set_remove(&bench->set, "hole"));
    run_until(bench, 10);
    assert_got(bench, BYTES(PUBLISH_QOS1));
    assert_int_equal(heard(bench, bytes, sizeof bytes), 4);
}

static void a_stall_is_a_link_with_an_end(void **state)
{
    struct bench *bench = *state;
    static uint8_t bytes[65536];
    size_t taken, sum = 0;
    enum channel_outcome outcome;
    add(bench, "stall link=broker stream=up");
    do {
        outcome = channel_write(bench->channel, bytes, sizeof bytes, &taken);
        sum += taken;
    } while (outcome == CHANNEL_DONE);
    assert_int_equal(outcome, CHANNEL_WAITS);
    assert_in_range(sum, 200000, 400000);
}

static void a_cut_comes_at_its_byte(void **state)
{
    struct bench *bench = *state;
    add(bench, "cut link=broker stream=down after_bytes=7");
    say(bench, BYTES(CONNACK PUBLISH_QOS1));
    run_to_the_end(bench);
    assert_got(bench, CONNACK PUBLISH_QOS1, 7);
    assert_int_equal(bench->outcome, CHANNEL_FAILED);
    assert_int_equal(bench->channel->failure.code, ECONNRESET);
}

static void a_cut_of_what_goes_up(void **state)
{
    struct bench *bench = *state;
    uint8_t bytes[16];
    size_t taken;
    add(bench, "cut link=broker stream=up after_bytes=3 how=fin");
    assert_int_equal(channel_write(bench->channel, PUBACK, 4, &taken), CHANNEL_FAILED);
    assert_int_equal(heard(bench, bytes, sizeof bytes), 3);
    run_to_the_end(bench);
    assert_int_equal(bench->outcome, CHANNEL_CLOSED);
    assert_int_equal(recv(bench->broker, bytes, sizeof bytes, 0), 0);
}

static void a_cut_at_once(void **state)
{
    struct bench *bench = *state;
    add(bench, "cut link=broker");
    run_to_the_end(bench);
    assert_int_equal(bench->count, 0);
}

static void a_packet_is_withheld(void **state)
{
    struct bench *bench = *state;
    add(bench, "withhold packet=PUBACK count=1");
    say(bench, BYTES(PUBACK PINGRESP));
    run_until(bench, 2);
    say(bench, BYTES(PUBACK));
    run_until(bench, 6);
    assert_got(bench, BYTES(PINGRESP PUBACK));
}

static void a_publish_comes_twice(void **state)
{
    struct bench *bench = *state;
    add(bench, "duplicate");
    say(bench, BYTES(PUBLISH_QOS1 PUBLISH_QOS0));
    run_until(bench, 36);
    assert_got(bench, BYTES(PUBLISH_QOS1 PUBLISH_DUP PUBLISH_QOS0 PUBLISH_QOS0));
}

static void a_connack_refuses(void **state)
{
    struct bench *bench = *state;
    add(bench, "refuse stage=connack code=3");
    say(bench, BYTES("\x20"));
    run_for(bench, 5);
    say(bench, BYTES("\x02\x01"));
    run_for(bench, 5);
    say(bench, BYTES("\x00"));
    run_until(bench, 4);
    assert_got(bench, BYTES("\x20\x02\x00\x03"));
}

/* The same however the bytes come in pieces. */
static void the_same_seed_strikes_the_same_packets(void **state)
{
    struct bench *bench = *state;
    uint8_t first[200];
    size_t count = 0;
    for (int round = 0; round < 2; round++) {
        fault_set_reset(&bench->set);
        add(bench, "withhold packet=PUBACK toxicity=0.5 seed=9");
        bench->count = 0;
        for (uint8_t i = 0; i < 40; i++) {
            const uint8_t ack[] = {0x40, 2, 0, i};
            say(bench, ack, round == 0 ? 4 : 1);
            run_for(bench, round);
            if (round == 1)
                say(bench, ack + 1, 3);
        }
        say(bench, BYTES(PINGRESP));
        while (bench->count < 2 || bench->got[bench->count - 2] != 0xd0)
            run_until(bench, bench->count + 1);
        if (round == 0)
            memcpy(first, bench->got, count = bench->count);
    }
    assert_in_range(count, 50, 110);
    assert_got(bench, first, count);
}

static void a_connection_that_stands_in_a_packet(void **state)
{
    struct bench *bench = *state;
    struct broker_streams streams = {0};
    int ends[2];
    mqtt_frames_skip(&streams.down, (const uint8_t *)"\x40\x02\x00", 3);
    channel_close(bench->channel, CHANNEL_DROPS);
    close(bench->broker);
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    bench->broker = ends[1];
    struct channel_socket socket = {&bench->loop, &bench->room,
                                    stream_open(&bench->loop, ends[0], NULL, NULL)};
    bench->channel = broker_faults_wrap(channel_tcp_new(&socket), &bench->set, &streams);
    channel_hand_over(bench->channel, on_ready, bench);
    channel_watch(bench->channel, true, false);
    add(bench, "withhold packet=PUBACK");
    say(bench, BYTES("\x07" PUBACK PINGRESP));
    run_until(bench, 3);
    assert_got(bench, BYTES("\x07" PINGRESP));
}

static void what_is_no_mqtt_passes_as_it_is(void **state)
{
    struct bench *bench = *state;
    add(bench, "withhold packet=PUBACK");
    say(bench, BYTES("\xff\xff\xff\xff\xff" PUBACK));
    run_until(bench, 9);
    assert_got(bench, BYTES("\xff\xff\xff\xff\xff" PUBACK));
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(without_a_fault_everything_passes),
        FAULT_TEST(latency_delays_both_ways),
        FAULT_TEST(jitter_keeps_the_order),
        FAULT_TEST(bandwidth_sets_the_pace),
        FAULT_TEST(a_slicer_makes_small_pieces),
        FAULT_TEST(a_stall_holds_until_it_is_removed),
        FAULT_TEST(a_stall_is_a_link_with_an_end),
        FAULT_TEST(a_cut_comes_at_its_byte),
        FAULT_TEST(a_cut_of_what_goes_up),
        FAULT_TEST(a_cut_at_once),
        FAULT_TEST(a_packet_is_withheld),
        FAULT_TEST(a_publish_comes_twice),
        FAULT_TEST(a_connack_refuses),
        FAULT_TEST(the_same_seed_strikes_the_same_packets),
        FAULT_TEST(a_connection_that_stands_in_a_packet),
        FAULT_TEST(what_is_no_mqtt_passes_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
