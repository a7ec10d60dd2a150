#include "tests/unit/mqtt_fixture.h"

/* ---- publishing ----------------------------------------------------------------------------- */

static void test_qos0_ends_when_it_was_written(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_int_equal(publish(f, 0, "t", "hi"), 0);
    f->network_room = 6;
    expect_sent(f, "30 05 00 01 't' 'h'");
    expect_no_event(f);
    f->network_room = 1;
    expect_sent(f, "'i'");
    expect_published(f, 0, true);
    expect_no_event(f);
}

static void test_qos1(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_int_equal(publish(f, 1, "a/b", "hi"), 2);
    expect_sent(f, "32 09 00 03 'a/b' 00 02 'hi'");
    expect_no_event(f);
    feed(f, "40 02 00 02");
    expect_published(f, 2, true);
    expect_nothing_sent(f);
}

static void test_qos2(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_int_equal(publish(f, 2, "a/b", "hi"), 2);
    expect_sent(f, "34 09 00 03 'a/b' 00 02 'hi'");
    feed(f, "50 02 00 02");
    expect_sent(f, "62 02 00 02");
    expect_no_event(f);
    feed(f, "70 02 00 02");
    expect_published(f, 2, true);
    expect_nothing_sent(f);
}

static void test_repeated_pubrec_gets_pubrel_again(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 2, "t", "");
    forget_sent(f);
    feed(f, "50 02 00 02 50 02 00 02");
    expect_sent(f, "62 02 00 02 62 02 00 02");
    feed(f, "70 02 00 02");
    expect_published(f, 2, true);
}

static void test_pubrec_frees_the_payload(void **state)
{
    struct fixture *f = *state;
    uint16_t id, more = 0;
    connect_clean(f);
    for (unsigned i = 0; i < 3; i++)
        assert_true(try_publish(f, 2, 10000, &id));
    forget_sent(f);
    assert_false(try_publish(f, 2, 10000, &id));
    feed(f, "50 02 00 02 50 02 00 03");
    assert_true(try_publish(f, 2, 10000, &more));
    assert_int_equal(more, 5);
}

static void test_qos2_answered_by_puback(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 2, "t", "");
    forget_sent(f);
    feed(f, "40 02 00 02");
    const struct mqtt_event *event = expect_event(f, MQTT_QOS2_PUBACK);
    assert_int_equal(event->packet_id, 2);
    expect_published(f, 2, true);
    expect_no_event(f);
    expect_nothing_sent(f);
}

/* Its owner need not drain mqtt_client_next() for the order to be kept. */
static void test_qos2_answered_by_puback_then_more(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("40 02 00 02 40 02 00 03");
    struct span in = span_of(bytes.bytes, bytes.count);
    struct mqtt_event event;
    connect_clean(f);
    publish(f, 2, "t", "");
    publish(f, 1, "t", "");
    forget_sent(f);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(event.kind, MQTT_QOS2_PUBACK);
    assert_int_equal(mqtt_client_next_deadline(&f->client), 0);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(event.packet_id, 2);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(event.packet_id, 3);
    assert_int_equal(in.count, 0);
}

static void test_qos2_answered_by_puback_then_lost(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("40 02 00 02");
    struct span in = span_of(bytes.bytes, bytes.count);
    struct mqtt_event event;
    connect_clean(f);
    publish(f, 2, "t", "");
    forget_sent(f);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    lose_link(f);
    expect_published(f, 2, true);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void test_retained(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.qos = 1, .retained = true, .topic_bytes = 1};
    connect_clean(f);
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    out_text(&draft.topic, "t");
    mqtt_client_commit(&f->client, f->now_ms);
    expect_sent(f, "33 05 00 01 't' 00 02");
}

static void test_payload_of_every_byte(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.topic_bytes = 1, .payload_bytes = 256};
    connect_clean(f);
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    out_text(&draft.topic, "t");
    for (unsigned i = 0; i < 256; i++)
        out_u8(&draft.payload, (uint8_t)i);
    assert_int_equal(out_room(&draft.payload), 0);
    mqtt_client_commit(&f->client, f->now_ms);
    turn(f);
    assert_int_equal(f->sent_count, 3 + 3 + 256);
    for (unsigned i = 0; i < 256; i++)
        assert_int_equal(f->sent[6 + i], i);
}

