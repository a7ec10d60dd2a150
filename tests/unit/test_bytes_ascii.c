/* Control bytes: found wherever they stand, dropped outside quotes only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/bytes/ascii.h"
#include "core/bytes/control_bytes.h"

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

static void knows_letters_digits_and_their_case(void **state)
{
    (void)state;
    for (int byte = -1; byte <= UINT8_MAX; byte++) {
        bool lower = byte >= 'a' && byte <= 'z', upper = byte >= 'A' && byte <= 'Z';
        assert_int_equal(is_letter(byte), lower || upper);
        assert_int_equal(is_digit(byte), byte >= '0' && byte <= '9');
        if (byte >= 0)
            assert_int_equal(upper_case((uint8_t)byte), lower ? byte - 'a' + 'A' : byte);
    }
    assert_true(is_letter_of('a', 'A') && is_letter_of('A', 'A') && !is_letter_of('b', 'A'));
}

static void a_blank_is_a_space_a_tab_or_a_control_byte(void **state)
{
    (void)state;
    for (int byte = 0; byte <= UINT8_MAX; byte++) {
        bool space = byte == ' ' || byte == '\t';
        assert_int_equal(is_space_or_tab((uint8_t)byte), space);
        assert_int_equal(is_blank((uint8_t)byte), space || should_be_control(byte));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_byte_is_below_0x20_or_del_but_no_tab),
        cmocka_unit_test(finds_a_control_byte_wherever_it_stands),
        cmocka_unit_test(finds_the_first_of_several),
        cmocka_unit_test(knows_letters_digits_and_their_case),
        cmocka_unit_test(a_blank_is_a_space_a_tab_or_a_control_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
