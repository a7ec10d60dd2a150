#include "tests/unit/mqtt_fixture.h"

/* ---- clean ---------------------------------------------------------------------------------- */

static void test_clean_session_forgets(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "a");
    publish(f, 2, "t", "b");
    forget_sent(f);
    publish(f, 0, "t", "c");
    subscribe(f, "f", 0);
    unsubscribe(f, "f");
    lose_link(f);
    expect_published(f, 2, false);
    expect_published(f, 3, false);
    expect_published(f, 0, false);
    const struct mqtt_event *event = expect_event(f, MQTT_SUBSCRIBED);
    assert_false(event->acknowledged);
    assert_string_equal(event->failure.text, "reset");
    assert_false(expect_event(f, MQTT_UNSUBSCRIBED)->acknowledged);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    assert_int_equal(f->blocks, 0);
    connect_clean(f);
    expect_nothing_sent(f);
    assert_int_equal(publish(f, 1, "t", ""), 2);
}

static void test_clean_session_forgets_a_kept_one(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    lose_link(f);
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_clean(f);
    lose_with_reset(f);
    connect_kept(f, false);
    expect_nothing_sent(f);
    assert_int_equal(publish(f, 1, "t", ""), 2);
}

static void test_qos0_that_was_written_is_not_lost(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 0, "t", "a");
    mqtt_client_flush(&f->client, f->now_ms);
    lose_link(f);
    expect_published(f, 0, true);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void test_requests_reported_as_late_are_not_reported_again(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "a");
    subscribe(f, "f", 0);
    turn(f);
    pass(f, TIMEOUT_MS);
    expect_published(f, 2, false);
    expect_event(f, MQTT_SUBSCRIBED);
    lose_with_reset(f);
}

/* ---- kept ----------------------------------------------------------------------------------- */

static void test_kept_session_sends_again_in_order(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    publish(f, 2, "t", "b");
    publish(f, 2, "t", "c");
    publish(f, 1, "t", "d");
    forget_sent(f);
    feed(f, "50 02 00 04 40 02 00 02");
    expect_published(f, 2, true);
    forget_sent(f);
    publish(f, 1, "t", "e"); /* not written any more */
    lose_link(f);
    for (uint16_t id = 3; id <= 6; id++)
        expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    expect_sent(f, "62 02 00 04 3C 06 00 01 't' 00 03 'b' 3A 06 00 01 't' 00 05 'd'"
                   " 32 06 00 01 't' 00 06 'e'");
    feed(f, "50 02 00 03 70 02 00 04 40 02 00 05 40 02 00 06");
    expect_sent(f, "62 02 00 03");
    feed(f, "70 02 00 03");
    expect_no_event(f); /* each had its event when the link was lost */
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
    assert_int_equal(publish(f, 1, "t", ""), 7);
}

static void test_kept_session_drops_what_mqtt_does_not_keep(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    f->network_room = 0;
    publish(f, 0, "t", "a");
    subscribe(f, "f", 0);
    publish(f, 1, "t", "b");
    unsubscribe(f, "f");
    lose_link(f);
    expect_published(f, 0, false);
    expect_event(f, MQTT_SUBSCRIBED);
    expect_published(f, 3, false);
    expect_event(f, MQTT_UNSUBSCRIBED);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    f->network_room = SIZE_MAX;
    connect_kept(f, true);
    expect_sent(f, "32 06 00 01 't' 00 03 'b'");
}

/* Nobody knows what the broker made of a part of it. */
static void test_half_written_publish_is_a_repetition(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    f->network_room = 1;
    publish(f, 1, "t", "a");
    publish(f, 1, "t", "b");
    turn(f);
    lose_link(f);
    expect_published(f, 2, false);
    expect_published(f, 3, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    f->network_room = SIZE_MAX;
    f->sent_count = 0;
    connect_kept(f, true);
    expect_sent(f, "3A 06 00 01 't' 00 02 'a' 32 06 00 01 't' 00 03 'b'");
}

/* PUBRELs follow the order of PUBREC, however often the link is lost [MQTT-4.6.0-4]. */
static void test_pubrels_follow_the_order_of_pubrec(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    for (uint16_t id = 2; id <= 4; id++)
        publish(f, 2, "t", "a");
    forget_sent(f);
    feed(f, "50 02 00 04 50 02 00 02");
    forget_sent(f);
    lose_link(f);
    for (uint16_t id = 2; id <= 4; id++)
        expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    expect_sent(f, "62 02 00 04 62 02 00 02 3C 06 00 01 't' 00 03 'a'");
    feed(f, "50 02 00 03");
    expect_sent(f, "62 02 00 03");
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    expect_sent(f, "62 02 00 04 62 02 00 02 62 02 00 03");
    feed(f, "70 02 00 04 70 02 00 02 70 02 00 03");
    expect_no_event(f);
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
    assert_int_equal(f->client.delivery.unanswered, 0);
}

static void expect_blamed(struct fixture *f, const char *text)
{
    connect_kept(f, true);
    forget_sent(f);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, text);
}

/* As one over the broker's limit is, which it never says. */
static void test_a_publish_that_ends_every_connection_is_named(void **state)
{
    static const char named[] =
        "message 3 of 8 bytes ended 3 connections; connecting once with CLEAN,1 drops it";
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 2, "t", "a");
    publish(f, 1, "t", "b");
    forget_sent(f);
    feed(f, "50 02 00 02");
    lose_link(f);
    expect_published(f, 2, false);
    expect_published(f, 3, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset"); /* it was new */
    expect_blamed(f, "reset");
    expect_blamed(f, "reset");
    expect_blamed(f, named);
    expect_blamed(f, named);
    connect_kept(f, true);
    forget_sent(f);
    feed(f, "40 02 00 03");
    lose_with_reset(f);
    expect_blamed(f, "reset");
    connect_clean(f);
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
}

