/* Identities: what may be given, and what is derived from a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/device/device_identity.h"

/* ---- what may be given --------------------------------------------------------------------- */

static void assert_good(enum imqtt_identity_field field, const char *value)
{
    assert_null(imqtt_identity_problem(field, value));
}

static void assert_bad(enum imqtt_identity_field field, const char *value, const char *rule)
{
    const char *problem = imqtt_identity_problem(field, value);
    assert_non_null(problem);
    assert_string_equal(problem, rule);
}

static void test_texts(void **state)
{
    (void)state;
    const enum imqtt_identity_field texts[] = {IMQTT_MANUFACTURER, IMQTT_MODEL, IMQTT_REVISION};
    const char *rule = "1 to 64 printable characters";
    char longest[IMQTT_IDENTITY_TEXT_BYTES + 2] = {0};
    memset(longest, 'x', IMQTT_IDENTITY_TEXT_BYTES);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_good(texts[i], "RisingHF");
        assert_good(texts[i], " ~");
        assert_good(texts[i], longest);
        assert_bad(texts[i], "", rule);
        assert_bad(texts[i], "a\r\nOK", rule);
        assert_bad(texts[i], "\x7f", rule);
        assert_bad(texts[i], "\xc3\xa9", rule);
    }
    longest[IMQTT_IDENTITY_TEXT_BYTES] = 'x';
    assert_bad(IMQTT_MODEL, longest, rule);
}

static void test_imei(void **state)
{
    (void)state;
    const char *rule = "15 digits, the last one the Luhn check digit";
    assert_good(IMQTT_IMEI, "490154203237518"); /* the example of TS 23.003 and of many manuals */
    assert_good(IMQTT_IMEI, "000000000000000");
    assert_bad(IMQTT_IMEI, "490154203237517", rule);
    assert_bad(IMQTT_IMEI, "940154203237518", rule);
    assert_bad(IMQTT_IMEI, "49015420323751", rule);
    assert_bad(IMQTT_IMEI, "4901542032375180", rule);
    assert_bad(IMQTT_IMEI, "49015420323751a", rule);
    assert_bad(IMQTT_IMEI, "", rule);
}

static void test_imsi(void **state)
{
    (void)state;
    const char *rule = "15 digits";
    assert_good(IMQTT_IMSI, "460001234567890");
    assert_bad(IMQTT_IMSI, "46000123456789", rule);
    assert_bad(IMQTT_IMSI, "4600012345678901", rule);
    assert_bad(IMQTT_IMSI, "46000123456789 ", rule);
}

static void test_iccid(void **state)
{
    (void)state;
    const char *rule = "19 or 20 digits, the last one the Luhn check digit";
    assert_good(IMQTT_ICCID, "8944500102198304826");
    assert_good(IMQTT_ICCID, "89310410106543789305");
    assert_good(IMQTT_ICCID, "00000000000000000000");
    assert_bad(IMQTT_ICCID, "8944500102198304827", rule);
    assert_bad(IMQTT_ICCID, "894450010219830482", rule);
    assert_bad(IMQTT_ICCID, "000000000000000000000", rule);
}

/* ---- what is derived ----------------------------------------------------------------------- */

struct value {
    char text[IMQTT_IDENTITY_TEXT_BYTES + 1];
};

static struct value value_of(const struct imqtt_identity *identity, enum imqtt_identity_field field)
{
    struct value value = {{0}};
    struct out out = out_on((uint8_t *)value.text, IMQTT_IDENTITY_TEXT_BYTES);
    identity_put(identity, field, &out);
    assert_false(out.overflowed);
    return value;
}

static struct value derived(const char *name, enum imqtt_identity_field field)
{
    struct imqtt_identity identity = {.name = name};
    return value_of(&identity, field);
}

static void test_whatever_is_derived_could_be_given(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char name[24];
        snprintf(name, sizeof name, "/dev/ttyS%d", i);
        for (enum imqtt_identity_field field = 0; field < IMQTT_IDENTITY_FIELD_COUNT; field++)
            assert_good(field, derived(name, field).text);
    }
}

static void test_a_name_has_the_same_identity_for_ever(void **state)
{
    (void)state;
    assert_string_equal(derived("/tmp/modem", IMQTT_IMEI).text, "001114985460128");
    assert_string_equal(derived("/tmp/modem", IMQTT_IMSI).text, "001015089619363");
    assert_string_equal(derived("/tmp/modem", IMQTT_ICCID).text, "89001012798674525347");
    assert_string_equal(derived("/tmp/modem", IMQTT_MANUFACTURER).text, "imqtt");
}

static void test_no_name_is_like_an_empty_one(void **state)
{
    (void)state;
    assert_string_equal(derived(NULL, IMQTT_IMEI).text, derived("", IMQTT_IMEI).text);
}

#define NAMES 2000

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_names_that_are_alike_have_identities_that_are_not(void **state)
{
    (void)state;
    static struct value values[NAMES];
    for (enum imqtt_identity_field field = IMQTT_IMEI; field <= IMQTT_ICCID; field++) {
        for (int i = 0; i < NAMES; i++) {
            char name[24];
            snprintf(name, sizeof name, "/tmp/modem%d", i);
            values[i] = derived(name, field);
        }
        qsort(values, NAMES, sizeof values[0], compare);
        for (int i = 1; i < NAMES; i++)
            assert_string_not_equal(values[i - 1].text, values[i].text);
    }
}

static void test_what_is_given_is_not_derived(void **state)
{
    (void)state;
    struct imqtt_identity identity = {
        .name = "a", .given = {[IMQTT_IMEI] = "490154203237518", [IMQTT_MODEL] = "LTE-1"}};
    assert_string_equal(value_of(&identity, IMQTT_IMEI).text, "490154203237518");
    assert_string_equal(value_of(&identity, IMQTT_MODEL).text, "LTE-1");
    assert_string_equal(value_of(&identity, IMQTT_IMSI).text, derived("a", IMQTT_IMSI).text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_imei),
        cmocka_unit_test(test_imsi),
        cmocka_unit_test(test_iccid),
        cmocka_unit_test(test_whatever_is_derived_could_be_given),
        cmocka_unit_test(test_a_name_has_the_same_identity_for_ever),
        cmocka_unit_test(test_no_name_is_like_an_empty_one),
        cmocka_unit_test(test_names_that_are_alike_have_identities_that_are_not),
        cmocka_unit_test(test_what_is_given_is_not_derived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
