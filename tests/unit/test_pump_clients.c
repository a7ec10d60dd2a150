/* The pump with several clients: each has a stream of its own, and one that is not there has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/dialect.h"
#include "tests/unit/pumped_modem.h"

static int begin(void **state)
{
    (void)state;
    switch_on(&imqtt_dialect_qmt, 2);
    return 0;
}

static void type(const char *text)
{
    assert_true(typed(text));
    settle();
}

static void connect_second(void)
{
    type("AT+QMTOPEN=1,\"b\",1883\r");
    assert_int_equal(opened[0], 0);
    assert_int_equal(opened[1], 1);
    imqtt_modem_client_opened(modem, 1, 0);
    settle();
    type("AT+QMTCONN=1,\"me\"\r");
    assert_true(receive(1, "\x20\x02\x00\x00", 4));
    settle();
    assert_non_null(strstr(seen, "+QMTCONN: 1,0,0"));
    seen[0] = '\0';
}

static const struct imqtt_failure gone = {IMQTT_STAGE_PEER, 104, "gone"};

static void test_the_end_comes_behind_the_bytes_before_it(void **state)
{
    (void)state;
    connect_second();
    fill_terminal();
    assert_true(receive(1, "\x30\x04\x00\x01tx", 6));
    assert_true(imqtt_pump_has_input(&pump));
    assert_false(imqtt_pump_client_wants(&pump, 1).network_input);
    imqtt_pump_client_ended(&pump, 1, &gone);
    settle();
    assert_null(strstr(seen, "+QMTSTAT"));
    drain_terminal();
    const char *message = strstr(seen, "+QMTRECV: 1,0,\"t\",\"x\""),
               *loss = strstr(seen, "+QMTSTAT: 1,");
    assert_non_null(message);
    assert_non_null(loss);
    assert_true(message < loss);
    assert_false(imqtt_pump_has_input(&pump));
    assert_string_equal(imqtt_modem_client_last_failure(modem, 1).text, "gone");
}

/* Of a message that came before, its last byte waits. */
static void let_one_byte_wait(void)
{
    connect_second();
    assert_true(receive(1, "\x30\x04\x00\x01t", 5));
    settle();
    fill_terminal();
    assert_true(receive(1, "x", 1));
    assert_true(imqtt_pump_has_input(&pump));
}

static void test_one_byte_that_waited_is_progress(void **state)
{
    (void)state;
    let_one_byte_wait();
    drain_terminal();
    assert_non_null(strstr(seen, "+QMTRECV: 1,0,\"t\",\"x\""));
}

static void test_the_end_comes_behind_one_byte_too(void **state)
{
    (void)state;
    let_one_byte_wait();
    imqtt_pump_client_ended(&pump, 1, &gone);
    settle();
    drain_terminal();
    assert_non_null(strstr(seen, "+QMTRECV: 1,0,\"t\",\"x\""));
}

static void test_a_close_drops_what_is_left_of_its_connection_alone(void **state)
{
    (void)state;
    connect_second();
    fill_terminal();
    assert_true(receive(1, "\x30\x04\x00\x01tx", 6));
    imqtt_pump_client_closed(&pump, 0);
    settle();
    assert_true(imqtt_pump_has_input(&pump));
    imqtt_pump_client_closed(&pump, 1);
    drain_terminal();
    assert_null(strstr(seen, "+QMTRECV"));
    assert_false(imqtt_pump_has_input(&pump));
}

static void count_filter(void *context, const uint8_t *filter, size_t filter_bytes,
                         uint8_t granted_qos)
{
    (void)filter, (void)filter_bytes, (void)granted_qos;
    ++*(unsigned *)context;
}