static void test_sent_again_more_than_once(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    forget_sent(f);
    lose_link(f);
    expect_published(f, 2, false);
    for (unsigned i = 0; i < 3; i++) {
        expect_end(f, IMQTT_STAGE_TCP, "reset");
        connect_kept(f, true);
        expect_sent(f, "3A 06 00 01 't' 00 02 'a'");
        mqtt_client_abort(&f->client, &(struct imqtt_failure){IMQTT_STAGE_TCP, 0, "reset"});
    }
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void test_kept_session_outlives_failed_attempts(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    forget_sent(f);
    lose_link(f);
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    assert_true(mqtt_client_connect(&f->client, &options, f->now_ms));
    lose_with_reset(f);
    begin_and_open(f, &options);
    feed(f, "20 02 00 03");
    expect_end(f, IMQTT_STAGE_CONNACK, "refused: server unavailable");
    connect_kept(f, true);
    expect_sent(f, "3A 06 00 01 't' 00 02 'a'");
}

static void test_kept_session_outlives_disconnect(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 2, "t", "a");
    forget_sent(f);
    feed(f, "50 02 00 02");
    forget_sent(f);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_sent(f, "E0 00");
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_NONE, "");
    connect_kept(f, true);
    expect_sent(f, "62 02 00 02");
    feed(f, "70 02 00 02");
    expect_no_event(f);
}

/* The broker has no session: what is not finished is sent again, PUBREL too. */
static void test_broker_without_the_session(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    publish(f, 2, "t", "a");
    publish(f, 2, "t", "b");
    publish(f, 1, "t", "c");
    forget_sent(f);
    feed(f, "50 02 00 02 34 05 00 01 't' 00 09");
    expect_event(f, MQTT_MESSAGE);
    lose_link(f);
    for (uint16_t id = 2; id <= 4; id++)
        expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, false);
    expect_sent(f, "62 02 00 02 3C 06 00 01 't' 00 03 'b' 3A 06 00 01 't' 00 04 'c'");
    feed(f, "34 05 00 01 't' 00 09"); /* a new message with an old id */
    expect_event(f, MQTT_MESSAGE);
}

/* A broker may repeat its answer in the same breath as CONNACK, before anything is sent again. */
static void test_answers_before_the_repetition(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    publish(f, 2, "t", "b");
    publish(f, 2, "t", "c");
    forget_sent(f);
    feed(f, "50 02 00 04");
    forget_sent(f);
    publish(f, 1, "t", "d"); /* never written */
    lose_link(f);
    for (uint16_t id = 2; id <= 5; id++)
        expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    begin_and_open(f, &options);
    feed(f, "20 02 01 00 40 02 00 02 50 02 00 03 70 02 00 04");
    expect_event(f, MQTT_CONNECTED);
    expect_sent(f, "62 02 00 04 62 02 00 03 32 06 00 01 't' 00 05 'd'");
    feed(f, "70 02 00 03 40 02 00 05");
    expect_no_event(f);
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
    assert_int_equal(f->client.delivery.unanswered, 0);
}

static void test_more_than_a_window_is_kept(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    for (unsigned i = 0; i < IMQTT_WINDOW + 2; i++)
        publish(f, 1, "t", "x");
    forget_sent(f);
    lose_link(f);
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW + 2; id++)
        expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    turn(f);
    assert_int_equal(f->sent_count, IMQTT_WINDOW * 8);
    assert_int_equal(f->sent[0], 0x3A);
    f->sent_count = 0;
    assert_int_equal(publish(f, 1, "t", "y"), 20);
    feed(f, "40 02 00 02 40 02 00 03 40 02 00 04");
    expect_sent(f, "32 06 00 01 't' 00 12 'x' 32 06 00 01 't' 00 13 'x' 32 06 00 01 't' 00 14 'y'");
    feed(f, "40 02 00 14");
    expect_published(f, 20, true);
    expect_no_event(f);
}

/* The rest of a kept session that the broker never finishes has no deadline, but a place. */
static void test_resent_publishes_are_not_late_again(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    struct bytes connack = bytes_of("20 02 01 00");
    struct span in = span_of(connack.bytes, connack.count);
    struct mqtt_event event;
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    publish(f, 1, "t", "b");
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    expect_published(f, 2, false);
    expect_published(f, 3, false);
    lose_with_reset(f);
    begin_and_open(f, &options);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_true(mqtt_client_is_quiet(&f->client)); /* nobody waits for these any more */
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    expect_no_event(f);
    publish(f, 1, "t", "c");
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    expect_published(f, 4, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_clean_session_forgets),
        MQTT_TEST(test_clean_session_forgets_a_kept_one),
        MQTT_TEST(test_qos0_that_was_written_is_not_lost),
        MQTT_TEST(test_requests_reported_as_late_are_not_reported_again),
        MQTT_TEST(test_kept_session_sends_again_in_order),
        MQTT_TEST(test_kept_session_drops_what_mqtt_does_not_keep),
        MQTT_TEST(test_half_written_publish_is_a_repetition),
        MQTT_TEST(test_pubrels_follow_the_order_of_pubrec),
        MQTT_TEST(test_a_publish_that_ends_every_connection_is_named),
        MQTT_TEST(test_sent_again_more_than_once),
        MQTT_TEST(test_kept_session_outlives_failed_attempts),
        MQTT_TEST(test_kept_session_outlives_disconnect),
        MQTT_TEST(test_broker_without_the_session),
        MQTT_TEST(test_answers_before_the_repetition),
        MQTT_TEST(test_more_than_a_window_is_kept),
        MQTT_TEST(test_resent_publishes_are_not_late_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
