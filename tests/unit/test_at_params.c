/* Parameters. Each line is read twice, as A/ would: both readings must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/at/params.h"

#define LITERAL(text) span_of((const uint8_t *)(text), sizeof(text) - 1)

/* What one reading of a line gives, in words: "text|number|" and the error. */
struct reading {
    uint8_t bytes[512];
    struct out words;
    enum imqtt_status status;
};

typedef void reader(struct params *params, struct out *words);

static void note_text(struct out *words, struct text text)
{
    size_t before = words->count;
    text_put(text, words);
    assert_int_equal(words->count - before, text_bytes(text));
    out_u8(words, '|');
}

static void note_number(struct out *words, uint32_t number)
{
    out_decimal(words, (int32_t)number);
    out_u8(words, '|');
}

static void read_once(uint8_t *line, size_t count, reader *read, struct reading *reading)
{
    struct params params = params_of(line, count);
    reading->words = out_on(reading->bytes, sizeof reading->bytes);
    read(&params, &reading->words);
    reading->status = params_end(&params);
}

static void assert_words(const struct reading *reading, struct span expected)
{
    assert_int_equal(reading->words.count, expected.count);
    assert_memory_equal(reading->bytes, expected.bytes, expected.count);
}

static void assert_reads(reader *read, struct span line, struct span words,
                         enum imqtt_status status)
{
    uint8_t *copy = malloc(line.count > 0 ? line.count : 1);
    assert_non_null(copy);
    if (line.count > 0)
        memcpy(copy, line.bytes, line.count);
    for (int turn = 0; turn < 2; turn++) {
        struct reading reading;
        read_once(copy, line.count, read, &reading);
        if (reading.status != status)
            fail_msg("%.*s: %d, not %d", (int)line.count, (const char *)line.bytes,
                     (int)reading.status, (int)status);
        if (status == IMQTT_DONE)
            assert_words(&reading, words);
    }
    free(copy);
}

static void assert_good(reader *read, const char *line, const char *words)
{
    assert_reads(read, span_text(line), span_text(words), IMQTT_DONE);
}

static void assert_bad(reader *read, const char *line, enum imqtt_status status)
{
    assert_reads(read, span_text(line), SPAN_EMPTY, status);
}

/* ---- the shapes that commands have --------------------------------------------------------- */

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

static void optional_number(struct params *params, struct out *words)
{
    note_number(words, params_optional_number(params, 0, 1, 7));
}

static void texts(struct params *params, struct out *words)
{
    do {
        note_text(words, params_text(params, 12));
    } while (params_more(params));
}

static void hex(struct params *params, struct out *words)
{
    out_span(words, params_hex(params));
}

