/* What the pump keeps, offers again, drops and tells, and in what order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/pumped_modem.h"

static int begin(void **state)
{
    (void)state;
    switch_on(NULL, 1);
    return 0;
}

static void connect_to_broker(void)
{
    static const uint8_t connack[] = {0x20, 2, 0, 0};
    typed("AT+IMQTTADDR=b,1883,me\rAT+IMQTTCONN\r");
    settle();
    assert_int_equal(opened[0], 1);
    imqtt_modem_network_opened(modem, 0);
    settle();
    assert_true(receive(0, connack, sizeof connack));
    settle();
    assert_non_null(strstr(seen, "+IMQTTCONN:0"));
    seen[0] = '\0';
}

/* A QoS 0 message, topic "t", with one byte of payload. */
static void receive_message(char payload)
{
    uint8_t publish[] = {0x30, 4, 0, 1, 't', 0};
    publish[5] = (uint8_t)payload;
    assert_true(receive(0, publish, sizeof publish));
}

static void lose_connection(void)
{
    char text[] = "gone";
    imqtt_pump_ended(&pump, &(struct imqtt_failure){IMQTT_STAGE_PEER, 104, text});
    memset(text, 'x', sizeof text); /* the pump has a copy */
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_what_was_typed_waits_in_order(void **state)
{
    (void)state;
    fill_terminal();
    assert_false(imqtt_pump_has_input(&pump));
    assert_true(typed("AT+CSQ\r"));
    assert_true(typed("AT+CGMI\r"));
    assert_true(imqtt_pump_has_input(&pump));
    assert_false(imqtt_pump_wants(&pump).terminal_input);
    drain_terminal();
    assert_false(imqtt_pump_has_input(&pump));
    assert_true(imqtt_pump_wants(&pump).terminal_input);
    const char *signal = strstr(seen, "+CSQ");
    assert_non_null(signal);
    assert_non_null(strstr(signal, "OK\r\n\r\n")); /* and CGMI's answer behind it */
}

static void test_the_end_comes_behind_the_bytes_before_it(void **state)
{
    (void)state;
    connect_to_broker();
    fill_terminal();
    receive_message('1');
    receive_message('2');
    lose_connection();
    settle();
    assert_true(imqtt_modem_is_connected(modem));
    assert_false(imqtt_pump_wants(&pump).network_input);
    drain_terminal();
    assert_false(imqtt_modem_is_connected(modem));
    const char *first = strstr(seen, "+IMQTTRCVPUB:0,\"t\",1,\"1\"");
    assert_non_null(first);
    assert_non_null(strstr(first, "+IMQTTRCVPUB:0,\"t\",1,\"2\""));
}

static void test_an_end_with_nothing_before_it_is_told_with_its_text(void **state)
{
    (void)state;
    connect_to_broker();
    lose_connection();
    settle();
    assert_false(imqtt_modem_is_connected(modem));
    seen[0] = '\0';
    typed("AT+IMQTTERR?\r");
    settle();
    assert_non_null(strstr(seen, "gone"));
}

static void test_a_close_drops_what_is_left_of_the_connection(void **state)
{
    (void)state;
    connect_to_broker();
    fill_terminal();
    receive_message('1');
    lose_connection();
    imqtt_pump_closed(&pump);
    assert_true(imqtt_pump_has_input(&pump));
    drain_terminal();
    assert_false(imqtt_pump_has_input(&pump));
    assert_null(strstr(seen, "+IMQTTRCVPUB"));
    assert_true(imqtt_modem_is_connected(modem)); /* it was not told of the end either */
}

/* The modem closes while it reads: what stands behind the fault reaches nobody. */
static void test_bytes_behind_a_fault_are_dropped(void **state)
{
    static const uint8_t fault_and_message[] = {0x20, 2, 0, 0, 0x30, 4, 0, 1, 't', '1'};
    (void)state;
    connect_to_broker();
    assert_true(receive(0, fault_and_message, sizeof fault_and_message));
    settle();
    assert_false(imqtt_modem_is_connected(modem));
    assert_false(imqtt_pump_has_input(&pump));
    assert_null(strstr(seen, "+IMQTTRCVPUB"));
}

static void test_the_same_while_they_are_offered_again(void **state)
{
    static const uint8_t fault_and_message[] = {0x20, 2, 0, 0, 0x30, 4, 0, 1, 't', '1'};
    (void)state;
    connect_to_broker();
    fill_terminal();
    assert_true(receive(0, fault_and_message, sizeof fault_and_message));
    drain_terminal();
    assert_false(imqtt_modem_is_connected(modem));
    assert_false(imqtt_pump_has_input(&pump));
    assert_null(strstr(seen, "+IMQTTRCVPUB"));
}

static void test_a_new_connection_starts_clean(void **state)
{
    (void)state;
    connect_to_broker();
    fill_terminal();
    receive_message('1');
    imqtt_pump_closed(&pump);
    receive_message('2'); /* of the next one */
    drain_terminal();
    assert_null(strstr(seen, "\"1\"\r\n"));
    assert_non_null(strstr(seen, "+IMQTTRCVPUB:0,\"t\",1,\"2\""));
}

static void test_rounds_are_bounded(void **state)
{
    (void)state;
    fill_terminal();
    seen[0] = '\0';
    for (int line = 0; line < 60; line++)
        assert_true(typed("AT&V\r"));
    room = SIZE_MAX;
    assert_true(imqtt_pump_settle(&pump, 0, 0));
    assert_int_equal(strlen(seen), 0);
    assert_true(imqtt_pump_settle(&pump, 1, 0));
    settle();
    assert_false(imqtt_pump_has_input(&pump));
    assert_false(imqtt_pump_settle(&pump, 1, 0));
}

static void test_without_memory_it_says_so(void **state)
{
    (void)state;
    connect_to_broker();
    fill_terminal();
    lender.limit_bytes = 8;
    assert_false(typed("AT+CSQ=?\r"));
    assert_false(receive(0, "123456789", 9));
    assert_false(imqtt_pump_has_input(&pump));
    lender.limit_bytes = SIZE_MAX;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_typed_waits_in_order, begin, end),
        cmocka_unit_test_setup_teardown(test_the_end_comes_behind_the_bytes_before_it, begin, end),
        cmocka_unit_test_setup_teardown(test_an_end_with_nothing_before_it_is_told_with_its_text,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_a_close_drops_what_is_left_of_the_connection, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_bytes_behind_a_fault_are_dropped, begin, end),
        cmocka_unit_test_setup_teardown(test_the_same_while_they_are_offered_again, begin, end),
        cmocka_unit_test_setup_teardown(test_a_new_connection_starts_clean, begin, end),
        cmocka_unit_test_setup_teardown(test_rounds_are_bounded, begin, end),
        cmocka_unit_test_setup_teardown(test_without_memory_it_says_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
