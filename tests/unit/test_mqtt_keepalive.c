#include "tests/unit/mqtt_fixture.h"

static const char no_pingresp[] = "no PINGRESP in time";
#define PINGRESP_MS (TIMEOUT_MS + IMQTT_PINGRESP_GRACE_MS)
#define PINGREQ_MS  (KEEP_ALIVE_MS / 10 * 9)

static void test_silence_is_broken_by_pingreq(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + PINGREQ_MS);
    pass(f, PINGREQ_MS - 1);
    expect_nothing_sent(f);
    pass(f, 1);
    expect_sent(f, "C0 00");
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + PINGRESP_MS);
    feed(f, "D0 00");
    expect_no_event(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + PINGREQ_MS);
    pass(f, PINGREQ_MS);
    expect_sent(f, "C0 00");
}

static void test_what_is_sent_and_answered_needs_no_pingreq(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (uint16_t id = 2; id < 10; id++) {
        pass(f, KEEP_ALIVE_MS / 2);
        publish(f, 1, "t", "");
        turn(f);
        uint8_t puback[] = {0x40, 2, 0, (uint8_t)id};
        assert_int_equal(f->sent_count, 7);
        f->sent_count = 0;
        feed_bytes(f, puback, sizeof puback, sizeof puback);
        expect_published(f, id, true);
    }
}

