#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>

#define CONNECT_C "10 0D 00 04 'MQTT' 04 02 00 3C 00 01 'c'"

/* ---- beginning ------------------------------------------------------------------------------ */

static void test_connect_is_the_first_packet(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    options.tls = true;
    begin_connect(f, &options);
    assert_string_equal(f->host, "broker");
    assert_int_equal(f->port, 1883);
    assert_true(f->tls);
    expect_nothing_sent(f);
    mqtt_client_opened(&f->client, f->now_ms);
    expect_sent(f, CONNECT_C);
    feed(f, "20 02 00 00");
    const struct mqtt_event *event = expect_event(f, MQTT_CONNECTED);
    assert_false(event->session_present);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_ONLINE);
    expect_nothing_sent(f);
}

static void test_options_are_copied(void **state)
{
    struct fixture *f = *state;
    char host[] = "broker", client_id[] = "c";
    struct mqtt_connect options = clean_options();
    options.host = host;
    options.packet.client_id = span_text(client_id);
    begin_connect(f, &options);
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
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    assert_false(mqtt_client_connect(&f->client, &options, f->now_ms));
    assert_int_equal(f->blocks, 0);
    f->refused = 0;
    connect_kept(f, false);
}

static void test_requests_need_a_connection(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    uint16_t id;
    assert_false(try_publish(f, 1, 1, &id));
    begin_connect(f, &options);
    assert_false(try_publish(f, 1, 1, &id));
    mqtt_client_opened(&f->client, f->now_ms);
    assert_false(try_publish(f, 1, 1, &id));
    forget_sent(f);
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

/* CONNECT has left but for its last byte. */
static void connack_too_early(struct fixture *f, const char *connack, enum imqtt_stage stage,
                              const char *text)
{
    struct mqtt_connect options = clean_options();
    begin_connect(f, &options);
    f->network_room = packet_connect_bytes(&options.packet) - 1;
    mqtt_client_opened(&f->client, f->now_ms);
    forget_sent(f);
    feed(f, connack);
    expect_end(f, stage, text);
}

static void test_connack_before_connect(void **state)
{
    connack_too_early(*state, "20 02 00 00", IMQTT_STAGE_PEER,
                      "protocol violation: CONNACK before CONNECT was sent");
    connack_too_early(*state, "20 02 00 05", IMQTT_STAGE_CONNACK, "refused: not authorized");
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
    begin_connect(f, &options);
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
    begin_connect(f, &options);
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
    begin_connect(f, &options);
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
    begin_connect(f, &options);
    f->closes++;
    mqtt_client_failed(&f->client, &failure);
    text[IMQTT_FAILURE_TEXT_BYTES] = '\0';
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
        MQTT_TEST(test_connack_before_connect),
        MQTT_TEST(test_second_connack),
        MQTT_TEST(test_connack_of_mqtt_3_1),
        MQTT_TEST(test_no_connection_in_time),
        MQTT_TEST(test_no_connack_in_time),
        MQTT_TEST(test_network_fails_before_it_is_open),
        MQTT_TEST(test_long_failure_texts_are_cut),
        MQTT_TEST(test_lost_link),
        MQTT_TEST(test_abort_sends_nothing),
        MQTT_TEST(test_nothing_is_read_after_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
