/* Nothing that a broker does puts a report off, and nothing that came in time is late. */
#include "tests/unit/mqtt_fixture.h"

static const char stalled[] = "not sent in time: the requests before it are unanswered";

static void expect_late(struct fixture *f, uint16_t packet_id, const char *text)
{
    const struct mqtt_event *event = expect_event(f, MQTT_PUBLISHED);
    assert_int_equal(event->packet_id, packet_id);
    assert_false(event->acknowledged);
    assert_string_equal(event->failure.text, text);
}

static void expect_window_late(struct fixture *f, const char *text)
{
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW; id++)
        expect_late(f, id, text);
}

/* ---- what is no progress -------------------------------------------------------------------- */

static void send_for_a_timeout(struct fixture *f, const char *packets)
{
    for (unsigned ms = 0; ms < TIMEOUT_MS; ms += 100) {
        feed(f, packets);
        pass(f, 100);
    }
}

static void expect_no_progress_by(struct fixture *f, uint8_t qos, const char *packets)
{
    connect_clean(f);
    fill_window(f, qos);
    publish(f, 1, "t", "waits");
    send_for_a_timeout(f, packets);
    expect_window_late(f, qos == 1 ? "no PUBACK in time" : "no PUBREC in time");
    expect_late(f, 2 + IMQTT_WINDOW, stalled);
}

static void test_answers_to_nothing_are_no_progress(void **state)
{
    expect_no_progress_by(*state, 1, "40 02 77 77 50 02 77 77 70 02 77 77");
}

static void test_pingresps_are_no_progress(void **state)
{
    expect_no_progress_by(*state, 2, "D0 00");
}

static void test_repeated_pubrecs_are_no_progress(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 2);
    feed(f, "50 02 00 02");
    publish(f, 1, "t", "waits");
    send_for_a_timeout(f, "50 02 00 02");
    expect_late(f, 2, "no PUBCOMP in time");
    for (uint16_t id = 3; id < 2 + IMQTT_WINDOW; id++)
        expect_late(f, id, "no PUBREC in time");
    expect_late(f, 2 + IMQTT_WINDOW, stalled);
}

static void test_messages_are_no_progress(void **state)
{
    struct fixture *f = *state;
    struct mqtt_event event;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 1, "t", "waits");
    for (unsigned ms = 0; ms < TIMEOUT_MS; ms += 100) {
        struct bytes message = bytes_of("32 05 00 01 't' 00 01");
        struct span in = span_of(message.bytes, message.count);
        assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
        mqtt_client_acknowledge(&f->client, 1, 1);
        pass(f, 100);
    }
    expect_window_late(f, "no PUBACK in time");
    expect_late(f, 2 + IMQTT_WINDOW, stalled);
}

/* One answer within each TIMEOUT: what waits behind moves on, but is not put off for ever. */
static void test_a_request_waits_for_its_turn_so_long(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    for (unsigned i = 0; i < IMQTT_WINDOW; i++)
        publish(f, 1, "t", "waits");
    uint64_t begin_ms = f->now_ms;
    for (uint8_t id = 2; f->now_ms < begin_ms + IMQTT_QUEUE_TIMEOUT_MS - 2000; id++) {
        uint8_t puback[] = {0x40, 2, 0, id};
        pass(f, 2000);
        feed_bytes(f, puback, sizeof puback, sizeof puback);
    }
    pass(f, 2000);
    unsigned reports = 0;
    while (f->first_event < f->event_count) {
        assert_int_equal(f->events[f->first_event++].event.kind, MQTT_PUBLISHED);
        reports++;
    }
    assert_int_equal(reports, 2 * IMQTT_WINDOW);
}

static void test_a_broker_that_does_not_read_puts_no_report_off(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 0;
    publish(f, 0, "t", "a");
    publish(f, 1, "t", "b");
    turn(f);
    pass(f, IMQTT_QUEUE_TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_late(f, 0, "not sent in time: the broker does not read");
    expect_late(f, 2, "not sent in time: the broker does not read");
    assert_true(mqtt_client_next_deadline(&f->client) > f->now_ms);
    f->network_room = SIZE_MAX;
    expect_sent(f, "30 04 00 01 't' 'a' 32 06 00 01 't' 00 02 'b'");
    feed(f, "40 02 00 02");
    expect_no_event(f);
    assert_true(outbox_is_empty(&f->client.delivery.outbox));
}

/* ---- after a stall -------------------------------------------------------------------------- */

static void test_an_answer_that_lay_unread_is_not_late(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "a");
    publish(f, 1, "t", "b");
    subscribe(f, "f", 0);
    forget_sent(f);
    stall(f, 10 * TIMEOUT_MS);
    expect_no_event(f);
    feed(f, "40 02 00 02 90 03 00 04 00");
    expect_published(f, 2, true);
    assert_true(expect_event(f, MQTT_SUBSCRIBED)->acknowledged);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + IMQTT_STALL_READ_MS);
    pass(f, IMQTT_STALL_READ_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_late(f, 3, "no PUBACK in time");
}

/* A program whose every turn takes long has read in between. */
static void test_a_deadline_is_put_off_once(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "a");
    forget_sent(f);
    stall(f, 2 * TIMEOUT_MS);
    expect_no_event(f);
    stall(f, 2 * TIMEOUT_MS);
    expect_late(f, 2, "no PUBACK in time");
    publish(f, 1, "t", "b");
    forget_sent(f);
    stall(f, 2 * TIMEOUT_MS); /* another one */
    expect_no_event(f);
    feed(f, "40 02 00 03");
    expect_published(f, 3, true);
}

static void test_a_deadline_that_is_met_is_not_put_off(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "a");
    forget_sent(f);
    stall(f, TIMEOUT_MS + IMQTT_STALL_MS - 1);
    expect_late(f, 2, "no PUBACK in time");
}

static void test_connack_that_lay_unread(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_connect(f, &options);
    stall(f, 2 * IMQTT_OPEN_TIMEOUT_MS);
    expect_no_event(f);
    mqtt_client_opened(&f->client, f->now_ms);
    forget_sent(f);
    stall(f, 2 * TIMEOUT_MS);
    expect_no_event(f);
    feed(f, "20 02 00 00");
    expect_event(f, MQTT_CONNECTED);
}

static void test_pingresp_that_lay_unread(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    pass(f, KEEP_ALIVE_MS);
    forget_sent(f);
    stall(f, KEEP_ALIVE_MS);
    expect_no_event(f);
    feed(f, "D0 00");
    pass(f, IMQTT_STALL_READ_MS);
    expect_no_event(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_answers_to_nothing_are_no_progress),
        MQTT_TEST(test_pingresps_are_no_progress),
        MQTT_TEST(test_repeated_pubrecs_are_no_progress),
        MQTT_TEST(test_messages_are_no_progress),
        MQTT_TEST(test_a_request_waits_for_its_turn_so_long),
        MQTT_TEST(test_a_broker_that_does_not_read_puts_no_report_off),
        MQTT_TEST(test_an_answer_that_lay_unread_is_not_late),
        MQTT_TEST(test_a_deadline_is_put_off_once),
        MQTT_TEST(test_a_deadline_that_is_met_is_not_put_off),
        MQTT_TEST(test_connack_that_lay_unread),
        MQTT_TEST(test_pingresp_that_lay_unread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
