/* The cursor, the writer, and what hosts type: numbers, hex digits, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/bytes/hex.h"
#include "core/bytes/number.h"
#include "core/bytes/utf8.h"

#define BYTES(text) span_of((const uint8_t *)(text), sizeof(text) - 1)

static void assert_written(const struct out *out, const char *expected)
{
    assert_false(out->overflowed);
    assert_int_equal(out->count, strlen(expected));
    assert_memory_equal(out->bytes, expected, out->count);
}

/* ---- span ---------------------------------------------------------------------------------- */

static void takes_bytes_one_after_the_other(void **state)
{
    (void)state;
    struct span in = BYTES("\x01\x02\x03"
                           "abc");
    struct span taken;
    uint8_t byte;
    uint16_t word;
    assert_true(span_take_u8(&in, &byte));
    assert_int_equal(byte, 1);
    assert_true(span_take_u16(&in, &word));
    assert_int_equal(word, 0x0203);
    assert_true(span_skip(&in, 1));
    assert_true(span_take(&in, 2, &taken));
    assert_true(span_equal(taken, BYTES("bc")));
    assert_int_equal(in.count, 0);
}

static void leaves_the_cursor_where_it_is_when_too_few_bytes_are_left(void **state)
{
    (void)state;
    struct span in = BYTES("a"), taken = SPAN_EMPTY;
    uint16_t word = 7;
    assert_false(span_take_u16(&in, &word));
    assert_false(span_take(&in, 2, &taken));
    assert_false(span_take(&in, SIZE_MAX, &taken));
    assert_false(span_skip(&in, 2));
    assert_int_equal(in.count, 1);
    assert_int_equal(word, 7);
    assert_int_equal(span_first(in), 'a');
    assert_true(span_skip(&in, 1));
    uint8_t byte;
    assert_false(span_take_u8(&in, &byte));
    assert_true(span_take(&in, 0, &taken));
    assert_int_equal(taken.count, 0);
}

static void an_empty_span_has_no_first_and_no_last_byte(void **state)
{
    (void)state;
    assert_int_equal(span_first(SPAN_EMPTY), -1);
    assert_int_equal(span_last(SPAN_EMPTY), -1);
    assert_int_equal(span_first(BYTES("xy")), 'x');
    assert_int_equal(span_last(BYTES("xy")), 'y');
    assert_int_equal(span_last(BYTES("\xFF")), 0xFF);
}

static void finds_the_first_and_the_last_of_a_byte(void **state)
{
    (void)state;
    assert_int_equal(span_find(BYTES("a,b,c"), ','), 1);
    assert_int_equal(span_find_last(BYTES("a,b,c"), ','), 3);
    assert_int_equal(span_find(BYTES("abc"), ','), 3);
    assert_int_equal(span_find_last(BYTES("abc"), ','), 3);
    assert_int_equal(span_find(SPAN_EMPTY, ','), 0);
    assert_int_equal(span_find_last(SPAN_EMPTY, ','), 0);
}

static void compares_with_and_without_case(void **state)
{
    (void)state;
    assert_true(span_equal(SPAN_EMPTY, BYTES("")));
    assert_false(span_equal(BYTES("ab"), BYTES("abc")));
    assert_false(span_equal(BYTES("ab"), BYTES("aB")));
    assert_true(span_equal_ignoring_case(BYTES("TimeOut_1"), BYTES("timeoUT_1")));
    assert_false(span_equal_ignoring_case(BYTES("ab"), BYTES("abc")));
    assert_false(span_equal_ignoring_case(BYTES("[{"), BYTES("{[")));
    assert_false(span_equal_ignoring_case(BYTES("@"), BYTES("`")));
}

static void trims_spaces_and_tabs_at_the_ends_only(void **state)
{
    (void)state;
    assert_true(span_equal(span_trim(BYTES(" \t a b\t ")), BYTES("a b")));
    assert_true(span_equal(span_trim_start(BYTES("  a ")), BYTES("a ")));
    assert_int_equal(span_trim(BYTES(" \t ")).count, 0);
    assert_int_equal(span_trim(SPAN_EMPTY).count, 0);
    assert_true(span_equal(span_trim(BYTES("\r\n")), BYTES("\r\n")));
}

/* ---- out ----------------------------------------------------------------------------------- */

static void writes_what_fits(void **state)
{
    (void)state;
    uint8_t bytes[9];
    struct out out = out_on(bytes, sizeof bytes);
    out_u8(&out, 'a');
    out_u16(&out, 0x6263);
    out_text(&out, "de");
    out_span(&out, SPAN_EMPTY);
    out_span(&out, BYTES("fghi"));
    assert_written(&out, "abcdefghi");
    assert_int_equal(out_room(&out), 0);
}

