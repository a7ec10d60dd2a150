/* Parameters: hex, messages, control bytes, and any bytes at all. */
#include "tests/unit/params_fixture.h"

#include <stdlib.h>

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
    assert_good(publish_params, "/t,1,\"hello, world\"", "/t|1|hello, world|0|");
    assert_good(publish_params, "/t,1,\"hello\",1", "/t|1|hello|1|");
    assert_good(publish_params, "/t,1,\"{\"a\":1,\"b\":2}\" , 1 ", "/t|1|{\"a\":1,\"b\":2}|1|");
    assert_good(publish_params, "/t,1,\"{\\\"a\\\":1,\\\"b\\\":2}\"", "/t|1|{\"a\":1,\"b\":2}|0|");
    assert_good(publish_params, "/t,1,\"\"", "/t|1||0|");
    assert_good(publish_params, "/t,1,\"\"\"", "/t|1|\"|0|");
    assert_good(publish_params, "/t,1,\"a\\\\\",0", "/t|1|a\\|0|");
    assert_good(publish_params, "/t,1,\"a\\\"", "/t|1|a\\|0|");
    assert_good(publish_params, "/t,1,\"a\",\"b\"", "/t|1|a\",\"b|0|");
    assert_good(publish_params, "\"/t\",1,\"a;b\tc\\n\"", "/t|1|a;b\tc\\n|0|");
}

static void a_json_message_runs_to_the_last_bracket(void **state)
{
    (void)state;
    assert_good(publish_params, "/t,0,{\"a\":1,\"b\":\"x,\\\"y\"}",
                "/t|0|{\"a\":1,\"b\":\"x,\\\"y\"}|0|");
    assert_good(publish_params, "/t,0, [1,2,[3]] ,1", "/t|0|[1,2,[3]]|1|");
    assert_good(publish_params, "/t,0,{},1", "/t|0|{}|1|");
    assert_good(publish_params, "/t,0,{a},{b},1", "/t|0|{a},{b}|1|");
}

static void a_bare_message_runs_to_the_comma(void **state)
{
    (void)state;
    assert_good(publish_params, "/t,2,hello world,1", "/t|2|hello world|1|");
    assert_good(publish_params, "/t,2,a\"b\\\"", "/t|2|a\"b\\\"|0|");
    assert_good(publish_params, "/t,2,}{", "/t|2|}{|0|");
}

static void nothing_but_retained_may_follow_a_message(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "/t,0,\"a\"b",  "/t,0,\"a\",2", "/t,0,\"a\",",   "/t,0,\"a\",1,1", "/t,0,\"a\"1",
        "/t,0,{}x",     "/t,0,{},x",    "/t,0,[1]],1,0", "/t,0,a,1,1",     "/t,0,a,b",
        "/t,0,\"a\" 1", "/t,0,{} 1",    "/t,0,a,",       "/t,0,\"a\",\"1"};
    for (size_t i = 0; i + 1 < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(publish_params, wrong[i], IMQTT_BAD_PARAMETERS);
}

static void refuses_messages_that_do_not_end(void **state)
{
    (void)state;
    static const char *const wrong[] = {"/t,0,\"",  "/t,0,\"abc", "/t,0,{\"a\":1",
                                        "/t,0,[1}", "/t,0,{1],1", "/t,0,",
                                        "/t,0",     "/t,0,,1",    "/t,0,{\x01 1]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_bad(publish_params, wrong[i], IMQTT_BAD_PARAMETERS);
}

/* ---- control bytes ------------------------------------------------------------------------- */

static void ignores_control_bytes_outside_quotes(void **state)
{
    (void)state;
    assert_reads(publish_params, LITERAL("\x01\"/t\"\0,\x02 1\x03,\x04\"a\"\x05,\x06 1\x1F"),
                 LITERAL("/t|1|a|1|"), IMQTT_DONE);
    assert_reads(publish_params, LITERAL("\"/t\",1\0,he\0llo \x01,\x02\x03 1"),
                 LITERAL("/t|1|hello|1|"), IMQTT_DONE);
    assert_reads(publish_params, LITERAL("\"/t\",1,{\0\"a\"\x01:\x02 1\0}\x03,1"),
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
        assert_bad(publish_params, wrong[i], IMQTT_BAD_CHARACTER);
    assert_reads(publish_params, LITERAL("/t,1,\"a\0\""), SPAN_EMPTY, IMQTT_BAD_CHARACTER);
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
        reader *const readers[] = {publish_params, texts, hex};
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
