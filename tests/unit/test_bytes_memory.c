/* Borrowed memory: the lease, and the fifo in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/bytes/fifo.h"
#include "tests/unit/lender.h"

static struct lender lender;

static int lend(void **state)
{
    (void)state;
    lender_init(&lender);
    return 0;
}

static int all_is_given_back(void **state)
{
    (void)state;
    return lender.blocks == 0 ? 0 : -1;
}

static void assert_waits(const struct fifo *fifo, const char *expected)
{
    struct span waiting = fifo_waiting(fifo);
    assert_int_equal(waiting.count, strlen(expected));
    if (waiting.count > 0)
        assert_memory_equal(waiting.bytes, expected, waiting.count);
}

static void fill(uint8_t *bytes, size_t count, size_t first)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)((first + i) * 7);
}

/* ---- lease --------------------------------------------------------------------------------- */

static void a_lease_borrows_nothing_before_it_must(void **state)
{
    (void)state;
    struct lease lease = lease_from(&lender.port, IMQTT_MEMORY_LINE);
    assert_true(lease_grow(&lease, 0, 100));
    assert_int_equal(lender.blocks, 0);
    lease_return(&lease);
}

static void a_lease_doubles_up_to_its_cap_and_keeps_its_bytes(void **state)
{
    (void)state;
    struct lease lease = lease_from(&lender.port, IMQTT_MEMORY_LINE);
    assert_true(lease_grow(&lease, 1, 1000));
    assert_int_equal(lease.capacity, 256);
    memcpy(lease.bytes, "kept", 4);
    assert_true(lease_grow(&lease, 257, 1000));
    assert_int_equal(lease.capacity, 512);
    assert_true(lease_grow(&lease, 513, 1000));
    assert_int_equal(lease.capacity, 1000);
    assert_memory_equal(lease.bytes, "kept", 4);
    lease_return(&lease);
    assert_null(lease.bytes);
    assert_int_equal(lease.capacity, 0);
    lease_return(&lease);
}

static void a_lease_refuses_beyond_its_cap_and_stays_as_it_was(void **state)
{
    (void)state;
    struct lease lease = lease_from(&lender.port, IMQTT_MEMORY_LINE);
    assert_true(lease_grow(&lease, 100, 100));
    assert_int_equal(lease.capacity, 100);
    uint8_t *block = lease.bytes;
    assert_false(lease_grow(&lease, 101, 100));
    assert_false(lease_grow(&lease, SIZE_MAX, 100));
    assert_ptr_equal(lease.bytes, block);
    assert_int_equal(lease.capacity, 100);
    lease_return(&lease);
}

static void a_lease_asks_for_less_when_the_port_refuses_double(void **state)
{
    (void)state;
    lender.limit_bytes = 300;
    struct lease lease = lease_from(&lender.port, IMQTT_MEMORY_LINE);
    assert_true(lease_grow(&lease, 300, 1000));
    assert_int_equal(lease.capacity, 300);
    assert_false(lease_grow(&lease, 301, 1000));
    assert_int_equal(lease.capacity, 300);
    lease_return(&lease);
}

/* ---- fifo ---------------------------------------------------------------------------------- */

static void bytes_leave_a_fifo_in_order(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 1000);
    assert_waits(&fifo, "");
    assert_true(fifo_put(&fifo, span_text("one,")));
    assert_true(fifo_put(&fifo, span_text("two")));
    assert_waits(&fifo, "one,two");
    fifo_take(&fifo, 4);
    assert_waits(&fifo, "two");
    assert_true(fifo_put(&fifo, SPAN_EMPTY));
    assert_int_equal(fifo_position(&fifo), 7);
    fifo_clear(&fifo);
    assert_waits(&fifo, "");
    assert_int_equal(fifo_position(&fifo), 7);
}

static void a_fifo_takes_a_piece_whole_or_not_at_all(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 10);
    assert_true(fifo_put(&fifo, span_text("12345678")));
    assert_false(fifo_put(&fifo, span_text("abc")));
    assert_waits(&fifo, "12345678");
    fifo_take(&fifo, 1);
    assert_true(fifo_put(&fifo, span_text("abc")));
    assert_waits(&fifo, "2345678abc");
    fifo_clear(&fifo);
}