static void stays_overflowed_and_writes_nothing_more(void **state)
{
    (void)state;
    uint8_t bytes[4] = "....";
    struct out out = out_on(bytes, 3);
    out_u16(&out, 0x6162);
    out_text(&out, "cd");
    assert_true(out.overflowed);
    out_u8(&out, 'e');
    assert_true(out.overflowed);
    assert_int_equal(out.count, 2);
    assert_memory_equal(bytes, "ab..", 4);
    assert_null(out_claim(&out, 1));
}

static void formats_decimal_numbers(void **state)
{
    (void)state;
    static const struct {
        int32_t value;
        const char *text;
    } cases[] = {{0, "0"},         {-1, "-1"},
                 {9, "9"},         {10, "10"},
                 {65535, "65535"}, {INT32_MAX, "2147483647"},
                 {-128, "-128"},   {INT32_MIN, "-2147483648"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[11];
        struct out out = out_on(bytes, sizeof bytes);
        out_decimal(&out, cases[i].value);
        assert_written(&out, cases[i].text);
    }
}

static void pads_with_zeros(void **state)
{
    (void)state;
    uint8_t bytes[32];
    struct out out = out_on(bytes, sizeof bytes);
    out_padded(&out, 7, 3);
    out_u8(&out, ' ');
    out_padded(&out, 1234, 3);
    out_u8(&out, ' ');
    out_padded(&out, UINT32_MAX, 99);
    assert_written(&out, "007 1234 4294967295");
}

static void formats_hex_in_upper_case(void **state)
{
    (void)state;
    uint8_t bytes[8];
    struct out out = out_on(bytes, sizeof bytes);
    out_hex(&out, BYTES("\x00\x9A\xBC\xFF"));
    assert_written(&out, "009ABCFF");
}

/* ---- number, hex, utf8 --------------------------------------------------------------------- */

static void parses_numbers_within_their_range(void **state)
{
    (void)state;
    uint32_t value = 0;
    assert_true(number_parse(BYTES("60"), 60, 180, &value));
    assert_int_equal(value, 60);
    assert_true(number_parse(BYTES("000180"), 60, 180, &value));
    assert_int_equal(value, 180);
    assert_true(number_parse(BYTES("4294967295"), 0, UINT32_MAX, &value));
    assert_true(value == UINT32_MAX);
}

static void refuses_what_is_no_number_or_out_of_range(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",     "59",         "181",  "+60", "-60", "6 0", " 60", "60 ",
        "0x3C", "4294967356", "60.0", "6a",  "/60", "60:", "٦٠",  "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint32_t value = 7;
        assert_false(number_parse(span_text(wrong[i]), 60, 180, &value));
        assert_int_equal(value, 7);
    }
    uint32_t value;
    assert_false(number_parse(BYTES("4294967296"), 0, UINT32_MAX, &value));
}

static void decodes_hex_in_either_case(void **state)
{
    (void)state;
    uint8_t bytes[4];
    struct out out = out_on(bytes, sizeof bytes);
    struct span text = BYTES("00aFFa90");
    assert_true(hex_is_valid(text));
    hex_decode(text, &out);
    assert_false(out.overflowed);
    assert_memory_equal(bytes, "\x00\xAF\xFA\x90", 4);
    assert_true(hex_is_valid(SPAN_EMPTY));
}

static void every_byte_that_is_no_hex_digit_is_refused(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        uint8_t pair[3] = {'0', (uint8_t)byte, '0'};
        bool is_digit = byte != 0 && memchr("0123456789abcdefABCDEF", byte, 22) != NULL;
        assert_int_equal(hex_is_valid(span_of(pair, 2)), is_digit);
        assert_int_equal(hex_is_valid(span_of(pair + 1, 2)), is_digit);
    }
    assert_false(hex_is_valid(BYTES("123")));
}

static void accepts_every_character_of_unicode_but_nul(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x110000; point++) {
        uint8_t bytes[4];
        struct out out = out_on(bytes, sizeof bytes);
        bool is_character = (point < 0xD800 || point > 0xDFFF) && point <= 0x10FFFF;
        if (point < 0x80) {
            out_u8(&out, (uint8_t)point);
        } else {
            unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
            out_u8(&out, (uint8_t)((0xFF00U >> (more + 1) & 0xFF) | point >> 6 * more));
            while (more-- > 0)
                out_u8(&out, (uint8_t)(0x80 | (point >> 6 * more & 0x3F)));
        }
        if (utf8_is_valid(out_written(&out)) != is_character)
            fail_msg("U+%04X", (unsigned)point);
    }
}

