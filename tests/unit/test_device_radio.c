/* The radio: what a change brings about, and what it is told as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/device/line_settings.h"
#include "core/device/radio.h"
#include "tests/unit/lender.h"

static struct lender lender;

static struct radio switched_on(void)
{
    struct radio radio = {.network = radio_network_default()};
    lender_init(&lender);
    radio_switch_on(&radio, &lender.port);
    return radio;
}

static void a_radio_comes_from_off_into_service(void **state)
{
    (void)state;
    struct radio radio = switched_on();
    struct radio_change change = radio_from_off(&radio);
    assert_true(change.now.attached);
    assert_true(radio_stat_changed(&change, DOMAIN_CEREG));
    assert_null(radio_why_no_service(&radio));
    assert_int_equal(radio.contexts.active, context_bit(1));
}

static void detaching_changes_what_packets_have(void **state)
{
    (void)state;
    struct radio radio = switched_on();
    struct radio_change change = radio_detach(&radio);
    assert_false(change.now.attached);
    assert_false(radio_stat_changed(&change, DOMAIN_CREG));
    assert_true(radio_stat_changed(&change, DOMAIN_CGREG));
    assert_int_equal(radio.contexts.active, 0);
    assert_string_equal(radio_why_no_service(&radio), "detached from the network");
    change = radio_attach(&radio);
    assert_true(change.now.attached);
    assert_int_equal(radio.contexts.active, context_bit(1));
}

static void a_move_is_no_change_of_registration(void **state)
{
    (void)state;
    struct radio radio = switched_on();
    struct imqtt_radio network = radio.network;
    network.cell++;
    struct radio_change change = radio_set_network(&radio, &network);
    assert_false(radio_stat_changed(&change, DOMAIN_CREG));
    assert_true(radio_place_changed(&change, DOMAIN_CREG));
    change = radio_set_function(&radio, RADIO_FLIGHT);
    assert_int_equal(radio_signal(&radio), RADIO_SIGNAL_UNKNOWN);
    network.cell++;
    change = radio_set_network(&radio, &network);
    assert_false(radio_place_changed(&change, DOMAIN_CREG));
}

static void the_line_changes_behind_its_result(void **state)
{
    (void)state;
    struct line_settings line = line_settings_from(0, false);
    assert_int_equal(line.baud, LINE_BAUD_DEFAULT);
    line_settings_ask(&line, 9600, true);
    assert_false(line_settings_change_is_due(&line));
    line_settings_end_line(&line, 100);
    assert_true(line_settings_change_is_due(&line) && line.due_position == 100);
    assert_false(line_settings_take_change(&line, 99));
    assert_true(line_settings_take_change(&line, 100));
    assert_false(line_settings_take_change(&line, 100));
    assert_false(line_settings_change_is_due(&line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_radio_comes_from_off_into_service),
        cmocka_unit_test(detaching_changes_what_packets_have),
        cmocka_unit_test(a_move_is_no_change_of_registration),
        cmocka_unit_test(the_line_changes_behind_its_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
