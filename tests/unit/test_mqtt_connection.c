#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>

#define CONNECT_C "10 0D 00 04 'MQTT' 04 02 00 3C 00 01 'c'"

static void begin(struct fixture *f, const struct mqtt_connect *options)
{
    assert_true(mqtt_client_connect(&f->client, options, f->now_ms));
    assert_int_equal(mqtt_client_state(&f->client), MQTT_OPENING);
}

/* Up to the moment at which CONNACK is due. */
static void begin_and_open(struct fixture *f, const struct mqtt_connect *options)
{
    begin(f, options);
    mqtt_client_opened(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_CONNECTING);
    forget_sent(f);
}

/* ---- beginning ------------------------------------------------------------------------------ */

static void test_connect_is_the_first_packet(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    options.tls = true;
    begin(f, &options);
    assert_string_equal(f->host, "broker");
    assert_int_equal(f->port, 1883);
    assert_true(f->tls);
    expect_nothing_sent(f);
    mqtt_client_opened(&f->client, f->now_ms);
    expect_sent(f, CONNECT_C);
    feed(f, "20 02 00 00");
    const struct mqtt_event *event = expect_event(f, MQTT_CONNECTED);
    assert_false(event->session_present);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IS_CONNECTED);
    expect_nothing_sent(f);
}

static void test_options_are_copied(void **state)
{
    struct fixture *f = *state;
    char host[] = "broker", client_id[] = "c";
    struct mqtt_connect options = clean_options();
    options.host = host;
    options.packet.client_id = span_text(client_id);
    begin(f, &options);
    memset(host, 'x', sizeof host - 1);
    client_id[0] = 'x';
    mqtt_client_opened(&f->client, f->now_ms);
    expect_sent(f, CONNECT_C);
}

static void test_connect_only_once(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    connect_clean(f);
    assert_false(mqtt_client_connect(&f->client, &options, f->now_ms));
    mqtt_client_opened(&f->client, f->now_ms);
    expect_nothing_sent(f);
    assert_int_equal(f->opens, 1);
}

static void test_connect_refuses_what_mqtt_forbids(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    options.packet.client_id = SPAN_EMPTY;
    assert_false(mqtt_client_connect(&f->client, &options, f->now_ms));
    assert_int_equal(f->opens, 0);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IDLE);
}

static void test_connect_without_memory(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    static const enum imqtt_memory_purpose needed[] = {IMQTT_MEMORY_TRANSMIT, IMQTT_MEMORY_SESSION};
    for (size_t i = 0; i < 2; i++) {
        f->refused = 1U << needed[i];
        assert_false(mqtt_client_connect(&f->client, &options, f->now_ms));
        assert_int_equal(f->blocks, 0);
    }
    f->refused = 0;
    connect_kept(f, false);
}

static void test_requests_need_a_connection(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    uint16_t id;
    assert_false(try_publish(f, 1, 1, &id));
    begin(f, &options);
    assert_false(try_publish(f, 1, 1, &id));
    mqtt_client_opened(&f->client, f->now_ms);
    assert_false(try_publish(f, 1, 1, &id));
    feed(f, "20 02 00 00");
    assert_true(try_publish(f, 1, 1, &id));
}

/* ---- CONNACK -------------------------------------------------------------------------------- */

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "refused: unacceptable protocol version",
        "refused: client id rejected",
        "refused: server unavailable",
        "refused: bad user name or password",
        "refused: not authorized",
    };
    struct mqtt_connect options = clean_options();
    for (unsigned code = 1; code <= 5; code++) {
        char connack[16];
        snprintf(connack, sizeof connack, "20 02 00 %02X", code);
        begin_and_open(f, &options);
        feed(f, connack);
        assert_int_equal(f->events[f->first_event].event.failure.code, code);
        expect_end(f, IMQTT_STAGE_CONNACK, texts[code - 1]);
    }
}

struct bad_connack {
    const char *connack;
    bool clean;
    const char *fault;
};

static void test_connacks_that_break_the_protocol(void **state)
{
    struct fixture *f = *state;
    static const struct bad_connack cases[] = {
        {"20 02 00 06", true, "malformed packet: CONNACK with an unknown return code"},
        {"20 02 00 FF", true, "malformed packet: CONNACK with an unknown return code"},
        {"20 02 02 00", false, "malformed packet: CONNACK with reserved bits set"},
        {"20 02 80 00", true, "malformed packet: CONNACK with reserved bits set"},
        {"20 02 01 00", true, "protocol violation: CONNACK with a session, where none was kept"},
        {"20 02 01 05", false, "protocol violation: CONNACK refuses, with a session present"},
        {"30 03 00 01 't'", true, "protocol violation: the first packet is not CONNACK"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mqtt_connect options = cases[i].clean ? clean_options() : kept_options();
        begin_and_open(f, &options);
        feed(f, cases[i].connack);
        expect_end(f, IMQTT_STAGE_PEER, cases[i].fault);
    }
}

static void test_second_connack(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "20 02 00 00");
    expect_end(f, IMQTT_STAGE_PEER, "protocol violation: a second CONNACK");
}

static void test_connack_of_mqtt_3_1(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    options.packet.version = MQTT_3_1;
    begin_and_open(f, &options);
    feed(f, "20 02 FF 00"); /* that byte means nothing there */
    assert_false(expect_event(f, MQTT_CONNECTED)->session_present);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    options.packet.clean_session = false;
    begin_and_open(f, &options);
    feed(f, "20 02 00 00");
    assert_true(expect_event(f, MQTT_CONNECTED)->session_present);
}