/* What only goes out proves nothing: a link that died would never be noticed. */
static void test_sending_alone_does_not_keep_a_link(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (unsigned i = 0; i < 5; i++) {
        pass(f, 10000);
        publish(f, 0, "t", "");
        expect_sent(f, "30 03 00 01 't'");
        expect_published(f, 0, true);
    }
    pass(f, PINGREQ_MS - 50000);
    expect_sent(f, "C0 00");
    pass(f, PINGRESP_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

static void test_receiving_alone_does_not_either(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, KEEP_ALIVE_MS / 2);
    feed(f, "30 03 00 01 't'");
    pass(f, KEEP_ALIVE_MS / 2);
    expect_event(f, MQTT_MESSAGE);
    expect_sent(f, "C0 00");
}

static void test_no_pingresp(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, PINGREQ_MS);
    publish(f, 1, "t", "");
    forget_sent(f);
    pass(f, PINGRESP_MS - 1);
    expect_published(f, 2, false); /* late, not lost */
    expect_no_event(f);
    pass(f, 1);
    expect_nothing_sent(f);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

/* Anything else from the broker is no PINGRESP. */
static void test_other_packets_are_no_pingresp(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, PINGREQ_MS);
    feed(f, "30 03 00 01 't'");
    expect_event(f, MQTT_MESSAGE);
    pass(f, PINGRESP_MS);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

static void test_stuck_network_ends_in_the_same_time(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 3;
    publish(f, 0, "t", "");
    turn(f);
    pass(f, PINGREQ_MS);
    expect_published(f, 0, false); /* a broker that does not read puts no report off */
    pass(f, PINGRESP_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

static void test_stuck_network_that_moves_again(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 3;
    publish(f, 0, "t", "");
    turn(f);
    pass(f, PINGREQ_MS);
    expect_published(f, 0, false);
    f->network_room = SIZE_MAX;
    expect_sent(f, "30 03 00 01 't' C0 00");
    expect_no_event(f); /* it is not reported again */
    feed(f, "D0 00");
    pass(f, PINGRESP_MS);
    expect_no_event(f);
}

/* Counted from CONNECT on, however late CONNACK comes [MQTT-3.1.2-23]. */
static void test_keep_alive_counts_from_connect(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    pass(f, TIMEOUT_MS - 1);
    feed(f, "20 02 00 00");
    expect_event(f, MQTT_CONNECTED);
    pass(f, PINGREQ_MS - TIMEOUT_MS);
    expect_nothing_sent(f);
    pass(f, 1);
    expect_sent(f, "C0 00");
}

/* A PINGRESP to a PINGREQ that has not left answers nothing. */
static void test_unasked_pingresps_do_not_keep_a_stuck_link(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 0;
    pass(f, PINGREQ_MS);
    for (unsigned i = 1; i < PINGRESP_MS / 1000; i++) {
        pass(f, 1000);
        feed(f, "D0 00");
        expect_no_event(f);
    }
    pass(f, 1000);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

static void test_no_keep_alive(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    options.packet.keep_alive_s = 0;
    connect_with(f, &options, false);
    assert_int_equal(mqtt_client_next_deadline(&f->client), UINT64_MAX);
    pass(f, 1000 * KEEP_ALIVE_MS);
    expect_nothing_sent(f);
}

static void test_unanswered_pingreq_is_slow(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, PINGREQ_MS);
    pass(f, IMQTT_SLOW_ANSWER_MS);
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
    pass(f, 1);
    assert_true(mqtt_client_is_slow(&f->client, f->now_ms));
    feed(f, "D0 00");
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
}

/* ---- while the owner cannot read ------------------------------------------------------------ */

static void test_pause_stops_the_time_of_answers(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    subscribe(f, "f", 0);
    forget_sent(f);
    pass(f, 1000);
    mqtt_client_pause(&f->client, f->now_ms);
    mqtt_client_pause(&f->client, f->now_ms + 5);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms - 1000 + PINGREQ_MS);
    pass(f, 20000);
    expect_no_event(f);
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
    mqtt_client_resume(&f->client, f->now_ms);
    mqtt_client_resume(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + TIMEOUT_MS - 1000);
    pass(f, TIMEOUT_MS - 1001);
    expect_no_event(f);
    pass(f, 1);
    expect_published(f, 2, false);
    expect_event(f, MQTT_SUBSCRIBED);
}

/* An hour with a host that does not read: the broker hears PINGREQ, and is not given up. */
static void test_pause_does_not_stop_pingreq(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    mqtt_client_pause(&f->client, f->now_ms);
    for (unsigned i = 0; i < 60; i++) {
        pass(f, PINGREQ_MS);
        expect_sent(f, "C0 00");
    }
    expect_no_event(f);
    mqtt_client_resume(&f->client, f->now_ms);
    pass(f, PINGRESP_MS - 1);
    expect_no_event(f);
    feed(f, "D0 00 D0 00 D0 00");
    pass(f, PINGRESP_MS);
    expect_no_event(f);
}

static void test_missing_pingresp_is_noticed_after_a_pause(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, PINGREQ_MS);
    pass(f, 3000);
    mqtt_client_pause(&f->client, f->now_ms);
    pass(f, 50000);
    expect_no_event(f);
    mqtt_client_resume(&f->client, f->now_ms);
    pass(f, PINGRESP_MS - 3001);
    expect_no_event(f);
    pass(f, 1);
    expect_end(f, IMQTT_STAGE_KEEPALIVE, no_pingresp);
}

/* Nor does a buffer of PINGREQs grow when the broker does not read either. */
static void test_pause_with_a_stuck_network(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    mqtt_client_pause(&f->client, f->now_ms);
    f->network_room = 0;
    for (unsigned i = 0; i < 1000; i++)
        pass(f, PINGREQ_MS);
    assert_int_equal(f->client.link.transmit.count, MQTT_EMPTY_BYTES);
    f->network_room = SIZE_MAX;
    expect_sent(f, "C0 00");
}

static void test_pause_stops_the_time_of_connack(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    mqtt_client_pause(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_next_deadline(&f->client), UINT64_MAX);
    pass(f, 60000);
    expect_no_event(f);
    mqtt_client_resume(&f->client, f->now_ms);
    feed(f, "20 02 00 00");
    expect_event(f, MQTT_CONNECTED);
}

static void test_closing_takes_its_time_while_paused(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    mqtt_client_pause(&f->client, f->now_ms);
    f->network_room = 0;
    mqtt_client_disconnect(&f->client, f->now_ms);
    turn(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + TIMEOUT_MS);
    pass(f, TIMEOUT_MS);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_silence_is_broken_by_pingreq),
        MQTT_TEST(test_what_is_sent_and_answered_needs_no_pingreq),
        MQTT_TEST(test_sending_alone_does_not_keep_a_link),
        MQTT_TEST(test_receiving_alone_does_not_either),
        MQTT_TEST(test_no_pingresp),
        MQTT_TEST(test_other_packets_are_no_pingresp),
        MQTT_TEST(test_stuck_network_ends_in_the_same_time),
        MQTT_TEST(test_stuck_network_that_moves_again),
        MQTT_TEST(test_keep_alive_counts_from_connect),
        MQTT_TEST(test_unasked_pingresps_do_not_keep_a_stuck_link),
        MQTT_TEST(test_no_keep_alive),
        MQTT_TEST(test_unanswered_pingreq_is_slow),
        MQTT_TEST(test_pause_stops_the_time_of_answers),
        MQTT_TEST(test_pause_does_not_stop_pingreq),
        MQTT_TEST(test_missing_pingresp_is_noticed_after_a_pause),
        MQTT_TEST(test_pause_with_a_stuck_network),
        MQTT_TEST(test_pause_stops_the_time_of_connack),
        MQTT_TEST(test_closing_takes_its_time_while_paused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
