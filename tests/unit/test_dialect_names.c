/* Dialects by their names, and what is asked of one by who speaks in a modem's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

static void each_is_found_by_its_name(void **state)
{
    const char *name;
    size_t count = 0;
    (void)state;
    while ((name = imqtt_dialect_name(count)) != NULL) {
        const struct imqtt_dialect *dialect = imqtt_dialect_named(name);
        assert_non_null(dialect);
        if (count++ > 0)
            assert_string_equal(imqtt_dialect_word(dialect), name);
    }
    assert_int_equal(count, 6);
    assert_null(imqtt_dialect_named("at"));
    assert_null(imqtt_dialect_named(""));
}

static void assert_sorted(const struct at_table *table)
{
    for (size_t i = 1; i < table->count; i++)
        if (strcmp(table->commands[i - 1].name, table->commands[i].name) >= 0)
            fail_msg("AT%s stands before AT%s, and one of them is never found",
                     table->commands[i - 1].name, table->commands[i].name);
}

/* By bisection: core/at/command.h. */
static void each_command_is_found_by_its_name(void **state)
{
    const char *name;
    (void)state;
    for (size_t i = 0; (name = imqtt_dialect_name(i)) != NULL; i++) {
        const struct at_table *table = &imqtt_dialect_named(name)->commands;
        for (; table != NULL; table = table->base)
            assert_sorted(table);
    }
}

static void imqtts_own_has_no_word(void **state)
{
    (void)state;
    assert_ptr_equal(imqtt_dialect_named("imqtt"), &imqtt_dialect_default);
    assert_null(imqtt_dialect_word(&imqtt_dialect_default));
    assert_null(imqtt_dialect_word(NULL));
}

static void esp_alone_begins_its_lines_without_a_line_end(void **state)
{
    const char *name;
    (void)state;
    assert_false(imqtt_dialect_has_bare_lines(NULL));
    for (size_t i = 0; (name = imqtt_dialect_name(i)) != NULL; i++) {
        const struct imqtt_dialect *dialect = imqtt_dialect_named(name);
        assert_int_equal(imqtt_dialect_has_bare_lines(dialect), dialect == &imqtt_dialect_esp);
    }
}

static void some_commands_of_some_know_no_numbers(void **state)
{
    const struct imqtt_dialect *cmqtt = &imqtt_dialect_cmqtt;
    (void)state;
    assert_true(imqtt_dialect_has_plain_error(cmqtt, "AT+CMQTTCFG=\"version\",0,4"));
    assert_true(imqtt_dialect_has_plain_error(cmqtt, "at+cmqttcfg?"));
    assert_true(imqtt_dialect_has_plain_error(cmqtt, "ATE0;+CMQTTSTART"));
    assert_false(imqtt_dialect_has_plain_error(cmqtt, "AT+CSQ"));
    assert_false(imqtt_dialect_has_plain_error(cmqtt, "AT"));
    assert_false(imqtt_dialect_has_plain_error(cmqtt, "AT\"+CMQTTCFG"));
    assert_false(imqtt_dialect_has_plain_error(NULL, "AT+CMQTTCFG=1"));
    assert_true(
        imqtt_dialect_has_plain_error(imqtt_dialect_named("esp"), "AT+CIFSR")); /* the first */
}

static void some_have_several_clients(void **state)
{
    (void)state;
    assert_int_equal(imqtt_dialect_clients(NULL), 1);
    assert_int_equal(imqtt_dialect_clients(&imqtt_dialect_default), 1);
    assert_int_equal(imqtt_dialect_clients(&imqtt_dialect_ica), 1);
    assert_int_equal(imqtt_dialect_clients(&imqtt_dialect_cmqtt), 2);
    assert_int_equal(imqtt_dialect_clients(&imqtt_dialect_qmt), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_name),
        cmocka_unit_test(each_command_is_found_by_its_name),
        cmocka_unit_test(imqtts_own_has_no_word),
        cmocka_unit_test(esp_alone_begins_its_lines_without_a_line_end),
        cmocka_unit_test(some_commands_of_some_know_no_numbers),
        cmocka_unit_test(some_have_several_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
