/* Control bytes: found wherever they stand, dropped outside quotes only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/at/control.h"

static bool should_be_control(int byte)
{
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

static void a_control_byte_is_below_0x20_or_del_but_no_tab(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        assert_int_equal(is_control((uint8_t)byte), should_be_control(byte));
}

/* Every byte at every place of every length around a word, between neighbours that try to mislead
 * a search by words. */
static void finds_a_control_byte_wherever_it_stands(void **state)
{
    (void)state;
    static const uint8_t neighbours[] = {'x', ' ', '\t', '~', 0x80, 0xFF};
    for (size_t n = 0; n < sizeof neighbours; n++)
        for (size_t count = 1; count <= 20; count++) {
            uint8_t *bytes = malloc(count);
            assert_non_null(bytes);
            for (size_t at = 0; at < count; at++)
                for (int byte = 0; byte < 256; byte++) {
                    memset(bytes, neighbours[n], count);
                    bytes[at] = (uint8_t)byte;
                    size_t expected = should_be_control(byte) ? at : count;
                    if (control_find(span_of(bytes, count)) != expected)
                        fail_msg("byte %d at %zu of %zu", byte, at, count);
                }
            free(bytes);
        }
    assert_int_equal(control_find(SPAN_EMPTY), 0);
}

static void finds_the_first_of_several(void **state)
{
    (void)state;
    assert_int_equal(control_find(span_text("ab\tcd\x01\x02")), 5);
    assert_int_equal(control_find(span_text("\t\t\t\t\t\t\t\t\t\t\x7F")), 10);
}

static void assert_drops(const char *before, const char *after, bool clean)
{
    uint8_t bytes[32];
    size_t count = strlen(before);
    memcpy(bytes, before, count);
    assert_int_equal(control_drop(bytes, count), clean);
    assert_int_equal(strlen(after), count);
    assert_memory_equal(bytes, after, count);
}

static void drops_control_bytes_and_fills_the_end_with_spaces(void **state)
{
    (void)state;
    assert_drops("", "", true);
    assert_drops("abc", "abc", true);
    assert_drops("\x01", " ", true);
    assert_drops("a\x01\tb\x02", "a\tb  ", true);
    assert_drops("{\x01\"a\":\x02 1}", "{\"a\": 1}  ", true);
}

static void keeps_and_reports_those_inside_quotes(void **state)
{
    (void)state;
    assert_drops("{\x01\"a\x02\"}", "{\"a\x02\"} ", false);
    assert_drops("\"a\\\"\x01\"", "\"a\\\"\x01\"", false);
    assert_drops("\"a\\\\\"\x01", "\"a\\\\\" ", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_byte_is_below_0x20_or_del_but_no_tab),
        cmocka_unit_test(finds_a_control_byte_wherever_it_stands),
        cmocka_unit_test(finds_the_first_of_several),
        cmocka_unit_test(drops_control_bytes_and_fills_the_end_with_spaces),
        cmocka_unit_test(keeps_and_reports_those_inside_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
