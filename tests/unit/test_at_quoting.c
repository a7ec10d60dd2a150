/* Quotes, read and written in one place: where strings begin and end, what they protect, and that
 * what is shown can be typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/quoting.h"

/* ---- reading -------------------------------------------------------------------------------- */

static void a_string_ends_at_the_first_quote_that_is_not_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t closing;
    } cases[] = {{"\"\"", 1},         {"\"a\"b\"", 2},  {"\"a\\\"b\"", 5}, {"\"a\\\\\"b\"", 4},
                 {"\"\\\\\\\"\"", 5}, {"\"", 1},        {"\"abc", 4},      {"\"a\\\"", 4},
                 {"\"a\\b\"", 4},     {"\"\\\"\\\"", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(quoting_find_closing(span_text(cases[i].text)), cases[i].closing);
}

static void assert_separates(const char *before, const char *after)
{
    uint8_t bytes[64];
    struct out out = out_on(bytes, sizeof bytes);
    out_text(&out, before);
    out_text(&out, after);
    assert_int_equal(quoting_find_separator(out_written(&out)), strlen(before));
}

static void a_semicolon_separates_outside_strings_only(void **state)
{
    (void)state;
    assert_separates("", "");
    assert_separates("", ";E0");
    assert_separates(" 1,2 ", ";E0");
    assert_separates("\"a;b\"", ";E0");
    assert_separates("1, \t\"a;\\\";b\" ,\"c;\"", ";\"d\"");
    assert_separates("\"a;E0", "");
}

static void a_quote_opens_a_string_only_where_a_parameter_begins(void **state)
{
    (void)state;
    assert_separates("2,IP,a\\\"", ";+CSQ");
    assert_separates("a\"b", ";+CSQ");
    assert_separates("\"a\"\"b", ";c\"");
    assert_separates("a\\", ";+CSQ");
}

static void assert_text(const char *between, const char *expected)
{
    uint8_t bytes[32];
    struct text text = quoting_text(span_text(between));
    struct out out = out_on(bytes, text_bytes(text));
    text_put(text, &out);
    assert_false(out.overflowed);
    assert_true(span_equal(out_written(&out), span_text(expected)));
}

static void escapes_quotes_and_backslashes_and_nothing_else(void **state)
{
    (void)state;
    assert_text("plain", "plain");
    assert_text("a\\\"b\\\\c", "a\"b\\c");
    assert_text("\\n\\", "\\n\\");
    assert_text("\\\\\\\"", "\\\"");
}

/* ---- control bytes -------------------------------------------------------------------------- */

enum { BARE = false, JSON = true };

static void assert_cleans(bool is_json, const char *before, const char *after)
{
    uint8_t bytes[32];
    size_t count = strlen(before);
    memcpy(bytes, before, count);
    assert_int_equal(quoting_clean(bytes, count, is_json), after != NULL);
    if (after != NULL)
        assert_memory_equal(bytes, after, count);
}

static void drops_control_bytes_and_fills_the_end_with_spaces(void **state)
{
    (void)state;
    assert_cleans(BARE, "", "");
    assert_cleans(BARE, "abc", "abc");
    assert_cleans(BARE, "\x01", " ");
    assert_cleans(BARE, "a\x01\tb\x02", "a\tb  ");
    assert_cleans(BARE, "a\x01\"b", "a\"b ");
    assert_cleans(JSON, "{\x01\"a\":\x02 1}", "{\"a\": 1}  ");
    assert_cleans(JSON, "[\"a\\\\\"\x01]", "[\"a\\\\\"] ");
}

static void refuses_those_behind_a_quote(void **state)
{
    (void)state;
    assert_cleans(BARE, "a\"\x01", NULL);
    assert_cleans(BARE, "a\\\"b\x01", NULL);
    assert_cleans(JSON, "{\x01\"a\x02\"}", NULL);
    assert_cleans(JSON, "{\"a\\\"\x01\"}", NULL);
    assert_cleans(JSON, "{\"a\"\x01,\"\x02}", NULL);
}

/* ---- writing -------------------------------------------------------------------------------- */

static void assert_put(const char *string, const char *expected)
{
    uint8_t bytes[64];
    struct out out = out_on(bytes, sizeof bytes);
    quoting_put_string(&out, span_text(string));
    assert_true(span_equal(out_written(&out), span_text(expected)));
}

static void a_string_is_bare_where_it_can_be_typed_bare(void **state)
{
    (void)state;
    assert_put("name001", "name001");
    assert_put("/a/b c", "/a/b c");
    assert_put("a\\b}]", "a\\b}]");
    assert_put("温度;x", "温度;x");
    assert_put("?a", "?a");
    assert_put("??", "??");
}

static void a_string_is_quoted_where_it_must_be(void **state)
{
    (void)state;
    assert_put("", "\"\"");
    assert_put("a,b", "\"a,b\"");
    assert_put("a\"b\\", "\"a\\\"b\\\\\"");
    assert_put(" a", "\" a\"");
    assert_put("a ", "\"a \"");
    assert_put("\ta", "\"\ta\"");
    assert_put("{a}", "\"{a}\"");
    assert_put("[a", "\"[a\"");
    assert_put("?", "\"?\"");
}

static void assert_escapes(const char *string, const char *expected)
{
    uint8_t bytes[64];
    struct out out = out_on(bytes, sizeof bytes);
    quoting_put_escaped(&out, span_text(string));
    assert_true(span_equal(out_written(&out), span_text(expected)));
}

static void writes_a_backslash_before_each_quote_and_backslash(void **state)
{
    (void)state;
    assert_escapes("", "");
    assert_escapes("plain", "plain");
    assert_escapes("a\"b\\c", "a\\\"b\\\\c");
    assert_escapes("\"\"\\", "\\\"\\\"\\\\");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_ends_at_the_first_quote_that_is_not_escaped),
        cmocka_unit_test(a_semicolon_separates_outside_strings_only),
        cmocka_unit_test(a_quote_opens_a_string_only_where_a_parameter_begins),
        cmocka_unit_test(escapes_quotes_and_backslashes_and_nothing_else),
        cmocka_unit_test(drops_control_bytes_and_fills_the_end_with_spaces),
        cmocka_unit_test(refuses_those_behind_a_quote),
        cmocka_unit_test(a_string_is_bare_where_it_can_be_typed_bare),
        cmocka_unit_test(a_string_is_quoted_where_it_must_be),
        cmocka_unit_test(writes_a_backslash_before_each_quote_and_backslash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
