/* Parameters: numbers and strings. */
#include "tests/unit/params_fixture.h"

static void nothing(struct params *params, struct out *words)
{
    (void)params;
    (void)words;
}

static void number(struct params *params, struct out *words)
{
    note_number(words, params_number(params, 10, 65535));
}

static void two_numbers_and_one_that_may_be_missing(struct params *params, struct out *words)
{
    note_number(words, params_number(params, 0, 9));
    note_number(words, params_number(params, 0, 9));
    note_number(words, params_optional_number(params, 0, 1, 7));
}

/* ---- numbers ------------------------------------------------------------------------------- */

static void reads_numbers(void **state)
{
    (void)state;
    assert_good(number, "10", "10|");
    assert_good(number, "65535", "65535|");
    assert_good(number, " \t0042 ", "42|");
    assert_good(two_numbers_and_one_that_may_be_missing, "1,2", "1|2|7|");
    assert_good(two_numbers_and_one_that_may_be_missing, "1 , 2 , 1 ", "1|2|1|");
}

static void refuses_what_is_no_number_in_range(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",    "9",     "65536", "-10",   "+10", "\"10\"",
                                        "1 0", "0x10",  "10,",   ",10",   "ten", "10;",
                                        "10.", "10,11", "10 11", "10\"\""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(number, wrong[i], IMQTT_BAD_PARAMETERS);
}

static void refuses_too_few_and_too_many(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "1", "1,", "1,2,", "1,2,1,", "1,2,1,0", ",2", "1,,1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(two_numbers_and_one_that_may_be_missing, wrong[i], IMQTT_BAD_PARAMETERS);
}

static void an_optional_number_may_be_missing_altogether(void **state)
{
    (void)state;
    assert_good(optional_number, "", "7|");
    assert_good(optional_number, "  ", "7|");
    assert_good(optional_number, "0", "0|");
    assert_bad(optional_number, "2", IMQTT_BAD_PARAMETERS);
    assert_bad(optional_number, ",", IMQTT_BAD_PARAMETERS);
}

static void a_command_without_parameters_takes_none(void **state)
{
    (void)state;
    assert_good(nothing, "", "");
    assert_good(nothing, " \t", "");
    assert_bad(nothing, "1", IMQTT_BAD_PARAMETERS);
    assert_bad(nothing, ",", IMQTT_BAD_PARAMETERS);
}

static void a_number_is_its_minimum_after_an_error(void **state)
{
    (void)state;
    uint8_t line[] = "x,5";
    struct params params = params_of(line, 3);
    assert_int_equal(params_number(&params, 3, 9), 3);
    assert_int_equal(params_number(&params, 4, 9), 4);
    assert_int_equal(params_text(&params, 9).raw.count, 0);
    assert_int_equal(params_message(&params).raw.count, 0);
    assert_int_equal(params_hex(&params).count, 0);
    assert_false(params_more(&params));
}

/* ---- strings ------------------------------------------------------------------------------- */

static void reads_bare_strings_up_to_the_comma(void **state)
{
    (void)state;
    assert_good(texts, "a", "a|");
    assert_good(texts, "/a/b, c d ,\te", "/a/b|c d|e|");
    assert_good(texts, "a\\\"b,{x},[y],?", "a\\\"b|{x}|[y]|?|");
    assert_good(texts, "温度", "温度|");
    assert_good(texts, "a;b", "a;b|");
}

static void reads_quoted_strings(void **state)
{
    (void)state;
    assert_good(texts, "\"a\"", "a|");
    assert_good(texts, " \"a,b\" , \" c \" ", "a,b| c |");
    assert_good(texts, "\"\",\"\"", "||");
    assert_good(texts, "\"\ta\"", "\ta|");
}

static void takes_escapes_out_of_quoted_strings(void **state)
{
    (void)state;
    assert_good(texts, "\"a\\\"b\",\"\\\\\",\"\\n\"", "a\"b|\\|\\n|");
    assert_good(texts, "\"\\\\\\\"\",x", "\\\"|x|");
    assert_good(texts, "\"\\a\\\\a\\\",\"", "\\a\\a\",|");
}

static void refuses_empty_and_broken_strings(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",       ",a",      "a,",     "a,,b",     "\"",
                                        "\"a",    "\"a\\\"", "\"a\"b", "\"a\"\"b", "\"a\" b",
                                        "\"a\",", " ",       "\"a\";"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(texts, wrong[i], IMQTT_BAD_PARAMETERS);
}

static void the_limit_of_a_string_counts_bytes_without_escapes(void **state)
{
    (void)state;
    assert_good(texts, "123456789012", "123456789012|");
    assert_bad(texts, "1234567890123", IMQTT_TEXT_TOO_LONG);
    assert_good(texts, "\"12345678901\\\"\"", "12345678901\"|");
    assert_bad(texts, "\"123456789012\\\"\"", IMQTT_TEXT_TOO_LONG);
    assert_bad(texts, "温度温度1", IMQTT_TEXT_TOO_LONG);
}

static void of_several_errors_the_highest_number_wins(void **state)
{
    (void)state;
    assert_bad(texts, "1234567890123,\"\x01\"", IMQTT_BAD_CHARACTER);
    assert_bad(texts, "\"\x01\",1234567890123", IMQTT_BAD_CHARACTER);
    assert_bad(texts, "1234567890123,\"\x01\",", IMQTT_BAD_PARAMETERS);
    assert_bad(texts, "\"\x01\"x", IMQTT_BAD_PARAMETERS);
    assert_bad(texts, "\"\x01", IMQTT_BAD_PARAMETERS);
}

static void a_string_that_is_too_long_can_still_be_checked(void **state)
{
    (void)state;
    uint8_t line[] = "abcd";
    struct params params = params_of(line, 4);
    assert_true(span_equal(params_text(&params, 3).raw, LITERAL("abcd")));
    params_fail(&params, IMQTT_BAD_CHARACTER);
    params_fail(&params, IMQTT_TEXT_TOO_LONG);
    assert_int_equal(params_end(&params), IMQTT_BAD_CHARACTER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_what_is_no_number_in_range),
        cmocka_unit_test(refuses_too_few_and_too_many),
        cmocka_unit_test(an_optional_number_may_be_missing_altogether),
        cmocka_unit_test(a_command_without_parameters_takes_none),
        cmocka_unit_test(a_number_is_its_minimum_after_an_error),
        cmocka_unit_test(reads_bare_strings_up_to_the_comma),
        cmocka_unit_test(reads_quoted_strings),
        cmocka_unit_test(takes_escapes_out_of_quoted_strings),
        cmocka_unit_test(refuses_empty_and_broken_strings),
        cmocka_unit_test(the_limit_of_a_string_counts_bytes_without_escapes),
        cmocka_unit_test(of_several_errors_the_highest_number_wins),
        cmocka_unit_test(a_string_that_is_too_long_can_still_be_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