static void knows_the_characters_that_brokers_hang_up_on(void **state)
{
    (void)state;
    static const char *const disputed[] = {"\x01",
                                           "\t",
                                           "a\x1F",
                                           "\x7F",
                                           "\xC2\x80",
                                           "x\xC2\x9F",
                                           "\xEF\xB7\x90",
                                           "\xEF\xB7\xAF",
                                           "\xEF\xBF\xBE",
                                           "\xEF\xBF\xBF",
                                           "\xF0\x9F\xBF\xBE",
                                           "\xF4\x8F\xBF\xBF",
                                           "12345678\x01",
                                           "1234567\x7F"};
    static const char *const fine[] = {"",
                                       " ",
                                       "~",
                                       "/mqtt/topic/of/some/length",
                                       "\xC2\xA0",
                                       "温度/\xC3\xA9",
                                       "\xEF\xB7\x8F",
                                       "\xEF\xB7\xB0",
                                       "\xEF\xBF\xBD",
                                       "\xF0\x9F\x98\x80",
                                       "\xE2\x80\xA8"};
    for (size_t i = 0; i < sizeof disputed / sizeof disputed[0]; i++)
        assert_true(utf8_has_disputed(span_text(disputed[i])));
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
        assert_false(utf8_has_disputed(span_text(fine[i])));
}

static void knows_the_characters_that_break_a_line(void **state)
{
    (void)state;
    static const char *const breaking[] = {"\r",       "\n",           "\x7F",         "\xC2\x85",
                                           "\xC2\x9B", "\xE2\x80\xA8", "a\xE2\x80\xA9"};
    static const char *const fine[] = {"", "a\tb", "\xC2\xA0", "\xE2\x80\xA7", "\xEF\xBF\xBF"};
    for (size_t i = 0; i < sizeof breaking / sizeof breaking[0]; i++)
        assert_true(utf8_has_line_break(span_text(breaking[i])));
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
        assert_false(utf8_has_line_break(span_text(fine[i])));
}

static void refuses_ill_formed_utf8(void **state)
{
    (void)state;
    static const struct span wrong[] = {
        {(const uint8_t *)"a\0b", 3},             /* U+0000 */
        {(const uint8_t *)"\xC0\x80", 2},         /* the same, too long */
        {(const uint8_t *)"\xC1\xBF", 2},         /* one byte would do */
        {(const uint8_t *)"\xE0\x9F\xBF", 3},     /* two would do */
        {(const uint8_t *)"\xF0\x8F\xBF\xBF", 4}, /* three would do */
        {(const uint8_t *)"\x80", 1},             /* no lead byte */
        {(const uint8_t *)"\xC3", 1},             /* cut off */
        {(const uint8_t *)"\xE4\xB8", 2},
        {(const uint8_t *)"\xF0\x9F\x98", 3},
        {(const uint8_t *)"\xC3(", 2}, /* no continuation */
        {(const uint8_t *)"\xE4\xB8z", 3},
        {(const uint8_t *)"\xED\xA0\x80", 3},     /* a surrogate */
        {(const uint8_t *)"\xF4\x90\x80\x80", 4}, /* U+110000 */
        {(const uint8_t *)"\xF8\x88\x80\x80\x80", 5},
        {(const uint8_t *)"\xFF", 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(utf8_is_valid(wrong[i]));
    assert_true(utf8_is_valid(SPAN_EMPTY));
    assert_true(utf8_is_valid(BYTES("a/温度/\xF0\x9F\x98\x80")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_bytes_one_after_the_other),
        cmocka_unit_test(leaves_the_cursor_where_it_is_when_too_few_bytes_are_left),
        cmocka_unit_test(an_empty_span_has_no_first_and_no_last_byte),
        cmocka_unit_test(finds_the_first_and_the_last_of_a_byte),
        cmocka_unit_test(compares_with_and_without_case),
        cmocka_unit_test(trims_spaces_and_tabs_at_the_ends_only),
        cmocka_unit_test(writes_what_fits),
        cmocka_unit_test(stays_overflowed_and_writes_nothing_more),
        cmocka_unit_test(formats_decimal_numbers),
        cmocka_unit_test(pads_with_zeros),
        cmocka_unit_test(formats_hex_in_upper_case),
        cmocka_unit_test(parses_numbers_within_their_range),
        cmocka_unit_test(refuses_what_is_no_number_or_out_of_range),
        cmocka_unit_test(decodes_hex_in_either_case),
        cmocka_unit_test(every_byte_that_is_no_hex_digit_is_refused),
        cmocka_unit_test(accepts_every_character_of_unicode_but_nul),
        cmocka_unit_test(knows_the_characters_that_brokers_hang_up_on),
        cmocka_unit_test(knows_the_characters_that_break_a_line),
        cmocka_unit_test(refuses_ill_formed_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
