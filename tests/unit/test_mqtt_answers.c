#include "tests/unit/mqtt_fixture.h"

/* ---- late ----------------------------------------------------------------------------------- */

static void expect_late(struct fixture *f, enum mqtt_event_kind kind, uint16_t id, const char *text)
{
    const struct mqtt_event *event = expect_event(f, kind);
    assert_int_equal(event->packet_id, id);
    assert_false(event->acknowledged);
    assert_false(event->reported);
    assert_int_equal(event->failure.stage, IMQTT_STAGE_REQUEST);
    assert_string_equal(event->failure.text, text);
}

static void test_late_answers_have_their_reasons(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    publish(f, 2, "t", "");
    publish(f, 2, "t", "");
    subscribe(f, "f", 0);
    unsubscribe(f, "f");
    forget_sent(f);
    feed(f, "50 02 00 04");
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + TIMEOUT_MS);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_late(f, MQTT_PUBLISHED, 2, "no PUBACK in time");
    expect_late(f, MQTT_PUBLISHED, 3, "no PUBREC in time");
    expect_late(f, MQTT_PUBLISHED, 4, "no PUBCOMP in time");
    expect_late(f, MQTT_SUBSCRIBED, 5, "no SUBACK in time");
    expect_late(f, MQTT_UNSUBSCRIBED, 6, "no UNSUBACK in time");
    expect_no_event(f);
    assert_true(mqtt_client_is_quiet(&f->client));
}

static void test_late_answer_of_a_publish_is_silent(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    publish(f, 2, "t", "");
    publish(f, 2, "t", "");
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    for (uint16_t id = 2; id <= 4; id++)
        expect_published(f, id, false);
    feed(f, "40 02 00 02 50 02 00 03 70 02 00 03");
    expect_sent(f, "62 02 00 03");
    expect_no_event(f);
    feed(f, "40 02 00 04");
    expect_event(f, MQTT_QOS2_PUBACK);
    expect_no_event(f);
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
}

static void test_late_answer_of_a_subscription_is_told(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    subscribe(f, "f", 1);
    unsubscribe(f, "g");
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    expect_event(f, MQTT_SUBSCRIBED);
    expect_event(f, MQTT_UNSUBSCRIBED);
    feed(f, "90 03 00 02 01 B0 02 00 03");
    const struct mqtt_event *event = expect_event(f, MQTT_SUBSCRIBED);
    assert_true(event->acknowledged);
    assert_true(event->reported);
    expect_span(event->filters, "00 01 'f' 01");
    expect_span(event->codes, "01");
    event = expect_event(f, MQTT_UNSUBSCRIBED);
    assert_true(event->reported);
    expect_span(event->filters, "00 01 'g'");
}

static void test_time_begins_when_the_request_was_written(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 3;
    publish(f, 1, "t", "");
    turn(f);
    pass(f, 2 * TIMEOUT_MS);
    expect_no_event(f);
    f->network_room = SIZE_MAX;
    turn(f);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_published(f, 2, false);
}

static void test_pubrec_does_not_start_the_time_anew(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 2, "t", "");
    forget_sent(f);
    pass(f, TIMEOUT_MS - 1);
    feed(f, "50 02 00 02");
    pass(f, 1);
    expect_published(f, 2, false);
}

static void test_each_request_has_its_own_time(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    turn(f);
    pass(f, 1000);
    publish(f, 1, "t", "");
    turn(f);
    pass(f, 1000);
    feed(f, "40 02 00 02");
    expect_published(f, 2, true);
    pass(f, 1999);
    expect_no_event(f);
    pass(f, 1);
    expect_published(f, 3, false);
}

/* ---- the window ----------------------------------------------------------------------------- */

