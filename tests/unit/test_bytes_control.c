/* Control bytes in a text, wherever they stand, and whatever lies around it: words are looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/bytes/control_bytes.h"

#define LONGEST 26
#define AROUND  32

static uint8_t room[AROUND + LONGEST + AROUND];

/* A text of printable bytes, between others. */
static struct span text_between(size_t count, uint8_t others)
{
    memset(room, others, sizeof room);
    memset(room + AROUND, 'a', count);
    return span_of(room + AROUND, count);
}

static void printable_text_is_so_whatever_lies_around(void **state)
{
    (void)state;
    for (size_t count = 0; count <= LONGEST; count++) {
        struct span text = text_between(count, '\n');
        assert_true(text_is_printable(text));
        assert_int_equal(control_find(text), count);
    }
}

static void assert_found(size_t count, size_t at, uint8_t byte)
{
    struct span text = text_between(count, 'a');
    room[AROUND + at] = byte;
    assert_false(text_is_printable(text));
    assert_int_equal(control_find(text), is_control(byte) ? at : count);
}

static void a_byte_that_is_not_printable_is_seen_at_every_place(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x0A, 0x1F, 0x7F, 0x80, 0xC3, 0xFF};
    (void)state;
    for (size_t count = 1; count <= LONGEST; count++)
        for (size_t at = 0; at < count; at++)
            for (size_t i = 0; i < sizeof bytes; i++)
                assert_found(count, at, bytes[i]);
}

static void the_first_of_several_is_found(void **state)
{
    (void)state;
    for (size_t at = 0; at < LONGEST; at++) {
        struct span text = text_between(LONGEST, '\n');
        memset(room + AROUND + at, 0x01, LONGEST - at);
        assert_int_equal(control_find(text), at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printable_text_is_so_whatever_lies_around),
        cmocka_unit_test(a_byte_that_is_not_printable_is_seen_at_every_place),
        cmocka_unit_test(the_first_of_several_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