static void publish(struct params *params, struct out *words)
{
    note_text(words, params_text(params, 12));
    note_number(words, params_number(params, 0, 2));
    note_text(words, params_message(params));
    note_number(words, params_optional_number(params, 0, 1, 0));
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

/* ---- hex ----------------------------------------------------------------------------------- */

static void reads_hex_strings(void **state)
{
    (void)state;
    assert_good(hex, "00fFa9", "00fFa9");
    assert_good(hex, " \"00FF\" ", "00FF");
    assert_good(hex, "\"\"", "");
}

static void refuses_what_is_no_hex(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "0g", "\"0\"", "0 0", "\" 00\"", "\"\\\"\\\"\"", "{}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(hex, wrong[i], IMQTT_BAD_CHARACTER);
    assert_bad(hex, "", IMQTT_BAD_PARAMETERS);
    assert_bad(hex, "0,", IMQTT_BAD_PARAMETERS);
    assert_bad(hex, "\"00\"0", IMQTT_BAD_PARAMETERS);
}

/* ---- messages ------------------------------------------------------------------------------ */

static void a_quoted_message_runs_to_the_last_quote(void **state)
{
    (void)state;
    assert_good(publish, "/t,1,\"hello, world\"", "/t|1|hello, world|0|");
    assert_good(publish, "/t,1,\"hello\",1", "/t|1|hello|1|");
    assert_good(publish, "/t,1,\"{\"a\":1,\"b\":2}\" , 1 ", "/t|1|{\"a\":1,\"b\":2}|1|");
    assert_good(publish, "/t,1,\"{\\\"a\\\":1,\\\"b\\\":2}\"", "/t|1|{\"a\":1,\"b\":2}|0|");
    assert_good(publish, "/t,1,\"\"", "/t|1||0|");
    assert_good(publish, "/t,1,\"\"\"", "/t|1|\"|0|");
    assert_good(publish, "/t,1,\"a\\\\\",0", "/t|1|a\\|0|");
    assert_good(publish, "/t,1,\"a\\\"", "/t|1|a\\|0|");
    assert_good(publish, "/t,1,\"a\",\"b\"", "/t|1|a\",\"b|0|");
    assert_good(publish, "\"/t\",1,\"a;b\tc\\n\"", "/t|1|a;b\tc\\n|0|");
}

static void a_json_message_runs_to_the_last_bracket(void **state)
{
    (void)state;
    assert_good(publish, "/t,0,{\"a\":1,\"b\":\"x,\\\"y\"}", "/t|0|{\"a\":1,\"b\":\"x,\\\"y\"}|0|");
    assert_good(publish, "/t,0, [1,2,[3]] ,1", "/t|0|[1,2,[3]]|1|");
    assert_good(publish, "/t,0,{},1", "/t|0|{}|1|");
    assert_good(publish, "/t,0,{a},{b},1", "/t|0|{a},{b}|1|");
}

static void a_bare_message_runs_to_the_comma(void **state)
{
    (void)state;
    assert_good(publish, "/t,2,hello world,1", "/t|2|hello world|1|");
    assert_good(publish, "/t,2,a\"b\\\"", "/t|2|a\"b\\\"|0|");
    assert_good(publish, "/t,2,}{", "/t|2|}{|0|");
}

static void nothing_but_retained_may_follow_a_message(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "/t,0,\"a\"b",  "/t,0,\"a\",2", "/t,0,\"a\",",   "/t,0,\"a\",1,1", "/t,0,\"a\"1",
        "/t,0,{}x",     "/t,0,{},x",    "/t,0,[1]],1,0", "/t,0,a,1,1",     "/t,0,a,b",
        "/t,0,\"a\" 1", "/t,0,{} 1",    "/t,0,a,",       "/t,0,\"a\",\"1"};
    for (size_t i = 0; i + 1 < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(publish, wrong[i], IMQTT_BAD_PARAMETERS);
}

static void refuses_messages_that_do_not_end(void **state)
{
    (void)state;
    static const char *const wrong[] = {"/t,0,\"",  "/t,0,\"abc", "/t,0,{\"a\":1",
                                        "/t,0,[1}", "/t,0,{1],1", "/t,0,",
                                        "/t,0",     "/t,0,,1",    "/t,0,{\x01 1]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(publish, wrong[i], IMQTT_BAD_PARAMETERS);
}

/* ---- control bytes ------------------------------------------------------------------------- */

static void ignores_control_bytes_outside_quotes(void **state)
{
    (void)state;
    assert_reads(publish, LITERAL("\x01\"/t\"\0,\x02 1\x03,\x04\"a\"\x05,\x06 1\x1F"),
                 LITERAL("/t|1|a|1|"), IMQTT_DONE);
    assert_reads(publish, LITERAL("\"/t\",1\0,he\0llo \x01,\x02\x03 1"), LITERAL("/t|1|hello|1|"),
                 IMQTT_DONE);
    assert_reads(publish, LITERAL("\"/t\",1,{\0\"a\"\x01:\x02 1\0}\x03,1"),
                 LITERAL("/t|1|{\"a\": 1}|1|"), IMQTT_DONE);
    assert_good(texts, "\"a\",\x01\x02z\x03y\x04", "a|zy|");
}

static void a_value_of_ignored_bytes_alone_is_empty(void **state)
{
    (void)state;
    assert_bad(texts, "\"a\",\x01\x02", IMQTT_BAD_PARAMETERS);
    assert_good(optional_number, "\x01\x02", "7|");
}

static void refuses_control_bytes_inside_quotes(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\"/\x01t\",1,a",         "/t,1,\"a\x02\"",
                                        "/t,1,\"{\"a\x03\":1}\"", "/t,1,\"{\"a\":\x04 1}\"",
                                        "/t,1,{\"a\x05\":1}",     "/t,1,[\"\\\"\x06\"]",
                                        "/t,1,\"a\x1F\",1",       "/t,1,{\x01\"a\x02\":1},1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(publish, wrong[i], IMQTT_BAD_CHARACTER);
    assert_reads(publish, LITERAL("/t,1,\"a\0\""), SPAN_EMPTY, IMQTT_BAD_CHARACTER);
}

/* ---- more ---------------------------------------------------------------------------------- */

static void tells_whether_another_parameter_follows(void **state)
{
    (void)state;
    uint8_t line[] = "a, b ";
    struct params params = params_of(line, sizeof line - 1);
    assert_true(params_more(&params));
    params_text(&params, 9);
    assert_true(params_more(&params));
    params_text(&params, 9);
    assert_false(params_more(&params));
    assert_int_equal(params_end(&params), IMQTT_DONE);
}

/* Any bytes at all: two readings agree, and nothing is read outside the line. */
static void any_line_is_read_the_same_way_twice(void **state)
{
    (void)state;
    static const char alphabet[] = "\"\"\"\\\\,,{}[] 01a\x01\t\x7F";
    uint32_t random = 1;
    for (int turn = 0; turn < 20000; turn++) {
        size_t count = (size_t)turn % 24;
        uint8_t *line = malloc(count > 0 ? count : 1);
        assert_non_null(line);
        for (size_t i = 0; i < count; i++) {
            random = random * 1664525 + 1013904223;
            line[i] = (uint8_t)alphabet[(random >> 8) % (sizeof alphabet - 1)];
        }
        reader *const readers[] = {publish, texts, hex};
        for (size_t r = 0; r < sizeof readers / sizeof readers[0]; r++) {
            struct reading first, second;
            read_once(line, count, readers[r], &first);
            read_once(line, count, readers[r], &second);
            assert_int_equal(first.status, second.status);
            assert_int_equal(first.words.count, second.words.count);
            assert_memory_equal(first.bytes, second.bytes, first.words.count);
        }
        free(line);
    }
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
        cmocka_unit_test(reads_hex_strings),
        cmocka_unit_test(refuses_what_is_no_hex),
        cmocka_unit_test(a_quoted_message_runs_to_the_last_quote),
        cmocka_unit_test(a_json_message_runs_to_the_last_bracket),
        cmocka_unit_test(a_bare_message_runs_to_the_comma),
        cmocka_unit_test(nothing_but_retained_may_follow_a_message),
        cmocka_unit_test(refuses_messages_that_do_not_end),
        cmocka_unit_test(ignores_control_bytes_outside_quotes),
        cmocka_unit_test(a_value_of_ignored_bytes_alone_is_empty),
        cmocka_unit_test(refuses_control_bytes_inside_quotes),
        cmocka_unit_test(tells_whether_another_parameter_follows),
        cmocka_unit_test(any_line_is_read_the_same_way_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