/* ---- deadlines ------------------------------------------------------------------------------ */

static void test_no_connection_in_time(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin(f, &options);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + IMQTT_OPEN_TIMEOUT_MS);
    pass(f, IMQTT_OPEN_TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_end(f, IMQTT_STAGE_TCP, "no connection within 10 s");
}

static void test_no_connack_in_time(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin(f, &options);
    pass(f, 5000);
    mqtt_client_opened(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_next_deadline(&f->client), f->now_ms + TIMEOUT_MS);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_end(f, IMQTT_STAGE_CONNACK, "no CONNACK in time");
}

/* ---- the network fails ---------------------------------------------------------------------- */

static void test_network_fails_before_it_is_open(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    char text[] = "no such host";
    const struct imqtt_failure failure = {IMQTT_STAGE_DNS, -3, text};
    begin(f, &options);
    f->closes++;
    mqtt_client_failed(&f->client, &failure);
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(mqtt_client_next_deadline(&f->client), 0);
    turn(f);
    assert_int_equal(f->events[0].event.failure.code, -3);
    expect_end(f, IMQTT_STAGE_DNS, "no such host");
}

static void test_long_failure_texts_are_cut(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    char text[200] = {0};
    memset(text, 'a', sizeof text - 1);
    const struct imqtt_failure failure = {IMQTT_STAGE_TLS, 1, text};
    begin(f, &options);
    f->closes++;
    mqtt_client_failed(&f->client, &failure);
    text[IMQTT_FAILURE_TEXT_BYTES - 1] = '\0';
    expect_end(f, IMQTT_STAGE_TLS, text);
}

static void test_lost_link(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    lose_link(f);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_CLOSING);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    lose_link(f); /* once more, late: nothing */
    f->closes--;
    expect_no_event(f);
    assert_int_equal(mqtt_client_next_deadline(&f->client), UINT64_MAX);
}

static void test_abort_sends_nothing(void **state)
{
    struct fixture *f = *state;
    const struct imqtt_failure failure = {IMQTT_STAGE_TCP, 0, "radio off"};
    connect_clean(f);
    mqtt_client_abort(&f->client, &failure);
    expect_nothing_sent(f);
    expect_end(f, IMQTT_STAGE_TCP, "radio off");
    mqtt_client_abort(&f->client, &failure);
    expect_no_event(f);
}

static void test_nothing_is_read_after_the_end(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("F0 00 30 03 00 01 't' 40 02 00 02");
    struct span in = span_of(bytes.bytes, bytes.count);
    struct mqtt_event event;
    connect_clean(f);
    assert_false(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(in.count, 0);
    expect_end(f, IMQTT_STAGE_PEER, "malformed packet: reserved type");
    in = span_of(bytes.bytes, bytes.count);
    assert_false(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(in.count, 0);
    expect_no_event(f);
}

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

static void fill_window(struct fixture *f)
{
    for (unsigned i = 0; i < IMQTT_WINDOW; i++)
        publish(f, 1, "t", "x");
    forget_sent(f);
}

static void test_disconnect_waits_for_the_window(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f);
    uint16_t last = publish(f, 1, "t", "y");
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_nothing_sent(f);
    feed(f, "40 02 00 05");
    expect_published(f, 5, true);
    expect_sent(f, "32 06 00 01 't' 00 16 'y' E0 00");
    for (uint16_t id = 2; id <= last; id++)
        if (id != 5)
            expect_published(f, id, false);
    expect_end(f, IMQTT_STAGE_NONE, "");
}

static void test_disconnect_waits_no_longer_than_one_timeout(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    fill_window(f);
    pass(f, 1000);
    publish(f, 1, "t", "y");
    mqtt_client_disconnect(&f->client, f->now_ms);
    pass(f, TIMEOUT_MS - 1);
    for (uint16_t id = 2; id < 2 + IMQTT_WINDOW; id++)
        expect_published(f, id, false); /* these were late before */
    expect_nothing_sent(f);
    pass(f, 1);
    expect_published(f, 22, false);
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
    begin(f, &options);
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
    const struct lease *lease = &f->client.transmit.lease;
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
    begin(f, &options);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_end(f, IMQTT_STAGE_NONE, "");
    begin(f, &options);
    f->network_room = 20;
    mqtt_client_opened(&f->client, f->now_ms);
    turn(f);
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_end(f, IMQTT_STAGE_NONE, "");
    begin(f, &options); /* and the end of the client finds it waiting */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_connect_is_the_first_packet),
        MQTT_TEST(test_options_are_copied),
        MQTT_TEST(test_connect_only_once),
        MQTT_TEST(test_connect_refuses_what_mqtt_forbids),
        MQTT_TEST(test_connect_without_memory),
        MQTT_TEST(test_requests_need_a_connection),
        MQTT_TEST(test_refusals),
        MQTT_TEST(test_connacks_that_break_the_protocol),
        MQTT_TEST(test_second_connack),
        MQTT_TEST(test_connack_of_mqtt_3_1),
        MQTT_TEST(test_no_connection_in_time),
        MQTT_TEST(test_no_connack_in_time),
        MQTT_TEST(test_network_fails_before_it_is_open),
        MQTT_TEST(test_long_failure_texts_are_cut),
        MQTT_TEST(test_lost_link),
        MQTT_TEST(test_abort_sends_nothing),
        MQTT_TEST(test_nothing_is_read_after_the_end),
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
        MQTT_TEST(test_password_is_wiped_once_written),
        MQTT_TEST(test_password_is_wiped_when_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
