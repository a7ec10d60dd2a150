/* How the loop shares out what is read in a turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host/budgets.h"
#include "host/loop/loop.h"

static struct loop loop;

static int begin(void **state)
{
    (void)state;
    return loop_init(&loop);
}

static int end(void **state)
{
    (void)state;
    loop_close(&loop);
    return 0;
}

static void next_turn(void)
{
    uv_run(&loop.uv, UV_RUN_NOWAIT);
}

static size_t read_all_once(size_t count, size_t (*share)(struct loop *loop))
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += share(&loop);
    return bytes;
}

static void test_a_broker_alone_fills_a_read(void **state)
{
    (void)state;
    assert_int_equal(loop_network_share(&loop), LOOP_INPUT_BYTES);
}

static void test_many_brokers_share_a_turn(void **state)
{
    (void)state;
    read_all_once(100, loop_network_share);
    next_turn();
    assert_true(read_all_once(100, loop_network_share) <= BUDGET_BROKERS_TURN_BYTES);
    assert_int_equal(loop_terminal_share(&loop), BUDGET_TERMINAL_READ_MAX_BYTES);
    next_turn();
    next_turn();
    assert_int_equal(loop_network_share(&loop), LOOP_INPUT_BYTES);
}

static void test_nobody_gets_nothing(void **state)
{
    (void)state;
    read_all_once(10000, loop_network_share);
    next_turn();
    assert_int_equal(loop_network_share(&loop), BUDGET_BROKER_READ_MIN_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_broker_alone_fills_a_read, begin, end),
        cmocka_unit_test_setup_teardown(test_many_brokers_share_a_turn, begin, end),
        cmocka_unit_test_setup_teardown(test_nobody_gets_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