static void test_window_holds_the_next_publish_back(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 1, "t", "y");
    publish(f, 2, "t", "z");
    expect_nothing_sent(f);
    feed(f, "40 02 00 03");
    expect_published(f, 3, true);
    expect_sent(f, "32 06 00 01 't' 00 12 'y'");
    feed(f, "40 02 00 12");
    expect_published(f, 18, true);
    expect_sent(f, "34 06 00 01 't' 00 13 'z'");
}

/* A QoS 2 publish counts until PUBCOMP. */
static void test_window_of_qos2(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 2);
    publish(f, 2, "t", "y");
    feed(f, "50 02 00 02");
    expect_sent(f, "62 02 00 02");
    feed(f, "70 02 00 02");
    expect_published(f, 2, true);
    expect_sent(f, "34 06 00 01 't' 00 12 'y'");
}

static void test_requests_leave_in_order(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 1, "t", "y");
    publish(f, 0, "t", "z");
    subscribe(f, "f", 0);
    expect_nothing_sent(f);
    feed(f, "40 02 00 02");
    expect_sent(f, "32 06 00 01 't' 00 12 'y' 30 04 00 01 't' 'z' 82 06 00 13 00 01 'f' 00");
}

static void test_full_window_holds_only_qos1_and_qos2_back(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 0, "t", "z");
    subscribe(f, "f", 0);
    expect_sent(f, "30 04 00 01 't' 'z' 82 06 00 12 00 01 'f' 00");
}

static void expect_window_late(struct fixture *f)
{
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW; id++)
        expect_late(f, MQTT_PUBLISHED, id, "no PUBACK in time");
}

static void test_late_publishes_keep_their_place_in_the_window(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    pass(f, TIMEOUT_MS);
    expect_window_late(f);
    assert_int_equal(publish(f, 1, "t", "y"), 18);
    expect_nothing_sent(f);
    feed(f, "40 02 00 02");
    expect_sent(f, "32 06 00 01 't' 00 12 'y'");
    expect_no_event(f);
    feed(f, "40 02 00 12");
    expect_published(f, 18, true);
}

static const char stalled[] = "not sent in time: the requests before it are unanswered";

static void test_stall_in_a_clean_session(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 1, "t", "y");
    publish(f, 0, "t", "z");
    subscribe(f, "f", 0);
    unsubscribe(f, "f");
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_window_late(f);
    expect_late(f, MQTT_PUBLISHED, 18, stalled);
    expect_late(f, MQTT_PUBLISHED, 0, stalled);
    expect_late(f, MQTT_SUBSCRIBED, 19, stalled);
    expect_late(f, MQTT_UNSUBSCRIBED, 20, stalled);
    feed(f, "40 02 00 02 40 02 00 03 40 02 00 04");
    expect_nothing_sent(f); /* they are never sent */
    expect_no_event(f);
}

/* What waits is given its own TIMEOUT, and as long as exchanges get ahead it goes on waiting. */
static void test_no_stall_while_something_moves(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 2);
    pass(f, 2000);
    publish(f, 1, "t", "y");
    pass(f, 1000);
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW; id++)
        expect_late(f, MQTT_PUBLISHED, id, "no PUBREC in time");
    pass(f, 1999);
    expect_no_event(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + 1);
    feed(f, "50 02 00 02"); /* an answer that ends nothing */
    forget_sent(f);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_late(f, MQTT_PUBLISHED, 18, stalled);
}

static void test_stall_in_a_kept_session(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    fill_window(f, 1);
    publish(f, 1, "t", "y");
    publish(f, 0, "t", "z");
    publish(f, 2, "t", "w");
    subscribe(f, "f", 0);
    pass(f, TIMEOUT_MS);
    expect_window_late(f);
    expect_late(f, MQTT_PUBLISHED, 18, stalled);
    expect_late(f, MQTT_PUBLISHED, 0, stalled);
    expect_late(f, MQTT_PUBLISHED, 19, stalled);
    expect_late(f, MQTT_SUBSCRIBED, 20, stalled);
    feed(f, "40 02 00 02 40 02 00 03");
    expect_sent(f, "32 06 00 01 't' 00 12 'y' 34 06 00 01 't' 00 13 'w'");
    expect_no_event(f);
    feed(f, "40 02 00 12 50 02 00 13 70 02 00 13");
    expect_no_event(f); /* they had theirs */
}

