#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>

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
    assert_true(outbox_is_empty(&f->client.outbox));
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

static void fill_window(struct fixture *f, uint8_t qos)
{
    for (unsigned i = 0; i < IMQTT_WINDOW; i++)
        assert_int_equal(publish(f, qos, "t", "x"), 2 + i);
    forget_sent(f);
}

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
    expect_sent(f, "32 06 00 01 't' 00 16 'y'");
    feed(f, "40 02 00 16");
    expect_published(f, 22, true);
    expect_sent(f, "34 06 00 01 't' 00 17 'z'");
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
    expect_sent(f, "34 06 00 01 't' 00 16 'y'");
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
    expect_sent(f, "32 06 00 01 't' 00 16 'y' 30 04 00 01 't' 'z' 82 06 00 17 00 01 'f' 00");
}

static void test_full_window_holds_only_qos1_and_qos2_back(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    publish(f, 0, "t", "z");
    subscribe(f, "f", 0);
    expect_sent(f, "30 04 00 01 't' 'z' 82 06 00 16 00 01 'f' 00");
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
    assert_int_equal(publish(f, 1, "t", "y"), 22);
    expect_nothing_sent(f);
    feed(f, "40 02 00 02");
    expect_sent(f, "32 06 00 01 't' 00 16 'y'");
    expect_no_event(f);
    feed(f, "40 02 00 16");
    expect_published(f, 22, true);
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
    expect_late(f, MQTT_PUBLISHED, 22, stalled);
    expect_late(f, MQTT_PUBLISHED, 0, stalled);
    expect_late(f, MQTT_SUBSCRIBED, 23, stalled);
    expect_late(f, MQTT_UNSUBSCRIBED, 24, stalled);
    feed(f, "40 02 00 02 40 02 00 03 40 02 00 04");
    expect_nothing_sent(f); /* they are never sent */
    expect_no_event(f);
}

/* What waits is given its own TIMEOUT, and as long as something moves it goes on waiting. */
static void test_no_stall_while_something_moves(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    pass(f, 2000);
    publish(f, 1, "t", "y");
    pass(f, 1000);
    expect_window_late(f);
    pass(f, 1999);
    expect_no_event(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + 1);
    feed(f, "D0 00 50 02 00 63"); /* an answer that ends nothing */
    forget_sent(f);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_late(f, MQTT_PUBLISHED, 22, stalled);
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
    expect_late(f, MQTT_PUBLISHED, 22, stalled);
    expect_late(f, MQTT_PUBLISHED, 0, stalled);
    expect_late(f, MQTT_PUBLISHED, 23, stalled);
    expect_late(f, MQTT_SUBSCRIBED, 24, stalled);
    feed(f, "40 02 00 02 40 02 00 03");
    expect_sent(f, "32 06 00 01 't' 00 16 'y' 34 06 00 01 't' 00 17 'w'");
    expect_no_event(f);
    feed(f, "40 02 00 16 50 02 00 17 70 02 00 17");
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
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IS_CONNECTED);
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
        MQTT_TEST(test_full_outbox),
        MQTT_TEST(test_largest_request),
        MQTT_TEST(test_no_memory_for_a_request),
        MQTT_TEST(test_slow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
