/* URCs: whole, in order, and only when they may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/urc.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct fifo output;
static struct urcs urcs;

static int open_output(void **state)
{
    (void)state;
    lender_init(&lender);
    fifo_init(&output, &lender.port, IMQTT_MEMORY_OUTPUT, 40);
    urcs_init(&urcs, &output, &lender.port, 30);
    return 0;
}

static int close_output(void **state)
{
    (void)state;
    fifo_clear(&output);
    fifo_clear(&urcs.waiting);
    return lender.blocks == 0 ? 0 : -1;
}

static bool report(const char *text)
{
    struct out urc = urc_begin(&urcs);
    out_text(&urc, text);
    return urc_end(&urcs, &urc);
}

static void report_and_follow(const char *text, uint32_t number)
{
    assert_true(report(text));
    assert_int_equal(urcs_follow(&urcs), number);
}

static void assert_output(const char *expected)
{
    struct span waiting = fifo_waiting(&output);
    assert_int_equal(waiting.count, strlen(expected));
    if (waiting.count > 0)
        assert_memory_equal(waiting.bytes, expected, waiting.count);
    fifo_take(&output, waiting.count);
}

static void a_urc_leaves_at_once_when_nothing_holds_it(void **state)
{
    (void)state;
    assert_true(report("+A:1"));
    assert_true(report("+B:2"));
    assert_int_equal(urcs_waiting(&urcs), 0);
    assert_output("\r\n+A:1\r\n\r\n+B:2\r\n");
}

static void a_urc_is_taken_once_the_terminal_has_all_of_it(void **state)
{
    (void)state;
    report_and_follow("+A", 1);
    report_and_follow("+B", 2);
    assert_int_equal(urcs_taken(&urcs), 0);
    fifo_take(&output, 5);
    assert_int_equal(urcs_taken(&urcs), 0);
    fifo_take(&output, 1);
    assert_int_equal(urcs_taken(&urcs), 1);
    fifo_take(&output, 6);
    assert_int_equal(urcs_taken(&urcs), 2);
}

/* A message's URC is followed; the others cost nothing then. */
static void one_that_nobody_follows_counts_with_the_next_that_is(void **state)
{
    (void)state;
    assert_true(report("+A"));
    report_and_follow("+B", 2);
    fifo_take(&output, 6);
    assert_int_equal(urcs_taken(&urcs), 0);
    fifo_take(&output, 6);
    assert_int_equal(urcs_taken(&urcs), 2);
}

static void held_urcs_are_taken_together(void **state)
{
    (void)state;
    urcs_hold(&urcs);
    report_and_follow("+A", 1);
    report_and_follow("+B", 2);
    urcs_release(&urcs);
    fifo_take(&output, 11);
    assert_int_equal(urcs_taken(&urcs), 0);
    fifo_take(&output, 1);
    assert_int_equal(urcs_taken(&urcs), 2);
}

/* Forty bytes have room for ten of them. */
static void urcs_beyond_the_marks_are_taken_with_the_last_one(void **state)
{
    (void)state;
    for (uint32_t i = 1; i <= URC_MARKS + 2; i++)
        report_and_follow("", i);
    fifo_take(&output, 4 * (URC_MARKS - 1));
    assert_int_equal(urcs_taken(&urcs), URC_MARKS - 1);
    fifo_take(&output, 4);
    assert_int_equal(urcs_taken(&urcs), URC_MARKS - 1);
    fifo_take(&output, 8);
    assert_int_equal(urcs_taken(&urcs), URC_MARKS + 2);
}

static void held_urcs_leave_in_order_when_released(void **state)
{
    (void)state;
    urcs_hold(&urcs);
    assert_true(report("+A:1"));
    assert_true(report("+B:2"));
    assert_int_equal(urcs_waiting(&urcs), 16);
    assert_output("");
    urcs_release(&urcs);
    assert_int_equal(urcs_waiting(&urcs), 0);
    assert_true(report("+C:3"));
    assert_output("\r\n+A:1\r\n\r\n+B:2\r\n\r\n+C:3\r\n");
}

static void releasing_nothing_writes_nothing(void **state)
{
    (void)state;
    urcs_release(&urcs);
    urcs_hold(&urcs);
    urcs_hold(&urcs);
    urcs_release(&urcs);
    assert_output("");
}

static void a_urc_without_room_is_not_written(void **state)
{
    (void)state;
    assert_false(report("0123456789012345678901234567890123456"));
    urcs_hold(&urcs);
    assert_false(report("012345678901234567890123456"));
    assert_int_equal(urcs_waiting(&urcs), 0);
    assert_output("");
}

static void urcs_wait_on_while_the_output_has_no_room(void **state)
{
    (void)state;
    assert_true(fifo_put(&output, span_text("an answer of thirty-five bytes, so!")));
    urcs_hold(&urcs);
    assert_true(report("+A:1"));
    urcs_release(&urcs);
    assert_int_equal(urcs_waiting(&urcs), 8);
    assert_true(report("")); /* there would be room, but not before the other */
    assert_output("an answer of thirty-five bytes, so!");
    urcs_release(&urcs);
    assert_output("\r\n+A:1\r\n\r\n\r\n");
}

static void the_queue_gives_its_memory_back(void **state)
{
    (void)state;
    fifo_init(&output, &lender.port, IMQTT_MEMORY_OUTPUT, 5000);
    urcs_init(&urcs, &output, &lender.port, 5000);
    urcs_hold(&urcs);
    struct out urc = urc_begin(&urcs);
    memset(out_claim(&urc, 1000), 'x', 1000);
    assert_true(urc_end(&urcs, &urc));
    urcs_release(&urcs);
    fifo_take(&output, 1004);
    assert_int_equal(lender.blocks, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_output, close_output)
    const struct CMUnitTest tests[] = {
        TEST(a_urc_leaves_at_once_when_nothing_holds_it),
        TEST(a_urc_is_taken_once_the_terminal_has_all_of_it),
        TEST(one_that_nobody_follows_counts_with_the_next_that_is),
        TEST(held_urcs_are_taken_together),
        TEST(urcs_beyond_the_marks_are_taken_with_the_last_one),
        TEST(held_urcs_leave_in_order_when_released),
        TEST(releasing_nothing_writes_nothing),
        TEST(a_urc_without_room_is_not_written),
        TEST(urcs_wait_on_while_the_output_has_no_room),
        TEST(the_queue_gives_its_memory_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