static void test_abandoned_draft_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.qos = 1, .topic_bytes = 1};
    connect_clean(f);
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    assert_false(mqtt_client_begin_publish(&f->client, &options, &draft));
    assert_false(mqtt_client_begin_subscribe(&f->client, 4, &draft));
    mqtt_client_abandon(&f->client);
    expect_nothing_sent(f);
    expect_no_event(f);
    assert_int_equal(publish(f, 1, "t", ""), 2);
}

static void test_draft_may_take_its_time(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.qos = 1, .topic_bytes = 1, .payload_bytes = 2};
    connect_clean(f);
    publish(f, 1, "t", "x");
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    out_text(&draft.topic, "t");
    out_text(&draft.payload, "a");
    expect_sent(f, "32 06 00 01 't' 00 02 'x'");
    feed(f, "40 02 00 02 30 03 00 01 'm'");
    expect_published(f, 2, true);
    expect_event(f, MQTT_MESSAGE);
    pass(f, 20000);
    out_text(&draft.payload, "b");
    assert_int_equal(mqtt_client_commit(&f->client, f->now_ms), 3);
    expect_sent(f, "32 07 00 01 't' 00 03 'ab'");
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
}

/* ---- packet ids ----------------------------------------------------------------------------- */

static void acknowledge_id(struct fixture *f, uint16_t id)
{
    uint8_t puback[] = {0x40, 0x02, (uint8_t)(id >> 8), (uint8_t)id};
    feed_bytes(f, puback, sizeof puback, sizeof puback);
}

static void test_70000_publishes_never_share_an_id(void **state)
{
    struct fixture *f = *state;
    uint16_t expected = 2;
    connect_clean(f);
    uint16_t stuck = publish(f, 1, "t", "");
    forget_sent(f);
    pass(f, TIMEOUT_MS);
    expect_published(f, stuck, false);
    for (uint32_t i = 0; i < 70000; i++) {
        uint16_t id = publish(f, 1, "t", "");
        expected = expected == UINT16_MAX ? 1 : expected + 1;
        if (expected == stuck)
            expected++;
        assert_int_equal(id, expected);
        forget_sent(f);
        acknowledge_id(f, id);
        expect_published(f, id, true);
    }
    acknowledge_id(f, stuck);
    expect_no_event(f);
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_OUTBOX], 256);
}

/* ---- subscriptions -------------------------------------------------------------------------- */

static void test_subscribe_with_several_filters(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    connect_clean(f);
    assert_true(mqtt_client_begin_subscribe(&f->client, 4 + 6, &draft));
    packet_begin_filter(&draft.payload, 1);
    out_text(&draft.payload, "a");
    out_u8(&draft.payload, 1);
    packet_begin_filter(&draft.payload, 3);
    out_text(&draft.payload, "b/#");
    out_u8(&draft.payload, 0);
    assert_int_equal(mqtt_client_commit(&f->client, f->now_ms), 2);
    expect_sent(f, "82 0C 00 02 00 01 'a' 01 00 03 'b/#' 00");
    feed(f, "90 04 00 02 01 80");
    const struct mqtt_event *event = expect_event(f, MQTT_SUBSCRIBED);
    assert_true(event->acknowledged);
    assert_false(event->reported);
    assert_int_equal(event->packet_id, 2);
    expect_span(event->codes, "01 80");
    expect_span(event->filters, "00 01 'a' 01 00 03 'b/#' 00");
}

static void test_unsubscribe(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_int_equal(unsubscribe(f, "a/+"), 2);
    expect_sent(f, "A2 07 00 02 00 03 'a/+'");
    feed(f, "B0 02 00 02");
    const struct mqtt_event *event = expect_event(f, MQTT_UNSUBSCRIBED);
    assert_true(event->acknowledged);
    expect_span(event->filters, "00 03 'a/+'");
}

/* Its fixed header has two length bytes. */
static void test_long_filters(void **state)
{
    struct fixture *f = *state;
    char filter[301] = {0};
    memset(filter, 'f', 300);
    connect_clean(f);
    subscribe(f, filter, 0);
    forget_sent(f);
    feed(f, "90 03 00 02 00");
    const struct mqtt_event *event = expect_event(f, MQTT_SUBSCRIBED);
    assert_int_equal(event->filters.count, 303);
    assert_int_equal(event->filters.bytes[2], 'f');
}

