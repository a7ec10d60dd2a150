/* The table of settings agrees with itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/settings/factory.h"
#include "core/settings/fields.h"
#include "tests/unit/lender.h"

static struct lender lender;
static const struct factory_changes no_changes;

static void every_factory_value_is_in_its_range(void **state)
{
    (void)state;
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        if (!setting_is_string(setting)) {
            uint16_t factory = setting_fields[setting].factory;
            assert_true(setting_is_in(setting_range(setting, false), factory));
            assert_true(setting_is_in(setting_range(setting, true), factory));
        }
}

static void every_setting_stands_once_in_the_order_of_at_v(void **state)
{
    unsigned seen[SETTING_NAMES] = {0};
    (void)state;
    for (size_t i = 0; i < SETTING_NAMES; i++)
        seen[settings_in_order[i]]++;
    for (size_t i = 0; i < SETTING_NAMES; i++)
        assert_int_equal(seen[i], 1);
}

static void names_are_unique(void **state)
{
    (void)state;
    for (enum setting a = 0; a < SETTING_COUNT; a++)
        for (enum setting b = 0; b < a; b++)
            assert_string_not_equal(setting_name(a), setting_name(b));
}

/* A place is where the struct has it: each number is read back alone. */
static void a_number_that_is_put_is_read_back_and_no_other(void **state)
{
    (void)state;
    lender_init(&lender);
    struct settings factory;
    settings_init(&factory, &lender.port, &no_changes);
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
        struct settings settings = factory;
        if (setting_is_string(setting))
            continue;
        setting_put_number(&settings, setting, setting_fields[setting].max);
        for (enum setting other = 0; other < SETTING_COUNT; other++)
            if (!setting_is_string(other))
                assert_int_equal(setting_number(&settings, other),
                                 other == setting ? setting_fields[other].max
                                                  : setting_fields[other].factory);
    }
}

static void limits_can_be_wide(void **state)
{
    (void)state;
    struct setting_range keep_alive = setting_range(SETTING_KEEP_ALIVE_S, true);
    assert_true(setting_is_in(keep_alive, 0));
    assert_false(setting_is_in(keep_alive, 4));
    assert_true(setting_is_in(keep_alive, 5));
    assert_true(setting_is_in(keep_alive, 65535));
    assert_false(setting_is_in(setting_range(SETTING_KEEP_ALIVE_S, false), 0));
    assert_true(setting_is_in(setting_range(SETTING_TIMEOUT_S, true), 60));
    assert_false(setting_is_in(setting_range(SETTING_TIMEOUT_S, true), 0));
    assert_false(setting_is_in(setting_range(SETTING_TIMEOUT_S, false), 4));
}

static void the_owner_changes_what_the_factory_has(void **state)
{
    static const struct factory_changes changes = {.echo_off = true, .error_form = 1};
    (void)state;
    lender_init(&lender);
    struct settings settings;
    settings_init(&settings, &lender.port, &changes);
    assert_false(settings.answers.echo);
    assert_int_equal(settings.answers.error_form, 1);
    settings.answers.echo = true;
    settings_reset(&settings);
    assert_false(settings.answers.echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_factory_value_is_in_its_range),
        cmocka_unit_test(every_setting_stands_once_in_the_order_of_at_v),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(a_number_that_is_put_is_read_back_and_no_other),
        cmocka_unit_test(limits_can_be_wide),
        cmocka_unit_test(the_owner_changes_what_the_factory_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