/* One that has not connected, and one that the modem does not have. */
static void test_a_client_that_is_not_there_is_nothing(void **state)
{
    (void)state;
    for (uint8_t client = 1; client <= 2; client++) {
        unsigned filters = 0;
        assert_int_equal(imqtt_modem_client_input(modem, client, (const uint8_t *)"x", 1, 0), 0);
        imqtt_modem_client_opened(modem, client, 0);
        imqtt_modem_client_failed(modem, client, &gone, 0);
        assert_false(imqtt_modem_client_wants(modem, client).network_input);
        assert_false(imqtt_modem_client_wants(modem, client).network_room);
        assert_false(imqtt_modem_client_is_connected(modem, client));
        assert_int_equal(imqtt_modem_client_last_failure(modem, client).stage, IMQTT_STAGE_NONE);
        assert_int_equal(imqtt_modem_client_counts(modem, client).outbox_requests, 0);
        imqtt_modem_client_visit_subscriptions(modem, client, count_filter, &filters);
        assert_int_equal(filters, 0);
    }
    assert_true(receive(2, "x", 1));
    assert_false(imqtt_pump_has_input(&pump));
    imqtt_pump_client_ended(&pump, 2, &gone);
    imqtt_pump_client_closed(&pump, 2);
    settle();
    assert_string_equal(seen, "");
    assert_true(imqtt_pump_client_wants(&pump, 0).terminal_input);
}

static void test_a_client_that_is_there_can_be_asked(void **state)
{
    unsigned filters = 0;
    (void)state;
    connect_second();
    assert_int_equal(imqtt_modem_clients(modem), 2);
    assert_true(imqtt_modem_client_is_connected(modem, 1));
    assert_false(imqtt_modem_client_is_connected(modem, 0));
    assert_true(imqtt_modem_is_connected(modem));
    type("AT+QMTSUB=1,1,\"a\",1\r");
    assert_int_equal(imqtt_modem_client_counts(modem, 1).outbox_requests, 1);
    assert_false(imqtt_modem_is_idle(modem));
    assert_true(receive(1, "\x90\x03\x00\x02\x01", 5));
    settle();
    imqtt_modem_client_visit_subscriptions(modem, 1, count_filter, &filters);
    assert_int_equal(filters, 1);
    assert_int_equal(imqtt_modem_client_counts(modem, 1).outbox_requests, 0);
    assert_true(imqtt_modem_is_idle(modem));
}

static void test_without_memory_there_is_no_further_client(void **state)
{
    (void)state;
    second_lender.limit_bytes = 8;
    type("AT+QMTOPEN=1,\"b\",1883\r");
    assert_int_equal(opened[1], 0);
    assert_null(strstr(seen, "OK"));
    second_lender.limit_bytes = SIZE_MAX;
    connect_second();
    fill_terminal();
    second_lender.limit_bytes = 8;
    assert_false(receive(1, "\x30\x10\x00\x01tx23456789ABCDEF", 18));
    second_lender.limit_bytes = SIZE_MAX;
}

static void test_streams_are_told_apart(void **state)
{
    static struct imqtt_pump_stream third;
    (void)state;
    connect_second();
    imqtt_pump_add_client(&pump, &third, &second_lender.port);
    fill_terminal();
    assert_true(receive(1, "\x30\x04\x00\x01tx", 6));
    imqtt_pump_client_closed(&pump, 2);
    assert_true(imqtt_pump_has_input(&pump));
    drain_terminal();
    assert_non_null(strstr(seen, "+QMTRECV: 1,0,\"t\",\"x\""));
    assert_false(imqtt_pump_has_input(&pump));
    fill_terminal();
    assert_true(receive(0, "x", 1));
    assert_true(imqtt_pump_has_input(&pump));
    imqtt_pump_client_closed(&pump, 0);
    drain_terminal();
    assert_false(imqtt_pump_has_input(&pump));
    assert_true(receive(2, "x", 1)); /* for a client that the modem does not have */
    assert_true(imqtt_pump_has_input(&pump));
    imqtt_pump_client_closed(&pump, 2);
    settle();
    assert_false(imqtt_pump_has_input(&pump));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_the_end_comes_behind_the_bytes_before_it),
        TEST(test_one_byte_that_waited_is_progress),
        TEST(test_the_end_comes_behind_one_byte_too),
        TEST(test_a_close_drops_what_is_left_of_its_connection_alone),
        TEST(test_a_client_that_is_not_there_is_nothing),
        TEST(test_a_client_that_is_there_can_be_asked),
        TEST(test_without_memory_there_is_no_further_client),
        TEST(test_streams_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