/* ---- room ----------------------------------------------------------------------------------- */

static void test_full_outbox(void **state)
{
    struct fixture *f = *state;
    uint16_t id, count = 0;
    connect_clean(f);
    while (try_publish(f, 1, 500, &id))
        count++;
    assert_in_range(count, 50, 80);
    assert_false(mqtt_client_is_quiet(&f->client));
    forget_sent(f);
    for (id = 2; id < 2 + count; id++) {
        acknowledge_id(f, id);
        expect_published(f, id, true);
        forget_sent(f);
    }
    assert_true(try_publish(f, 1, 500, &id));
}

/* What a clean session reported as failed is never sent again: its payload is not kept. */
static void test_late_publishes_leave_room_for_others(void **state)
{
    struct fixture *f = *state;
    uint16_t packet_id;
    connect_clean(f);
    for (unsigned i = 0; i < IMQTT_WINDOW; i++) {
        assert_true(try_publish(f, 1, 1500, &packet_id));
        turn(f);
    }
    pass(f, TIMEOUT_MS);
    for (unsigned i = 0; i < IMQTT_WINDOW; i++)
        assert_false(expect_event(f, MQTT_PUBLISHED)->acknowledged);
    for (unsigned i = 0; i < 10; i++)
        assert_true(try_publish(f, 0, 2500, &packet_id));
}

static void test_largest_request(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    size_t head_bytes = 4 + 2 + 1;
    connect_clean(f);
    assert_false(try_publish(f, 0, MQTT_REQUEST_BYTES - head_bytes + 1, &id));
    assert_false(try_publish(f, 0, SIZE_MAX - 10, &id));
    assert_true(try_publish(f, 0, MQTT_REQUEST_BYTES - head_bytes, &id));
    turn(f);
    assert_int_equal(f->sent_count, MQTT_REQUEST_BYTES);
    expect_published(f, 0, true);
}

static void test_no_memory_for_a_request(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    connect_clean(f);
    f->refused = 1U << IMQTT_MEMORY_OUTBOX;
    assert_false(try_publish(f, 1, 1, &id));
    assert_true(mqtt_client_is_quiet(&f->client));
    f->refused = 0;
    assert_true(try_publish(f, 1, 1, &id));
    assert_false(mqtt_client_is_quiet(&f->client));
}

/* ---- how good the connection is ------------------------------------------------------------- */

static void test_slow(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
    publish(f, 1, "t", "");
    turn(f);
    pass(f, IMQTT_SLOW_ANSWER_MS);
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
    pass(f, 1);
    assert_true(mqtt_client_is_slow(&f->client, f->now_ms));
    feed(f, "40 02 00 02");
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
    lose_link(f);
    turn(f);
    assert_false(mqtt_client_is_slow(&f->client, f->now_ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_qos0_ends_when_it_was_written),
        MQTT_TEST(test_qos1),
        MQTT_TEST(test_qos2),
        MQTT_TEST(test_repeated_pubrec_gets_pubrel_again),
        MQTT_TEST(test_pubrec_frees_the_payload),
        MQTT_TEST(test_qos2_answered_by_puback),
        MQTT_TEST(test_qos2_answered_by_puback_then_more),
        MQTT_TEST(test_qos2_answered_by_puback_then_lost),
        MQTT_TEST(test_retained),
        MQTT_TEST(test_payload_of_every_byte),
        MQTT_TEST(test_abandoned_draft_leaves_no_trace),
        MQTT_TEST(test_draft_may_take_its_time),
        MQTT_TEST(test_70000_publishes_never_share_an_id),
        MQTT_TEST(test_subscribe_with_several_filters),
        MQTT_TEST(test_unsubscribe),
        MQTT_TEST(test_long_filters),
        MQTT_TEST(test_full_outbox),
        MQTT_TEST(test_late_publishes_leave_room_for_others),
        MQTT_TEST(test_largest_request),
        MQTT_TEST(test_no_memory_for_a_request),
        MQTT_TEST(test_slow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
