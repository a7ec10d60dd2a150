#include "tests/unit/mqtt_fixture.h"

static struct mqtt_connect_packet least_connect(void)
{
    return (struct mqtt_connect_packet){.version = MQTT_3_1_1,
                                        .clean_session = true,
                                        .keep_alive_s = 60,
                                        .client_id = span_text("c")};
}

static struct mqtt_connect_packet full_connect(void)
{
    struct mqtt_connect_packet connect = least_connect();
    connect.clean_session = false;
    connect.has_will = connect.has_user_name = connect.has_password = true;
    connect.will_topic = span_text("w");
    connect.will_message = span_text("bye");
    connect.will_qos = 2;
    connect.will_retained = true;
    connect.user_name = span_text("u");
    connect.password = span_text("p");
    return connect;
}

static void expect_connect(const struct mqtt_connect_packet *connect, const char *expected)
{
    uint8_t bytes[256];
    struct out out = out_on(bytes, sizeof bytes);
    assert_true(packet_connect_is_valid(connect));
    packet_put_connect(&out, connect);
    expect_span(out_written(&out), expected);
    assert_int_equal(packet_connect_bytes(connect), out.count);
}

static void test_connect_with_the_least(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    expect_connect(&connect, "10 0D 00 04 'MQTT' 04 02 00 3C 00 01 'c'");
}

static void test_connect_with_everything_in_order(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = full_connect();
    expect_connect(&connect, "10 1B 00 04 'MQTT' 04 F4 00 3C 00 01 'c' 00 01 'w' 00 03 'bye'"
                             " 00 01 'u' 00 01 'p'");
}

static void test_connect_of_mqtt_3_1(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.version = MQTT_3_1;
    expect_connect(&connect, "10 0F 00 06 'MQIsdp' 03 02 00 3C 00 01 'c'");
}

static void test_connect_without_will_has_no_trace_of_one(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = full_connect();
    connect.has_will = connect.has_user_name = connect.has_password = false;
    expect_connect(&connect, "10 0D 00 04 'MQTT' 04 00 00 3C 00 01 'c'");
}

static void test_connect_with_each_will_qos(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.has_will = true;
    connect.will_topic = span_text("w");
    expect_connect(&connect, "10 12 00 04 'MQTT' 04 06 00 3C 00 01 'c' 00 01 'w' 00 00");
    connect.will_qos = 1;
    expect_connect(&connect, "10 12 00 04 'MQTT' 04 0E 00 3C 00 01 'c' 00 01 'w' 00 00");
    connect.will_qos = 2;
    expect_connect(&connect, "10 12 00 04 'MQTT' 04 16 00 3C 00 01 'c' 00 01 'w' 00 00");
    connect.will_qos = 3;
    assert_false(packet_connect_is_valid(&connect));
}

static void test_connect_with_user_name_alone(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.has_user_name = true;
    connect.user_name = span_text("u");
    expect_connect(&connect, "10 10 00 04 'MQTT' 04 82 00 3C 00 01 'c' 00 01 'u'");
}

static void test_password_needs_a_user_name(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.has_password = true;
    connect.password = span_text("p");
    assert_false(packet_connect_is_valid(&connect));
    connect.has_user_name = true;
    expect_connect(&connect, "10 12 00 04 'MQTT' 04 C2 00 3C 00 01 'c' 00 00 00 01 'p'");
}

static void test_empty_client_id_needs_a_clean_session(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.client_id = SPAN_EMPTY;
    expect_connect(&connect, "10 0C 00 04 'MQTT' 04 02 00 3C 00 00");
    connect.clean_session = false;
    assert_false(packet_connect_is_valid(&connect));
}

/* MQTT 3.1 knows no client id that the server assigns. */
static void test_mqtt_3_1_needs_a_client_id(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = least_connect();
    connect.version = MQTT_3_1;
    assert_true(packet_connect_is_valid(&connect));
    connect.client_id = SPAN_EMPTY;
    assert_false(packet_connect_is_valid(&connect));
}

static void test_connect_strings_are_utf8(void **state)
{
    (void)state;
    struct mqtt_connect_packet connect = full_connect();
    connect.client_id = span_text("\xC3");
    assert_false(packet_connect_is_valid(&connect));
    connect = full_connect();
    connect.user_name = span_text("\xED\xA0\x80");
    assert_false(packet_connect_is_valid(&connect));
    connect = full_connect();
    connect.will_topic = span_text("\xC0\x80");
    assert_false(packet_connect_is_valid(&connect));
    connect = full_connect();
    connect.will_topic = span_text("a/#");
    assert_false(packet_connect_is_valid(&connect));
    connect = full_connect();
    connect.password = connect.will_message = span_text("\xFF\xFE");
    assert_true(packet_connect_is_valid(&connect));
}