static void a_writer_keeps_what_was_written_only_at_its_end(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 100);
    struct out out = fifo_begin(&fifo, 50);
    out_text(&out, "abandoned");
    assert_waits(&fifo, "");
    out = fifo_begin(&fifo, 50);
    out_text(&out, "kept");
    fifo_end(&fifo, &out);
    assert_waits(&fifo, "kept");
    out = fifo_begin(&fifo, 97);
    assert_true(out.overflowed);
    out_u8(&out, 'x');
    assert_int_equal(out.count, 0);
    assert_waits(&fifo, "kept");
    fifo_clear(&fifo);
}

static void a_growing_writer_makes_room_as_it_goes(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 2000);
    assert_true(fifo_put(&fifo, span_text("left")));
    fifo_take(&fifo, 2);
    struct out out = fifo_begin_growing(&fifo);
    for (unsigned i = 0; i < 1998; i++)
        out_u8(&out, (uint8_t)i);
    assert_false(out.overflowed);
    assert_waits(&fifo, "ft");
    fifo_end(&fifo, &out);
    struct span waiting = fifo_waiting(&fifo);
    assert_int_equal(waiting.count, 2000);
    for (unsigned i = 0; i < 1998; i++)
        assert_int_equal(waiting.bytes[2 + i], (uint8_t)i);
    out = fifo_begin_growing(&fifo);
    out_u8(&out, 'x'); /* over the cap */
    assert_true(out.overflowed);
    fifo_clear(&fifo);
}

static void a_growing_writer_without_memory_overflows(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 100000);
    assert_true(fifo_put(&fifo, span_text("kept")));
    lender.limit_bytes = fifo.lease.capacity;
    struct out out = fifo_begin_growing(&fifo);
    for (size_t i = 0; i <= fifo.lease.capacity; i++)
        out_u8(&out, 'x');
    assert_true(out.overflowed);
    assert_waits(&fifo, "kept");
    fifo_clear(&fifo);
}

static void a_fifo_refuses_when_the_port_does(void **state)
{
    (void)state;
    lender.limit_bytes = 0;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 1000);
    assert_false(fifo_put(&fifo, span_text("x")));
    assert_waits(&fifo, "");
}

static void an_empty_fifo_keeps_a_small_block_and_returns_a_large_one(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 5000);
    uint8_t bytes[513] = {0};
    assert_true(fifo_put(&fifo, span_of(bytes, 512)));
    fifo_take(&fifo, 512);
    assert_int_equal(lender.blocks, 1);
    assert_true(fifo_put(&fifo, span_of(bytes, 513)));
    fifo_take(&fifo, 513);
    assert_int_equal(lender.blocks, 0);
}

static void a_fifo_that_is_never_empty_does_not_grow(void **state)
{
    (void)state;
    struct fifo fifo;
    fifo_init(&fifo, &lender.port, IMQTT_MEMORY_OUTPUT, 5000);
    uint8_t bytes[100];
    size_t put = 0, taken = 0;
    for (int turn = 0; turn < 1000; turn++) {
        size_t count = 1 + (size_t)turn % sizeof bytes;
        fill(bytes, count, put);
        assert_true(fifo_put(&fifo, span_of(bytes, count)));
        put += count;
        count = put - taken - 1; /* one byte stays */
        fill(bytes, count, taken);
        assert_memory_equal(fifo_waiting(&fifo).bytes, bytes, count);
        fifo_take(&fifo, count);
        taken += count;
    }
    assert_int_equal(fifo.lease.capacity, 256);
    assert_int_equal(fifo.taken, taken);
    assert_int_equal(fifo_position(&fifo), put);
    fifo_clear(&fifo);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lend, all_is_given_back)
    const struct CMUnitTest tests[] = {
        TEST(a_lease_borrows_nothing_before_it_must),
        TEST(a_lease_doubles_up_to_its_cap_and_keeps_its_bytes),
        TEST(a_lease_refuses_beyond_its_cap_and_stays_as_it_was),
        TEST(a_lease_asks_for_less_when_the_port_refuses_double),
        TEST(bytes_leave_a_fifo_in_order),
        TEST(a_fifo_takes_a_piece_whole_or_not_at_all),
        TEST(a_writer_keeps_what_was_written_only_at_its_end),
        TEST(a_growing_writer_makes_room_as_it_goes),
        TEST(a_growing_writer_without_memory_overflows),
        TEST(a_fifo_refuses_when_the_port_does),
        TEST(an_empty_fifo_keeps_a_small_block_and_returns_a_large_one),
        TEST(a_fifo_that_is_never_empty_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
