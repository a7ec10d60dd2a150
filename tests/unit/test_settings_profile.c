/* The stored record of the settings: version 1 as the program of 2026-11 wrote it
 * (tests/data/records), and version 2, which describes itself. */
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
#include "core/settings/profile.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct settings settings;
static uint8_t room[2000];

static int begin(void **state)
{
    static const struct factory_changes none;
    (void)state;
    lender_init(&lender);
    settings_init(&settings, &lender.port, &none);
    return 0;
}

static int end(void **state)
{
    (void)state;
    strings_clear(&settings.strings);
    return lender.blocks == 0 ? 0 : -1;
}

static struct span read_record(const char *name)
{
    char path[80];
    snprintf(path, sizeof path, "tests/data/records/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t count = fread(room, 1, sizeof room, file);
    fclose(file);
    return span_of(room, count);
}

static void assert_string(enum setting setting, const char *expected)
{
    assert_true(span_equal(setting_string(&settings, setting), span_text(expected)));
}

static void a_record_of_version_1_still_loads(void **state)
{
    (void)state;
    assert_true(profile_take(&settings, read_record("v1-standard")));
    assert_false(settings.answers.echo);
    assert_int_equal(settings.answers.error_form, 2);
    assert_memory_equal(settings.s_registers, "\x0A\x0B\x7F", 3);
    assert_memory_equal(settings.report_modes, "\x02\x01\x02", 3);
    assert_int_equal(settings.mode, MODE_STANDARD);
    assert_true(settings.tls);
    assert_int_equal(settings.receive_mode, RECEIVE_BUFFERED);
    assert_true(settings.receive_hex);
    assert_int_equal(settings.request.timeout_s, 1);
    assert_false(settings.request.clean_session);
    assert_int_equal(settings.request.keep_alive_s, 180);
    assert_int_equal(settings.request.version, VERSION_3_1);
    assert_int_equal(settings.port, 8883);
    assert_int_equal(settings.will_qos, 2);
    assert_true(settings.will_retained);
    assert_string(SETTING_ADDRESS, "broker.example.com");
    assert_string(SETTING_CLIENT_ID, "client");
    assert_string(SETTING_USER_NAME, "name \"x\"");
    assert_string(SETTING_PASSWORD, "secret");
    assert_string(SETTING_WILL_TOPIC, "a/b");
    assert_string(SETTING_WILL_MESSAGE, "gone");
}

static void the_other_records_of_version_1_load_too(void **state)
{
    (void)state;
    assert_true(profile_take(&settings, read_record("v1-factory")));
    assert_int_equal(settings.request.keep_alive_s, IMQTT_KEEP_ALIVE_DEFAULT_S);
    assert_true(profile_take(&settings, read_record("v1-binary-will")));
    assert_true(span_equal(setting_string(&settings, SETTING_WILL_MESSAGE),
                           span_of((const uint8_t *)"\x00\x01\x02\x7F\x80\xFF", 6)));
    assert_true(profile_take(&settings, read_record("v1-aliyun")));
    assert_int_equal(settings.mode, MODE_ALIYUN);
    assert_int_equal(settings.port, 65535);
    assert_string(SETTING_DEVICE_SECRET, "secret");
}

/* From before AT+IMQTTRECVHEX: the last byte is missing. */
static void a_record_without_its_last_field_loads(void **state)
{
    (void)state;
    struct span record = read_record("v1-standard");
    assert_true(profile_take(&settings, span_of(record.bytes, record.count - 1)));
    assert_false(settings.receive_hex);
    settings_reset(&settings);
    assert_false(profile_take(&settings, span_of(record.bytes, record.count - 2)));
    assert_true(settings.answers.echo);
}

static void what_was_put_is_taken(void **state)
{
    uint8_t bytes[500];
    struct out record = out_on(bytes, sizeof bytes), again = out_on(room, sizeof room);
    (void)state;
    assert_true(profile_take(&settings, read_record("v1-standard")));
    profile_put(&settings, &record);
    assert_false(record.overflowed);
    settings_reset(&settings);
    assert_true(profile_take(&settings, out_written(&record)));
    profile_put(&settings, &again);
    assert_true(span_equal(out_written(&record), out_written(&again)));
    assert_string(SETTING_PASSWORD, "secret");
}

static bool take(const char *bytes, size_t count)
{
    settings_reset(&settings);
    return profile_take(&settings, span_of((const uint8_t *)bytes, count));
}

#define TAKE(bytes) take(bytes, sizeof(bytes) - 1)

static void a_setting_that_is_not_known_is_passed_over(void **state)
{
    (void)state;
    assert_true(TAKE("\x02\xC8\x00\x03xyz\x0B\x00\x01\x02"));
    assert_int_equal(settings.request.timeout_s, 2);
}

static void a_number_has_any_width(void **state)
{
    (void)state;
    assert_true(TAKE("\x02\x0B\x00\x04\x00\x00\x00\x02"));
    assert_int_equal(settings.request.timeout_s, 2);
    assert_false(TAKE("\x02\x0B\x00\x05\x00\x00\x00\x00\x02"));
    assert_false(TAKE("\x02\x0B\x00\x00"));
}

/* Whole or not at all. */
static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    assert_false(TAKE(""));
    assert_false(TAKE("\x03"));
    assert_false(TAKE("\x02\x0B\x00\x01\x04"));
    assert_false(TAKE("\x02\x0B\x00\x02\x01"));
    assert_false(TAKE("\x02\x00\x00\x01\x00\x14\x00\x01\x0A"));
    assert_true(settings.answers.echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_of_version_1_still_loads, begin, end),
        cmocka_unit_test_setup_teardown(the_other_records_of_version_1_load_too, begin, end),
        cmocka_unit_test_setup_teardown(a_record_without_its_last_field_loads, begin, end),
        cmocka_unit_test_setup_teardown(what_was_put_is_taken, begin, end),
        cmocka_unit_test_setup_teardown(a_setting_that_is_not_known_is_passed_over, begin, end),
        cmocka_unit_test_setup_teardown(a_number_has_any_width, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