static void test_connect_strings_fit_their_length(void **state)
{
    (void)state;
    static const uint8_t zeros[UINT16_MAX + 1];
    struct span largest = span_of(zeros, UINT16_MAX), too_large = span_of(zeros, sizeof zeros);
    struct mqtt_connect_packet connect = full_connect();
    connect.will_message = connect.password = largest;
    assert_true(packet_connect_is_valid(&connect));
    connect.will_message = too_large;
    assert_false(packet_connect_is_valid(&connect));
    connect = full_connect();
    connect.password = too_large;
    assert_false(packet_connect_is_valid(&connect));
}

static void test_remaining_length(void **state)
{
    (void)state;
    static const struct {
        size_t remaining;
        const char *header;
    } cases[] = {
        {0, "C0 00"},
        {127, "C0 7F"},
        {128, "C0 80 01"},
        {16383, "C0 FF 7F"},
        {16384, "C0 80 80 01"},
        {2097151, "C0 FF FF 7F"},
        {2097152, "C0 80 80 80 01"},
        {268435455, "C0 FF FF FF 7F"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[5];
        struct out out = out_on(bytes, sizeof bytes);
        packet_put_header(&out, 0xC0, cases[i].remaining);
        expect_span(out_written(&out), cases[i].header);
        assert_int_equal(packet_header_bytes(cases[i].remaining), out.count);
    }
}

static void test_first_byte_of_publish(void **state)
{
    (void)state;
    assert_int_equal(packet_publish_first(0, false), 0x30);
    assert_int_equal(packet_publish_first(0, true), 0x31);
    assert_int_equal(packet_publish_first(1, false), 0x32);
    assert_int_equal(packet_publish_first(2, true), 0x35);
    assert_int_equal(packet_publish_head_bytes(3, 0), 5);
    assert_int_equal(packet_publish_head_bytes(3, 1), 7);
}

static void expect_answer(enum mqtt_packet_type type, const char *expected)
{
    uint8_t bytes[MQTT_ANSWER_BYTES];
    struct out out = out_on(bytes, sizeof bytes);
    packet_put_answer(&out, type, 0x1234);
    expect_span(out_written(&out), expected);
}

static void test_answers(void **state)
{
    (void)state;
    expect_answer(MQTT_PUBACK, "40 02 12 34");
    expect_answer(MQTT_PUBREC, "50 02 12 34");
    expect_answer(MQTT_PUBREL, "62 02 12 34");
    expect_answer(MQTT_PUBCOMP, "70 02 12 34");
}

static void test_empty_packets(void **state)
{
    (void)state;
    uint8_t bytes[2 * MQTT_EMPTY_BYTES];
    struct out out = out_on(bytes, sizeof bytes);
    packet_put_empty(&out, MQTT_PINGREQ);
    packet_put_empty(&out, MQTT_DISCONNECT);
    expect_span(out_written(&out), "C0 00 E0 00");
}

static void test_filters_come_back_as_put(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct out out = out_on(bytes, sizeof bytes);
    packet_begin_filter(&out, 3);
    out_text(&out, "a/#");
    out_u8(&out, 1);
    packet_begin_filter(&out, 1);
    out_text(&out, "+");
    out_u8(&out, 0);
    assert_int_equal(out.count, packet_filter_bytes(3, true) + packet_filter_bytes(1, true));
    struct span filters = out_written(&out), filter;
    uint8_t qos;
    assert_true(packet_take_filter(&filters, true, &filter, &qos));
    expect_span(filter, "'a/#'");
    assert_int_equal(qos, 1);
    assert_true(packet_take_filter(&filters, true, &filter, &qos));
    expect_span(filter, "'+'");
    assert_int_equal(qos, 0);
    assert_false(packet_take_filter(&filters, true, &filter, &qos));
}

static void test_filters_without_qos(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of("00 01 'a' 00 02 'bc'");
    struct span filters = span_of(bytes.bytes, bytes.count), filter;
    uint8_t untouched = 9;
    assert_int_equal(packet_filter_bytes(2, false), 4);
    assert_true(packet_take_filter(&filters, false, &filter, &untouched));
    assert_true(packet_take_filter(&filters, false, &filter, &untouched));
    expect_span(filter, "'bc'");
    assert_int_equal(untouched, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connect_with_the_least),
        cmocka_unit_test(test_connect_with_everything_in_order),
        cmocka_unit_test(test_connect_of_mqtt_3_1),
        cmocka_unit_test(test_connect_without_will_has_no_trace_of_one),
        cmocka_unit_test(test_connect_with_each_will_qos),
        cmocka_unit_test(test_connect_with_user_name_alone),
        cmocka_unit_test(test_password_needs_a_user_name),
        cmocka_unit_test(test_empty_client_id_needs_a_clean_session),
        cmocka_unit_test(test_mqtt_3_1_needs_a_client_id),
        cmocka_unit_test(test_connect_strings_are_utf8),
        cmocka_unit_test(test_connect_strings_fit_their_length),
        cmocka_unit_test(test_remaining_length),
        cmocka_unit_test(test_first_byte_of_publish),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_empty_packets),
        cmocka_unit_test(test_filters_come_back_as_put),
        cmocka_unit_test(test_filters_without_qos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