/* ---- answers that do not fit ---------------------------------------------------------------- */

static void test_answers_to_nothing(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "40 02 00 63 70 02 00 63 90 03 00 63 00 B0 02 00 63 D0 00");
    expect_nothing_sent(f);
    feed(f, "50 02 00 63");
    expect_sent(f, "62 02 00 63");
    feed(f, "62 02 00 63");
    expect_sent(f, "70 02 00 63");
    expect_no_event(f);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_ONLINE);
}

static const char misfit[] = "protocol violation: an answer that does not fit its request";

static uint16_t begin_exchange(struct fixture *f, unsigned kind)
{
    if (kind < 3)
        return publish(f, (uint8_t)(kind == 0 ? 1 : 2), "t", "");
    return kind == 3 ? subscribe(f, "f", 0) : unsubscribe(f, "f");
}

static void test_answers_of_the_wrong_kind(void **state)
{
    struct fixture *f = *state;
    /* for: QoS 1, QoS 2, QoS 2 released, SUBSCRIBE, UNSUBSCRIBE */
    static const char *const wrong[5][5] = {
        {"50 02 00 02", "70 02 00 02", "90 03 00 02 00", "B0 02 00 02", NULL},
        {"70 02 00 02", "90 03 00 02 00", "B0 02 00 02", NULL},
        {"40 02 00 02", "90 03 00 02 00", "B0 02 00 02", NULL},
        {"40 02 00 02", "50 02 00 02", "70 02 00 02", "B0 02 00 02", "90 04 00 02 00 00"},
        {"40 02 00 02", "50 02 00 02", "70 02 00 02", "90 03 00 02 00", NULL},
    };
    for (unsigned kind = 0; kind < 5; kind++)
        for (unsigned i = 0; i < 5 && wrong[kind][i] != NULL; i++) {
            connect_clean(f);
            assert_int_equal(begin_exchange(f, kind), 2);
            forget_sent(f);
            if (kind == 2)
                feed(f, "50 02 00 02");
            feed(f, wrong[kind][i]);
            turn(f);
            assert_false(f->events[f->first_event++].event.acknowledged);
            expect_end(f, IMQTT_STAGE_PEER, misfit);
        }
}

static void test_answer_before_the_request_was_written(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    feed(f, "40 02 00 02");
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_PEER, misfit);
    connect_clean(f);
    f->network_room = 6;
    publish(f, 1, "t", "");
    turn(f);
    feed(f, "40 02 00 02");
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_PEER, misfit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_late_answers_have_their_reasons),
        MQTT_TEST(test_late_answer_of_a_publish_is_silent),
        MQTT_TEST(test_late_answer_of_a_subscription_is_told),
        MQTT_TEST(test_time_begins_when_the_request_was_written),
        MQTT_TEST(test_pubrec_does_not_start_the_time_anew),
        MQTT_TEST(test_each_request_has_its_own_time),
        MQTT_TEST(test_window_holds_the_next_publish_back),
        MQTT_TEST(test_window_of_qos2),
        MQTT_TEST(test_requests_leave_in_order),
        MQTT_TEST(test_full_window_holds_only_qos1_and_qos2_back),
        MQTT_TEST(test_late_publishes_keep_their_place_in_the_window),
        MQTT_TEST(test_stall_in_a_clean_session),
        MQTT_TEST(test_no_stall_while_something_moves),
        MQTT_TEST(test_stall_in_a_kept_session),
        MQTT_TEST(test_answers_to_nothing),
        MQTT_TEST(test_answers_of_the_wrong_kind),
        MQTT_TEST(test_answer_before_the_request_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
