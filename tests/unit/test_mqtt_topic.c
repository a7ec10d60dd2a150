#include "core/mqtt/wire/topic.h"
#include "tests/unit/mqtt_fixture.h"

struct judgement {
    const char *text;
    bool is_name, is_filter;
};

static void check(const struct judgement *judgements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes bytes = bytes_of(judgements[i].text);
        struct span topic = span_of(bytes.bytes, bytes.count);
        if (topic_name_is_valid(topic) != judgements[i].is_name ||
            topic_filter_is_valid(topic) != judgements[i].is_filter)
            fail_msg("judged wrongly: %s", judgements[i].text);
    }
}

#define CHECK(judgements) check(judgements, sizeof judgements / sizeof judgements[0])

static void test_wildcards(void **state)
{
    (void)state;
    static const struct judgement judgements[] = {
        {"'a'", true, true},        {"'/'", true, true},        {"'a//b'", true, true},
        {"'$SYS'", true, true},     {"'a b'", true, true},      {"'+'", false, true},
        {"'#'", false, true},       {"'a/+'", false, true},     {"'+/b'", false, true},
        {"'a/+/b'", false, true},   {"'a/#'", false, true},     {"'/#'", false, true},
        {"'+/+/#'", false, true},   {"'/+'", false, true},      {"'a+'", false, false},
        {"'+a'", false, false},     {"'a/b+/c'", false, false}, {"'a#'", false, false},
        {"'#/a'", false, false},    {"'a/#/b'", false, false},  {"'##'", false, false},
        {"'++'", false, false},     {"'#/'", false, false},     {"'a/+#'", false, false},
        {"C3A9 '+'", false, false}, {"C3A9 '/+'", false, true}, {"C3A9 '#'", false, false},
    };
    CHECK(judgements);
}

static void test_characters(void **state)
{
    (void)state;
    static const struct judgement judgements[] = {
        {"", false, false},           /* at least one character */
        {"'a' 00 'b'", false, false}, /* U+0000 */
        {"C0 80", false, false},      /* U+0000, overlong */
        {"01", true, true},           /* control characters are MQTT's, not ours */
        {"7F", true, true},
        {"EF BB BF", true, true}, /* U+FEFF stays what it is */
        {"C3 A9 'x' E2 82 AC F0 9F 98 80", true, true},
        {"'a' C3", false, false},         /* cut short */
        {"80", false, false},             /* a continuation alone */
        {"ED A0 80", false, false},       /* a surrogate */
        {"F4 90 80 80", false, false},    /* over U+10FFFF */
        {"F8 88 80 80 80", false, false}, /* five bytes */
        {"FF", false, false},
    };
    CHECK(judgements);
}

/* Long names are looked at by words: each byte, at each place of one, as if it were alone. */
static void test_any_byte_at_any_place(void **state)
{
    (void)state;
    uint8_t text[17];
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++)
        for (size_t place = 0; place < sizeof text; place++) {
            memset(text, '~', sizeof text);
            text[place] = (uint8_t)byte;
            struct span topic = span_of(text, sizeof text);
            bool is_ascii = byte > 0 && byte < 0x80;
            bool is_name = is_ascii && byte != '+' && byte != '#';
            assert_int_equal(topic_name_is_valid(topic), is_name);
            assert_int_equal(topic_name_is_undisputed(topic),
                             is_name && byte >= ' ' && byte != 0x7F);
        }
}

static void test_longest(void **state)
{
    (void)state;
    static uint8_t text[UINT16_MAX + 1];
    memset(text, 'a', sizeof text);
    assert_true(topic_name_is_valid(span_of(text, UINT16_MAX)));
    assert_true(topic_filter_is_valid(span_of(text, UINT16_MAX)));
    assert_false(topic_name_is_valid(span_of(text, sizeof text)));
    assert_false(topic_filter_is_valid(span_of(text, sizeof text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wildcards),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_any_byte_at_any_place),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
