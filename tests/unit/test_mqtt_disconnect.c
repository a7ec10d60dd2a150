#include "tests/unit/mqtt_fixture.h"

/* ---- DISCONNECT ----------------------------------------------------------------------------- */

static void test_disconnect(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    mqtt_client_disconnect(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_CLOSING);
    expect_sent(f, "E0 00");
    expect_end(f, IMQTT_STAGE_NONE, "");
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_no_event(f);
}

static void test_disconnect_lets_accepted_requests_out_first(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 0, "t", "a");
    publish(f, 1, "t", "b");
    subscribe(f, "f", 0);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_sent(f, "30 04 00 01 't' 'a' 32 06 00 01 't' 00 02 'b' 82 06 00 03 00 01 'f' 00 E0 00");
    expect_published(f, 0, true);
    expect_published(f, 2, false);
    const struct mqtt_event *event = expect_event(f, MQTT_SUBSCRIBED);
    assert_false(event->acknowledged);
    assert_int_equal(event->codes.count, 0);
    assert_int_equal(event->failure.stage, IMQTT_STAGE_NONE);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_disconnect_waits_for_the_window(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    uint16_t last = publish(f, 1, "t", "y");
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_nothing_sent(f);
    feed(f, "40 02 00 05");
    expect_published(f, 5, true);
    expect_sent(f, "32 06 00 01 't' 00 12 'y' E0 00");
    for (uint16_t id = 2; id <= last; id++)
        if (id != 5)
            expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_disconnect_waits_no_longer_than_one_timeout(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f, 1);
    pass(f, 1000);
    publish(f, 1, "t", "y");
    mqtt_client_disconnect(&f->client, f->now_ms);
    pass(f, TIMEOUT_MS - 1);
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW; id++)
        expect_published(f, id, false); /* these were late before */
    expect_nothing_sent(f);
    pass(f, 1);
    expect_published(f, 18, false);
    expect_end(f, IMQTT_STAGE_NONE, "");
    expect_sent(f, "E0 00");
}

static void test_disconnect_with_a_stuck_network(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 3;
    publish(f, 0, "t", "a");
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_sent(f, "30 04 00");
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_published(f, 0, false);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_nothing_follows_disconnect(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 1;
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_sent(f, "E0");
    feed(f, "32 05 00 01 't' 00 01 62 02 00 09 50 02 00 08");
    expect_event(f, MQTT_MESSAGE);
    mqtt_client_acknowledge(&f->client, 1, 1);
    f->network_room = SIZE_MAX;
    expect_sent(f, "00");
    expect_end(f, IMQTT_STAGE_NONE, "");
    assert_int_equal(f->closes, 1);
}

static void test_link_lost_while_closing_is_no_failure(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->network_room = 0;
    mqtt_client_disconnect(&f->client, f->now_ms);
    turn(f);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_giving_up_while_opening(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_connect(f, &options);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_nothing_sent(f);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

/* The broker may have accepted CONNECT already: DISCONNECT keeps it from publishing the will. */
static void test_giving_up_while_connecting(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    mqtt_client_disconnect(&f->client, f->now_ms);
    assert_int_equal(f->sent_count, 2);
    expect_sent(f, "E0 00");
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_no_request_while_closing(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.qos = 1, .topic_bytes = 1};
    connect_clean(f);
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    mqtt_client_disconnect(&f->client, f->now_ms);
    assert_false(mqtt_client_draft_is_open(&f->client));
    assert_int_equal(mqtt_client_commit(&f->client, f->now_ms), 0);
    assert_false(mqtt_client_begin_publish(&f->client, &options, &draft));
    expect_sent(f, "E0 00");
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_draft_ends_with_the_link(void **state)
{
    struct fixture *f = *state;
    struct mqtt_draft draft;
    const struct mqtt_publish options = {.qos = 1, .topic_bytes = 1};
    connect_clean(f);
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    assert_true(mqtt_client_draft_is_open(&f->client));
    lose_link(f);
    assert_false(mqtt_client_draft_is_open(&f->client));
    mqtt_client_abandon(&f->client);
    assert_int_equal(mqtt_client_commit(&f->client, f->now_ms), 0);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

/* ---- the password --------------------------------------------------------------------------- */

static void expect_no_secret(const struct fixture *f)
{
    const struct lease *lease = &f->client.link.transmit.lease;
    for (size_t i = 0; i + 6 <= lease->capacity; i++)
        assert_memory_not_equal(lease->bytes + i, "secret", 6);
}

static struct mqtt_connect secret_options(void)
{
    struct mqtt_connect options = clean_options();
    options.packet.has_user_name = options.packet.has_password = true;
    options.packet.user_name = span_text("u");
    options.packet.password = span_text("secret");
    return options;
}

/* The fixture also fails if a block is given back with it. */
static void test_password_is_wiped_once_written(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = secret_options();
    connect_with(f, &options, false);
    expect_no_secret(f);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    expect_no_secret(f);
}

static void test_password_is_wiped_when_given_up(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = secret_options();
    begin_connect(f, &options);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_end(f, IMQTT_STAGE_NONE, "");
    begin_connect(f, &options);
    f->network_room = 20;
    mqtt_client_opened(&f->client, f->now_ms);
    turn(f);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_end(f, IMQTT_STAGE_NONE, "");
    begin_connect(f, &options); /* and the end of the client finds it waiting */
}

static void test_a_reason_that_is_too_long_is_cut(void **state)
{
    struct fixture *f = *state;
    char text[IMQTT_FAILURE_TEXT_BYTES + 2] = {0};
    memset(text, 'x', IMQTT_FAILURE_TEXT_BYTES + 1);
    connect_clean(f);
    f->closes++;
    mqtt_client_failed(&f->client, &(struct imqtt_failure){IMQTT_STAGE_TCP, 1, text});
    text[IMQTT_FAILURE_TEXT_BYTES] = '\0';
    expect_end(f, IMQTT_STAGE_TCP, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_disconnect),
        MQTT_TEST(test_disconnect_lets_accepted_requests_out_first),
        MQTT_TEST(test_disconnect_waits_for_the_window),
        MQTT_TEST(test_disconnect_waits_no_longer_than_one_timeout),
        MQTT_TEST(test_disconnect_with_a_stuck_network),
        MQTT_TEST(test_nothing_follows_disconnect),
        MQTT_TEST(test_link_lost_while_closing_is_no_failure),
        MQTT_TEST(test_giving_up_while_opening),
        MQTT_TEST(test_giving_up_while_connecting),
        MQTT_TEST(test_no_request_while_closing),
        MQTT_TEST(test_draft_ends_with_the_link),
        MQTT_TEST(test_a_reason_that_is_too_long_is_cut),
        MQTT_TEST(test_password_is_wiped_once_written),
        MQTT_TEST(test_password_is_wiped_when_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
