/* How the loop shares out what is read in a turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host/loop/read_turns.h"

#define TURN_BYTES  64
#define MOST_BYTES  32
#define PIECE_BYTES 16
#define LEAST_BYTES 4
#define READERS     100

/* All of these have more to read than they are ever given. */
struct flooded {
    struct reader reader; /* first */
    size_t bytes;
    unsigned reads;
};

static struct read_turns turns;
static struct flooded flooded[READERS];

static void read_share(struct flooded *one)
{
    size_t share = read_turns_share(&turns);
    one->bytes += share;
    one->reads++;
    read_turns_took(&turns, &one->reader, share);
}

static void read_in_turn(struct reader *reader)
{
    read_share((struct flooded *)reader);
    read_turns_again(&turns, reader);
}

static int begin(void **state)
{
    const struct read_budget budget = {TURN_BYTES, LEAST_BYTES, PIECE_BYTES, MOST_BYTES};
    (void)state;
    read_turns_init(&turns, &budget);
    for (size_t i = 0; i < READERS; i++)
        flooded[i] = (struct flooded){.reader.read = read_in_turn};
    return 0;
}

/* All have something to read; then the turn ends. */
static void flood(size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (read_turns_ask(&turns, &flooded[i].reader))
            read_share(&flooded[i]);
    read_turns_end(&turns);
}

static size_t all_bytes(void)
{
    size_t bytes = 0;
    for (size_t i = 0; i < READERS; i++)
        bytes += flooded[i].bytes;
    return bytes;
}

static void one_alone_reads_as_much_as_it_may_in_each_turn(void **state)
{
    (void)state;
    for (size_t i = 1; i < 5; i++) {
        flood(1);
        assert_int_equal(flooded[0].bytes, i * MOST_BYTES);
    }
}

static void many_share_a_turn_and_come_in_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) /* then all wait */
        flood(READERS);
    size_t before = all_bytes();
    for (size_t i = 0; i < READERS; i++)
        flooded[i].reads = 0;
    for (size_t turn = 1; turn <= READERS; turn++) {
        flood(READERS);
        assert_true(all_bytes() - before <= turn * TURN_BYTES);
    }
    for (size_t i = 0; i < READERS; i++) /* pieces, each the same number of times */
        assert_int_equal(flooded[i].reads, TURN_BYTES / PIECE_BYTES);
    assert_int_equal(all_bytes() - before, READERS * TURN_BYTES);
}

static void one_who_was_quiet_reads_at_once_beside_a_flood(void **state)
{
    struct flooded quiet = {.reader.read = read_in_turn};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        flood(READERS);
    for (size_t i = 0; i < 3; i++) {
        assert_true(read_turns_ask(&turns, &quiet.reader));
        read_turns_took(&turns, &quiet.reader, LEAST_BYTES);
        flood(READERS);
        flood(READERS);
    }
}

static void nobody_gets_nothing(void **state)
{
    struct flooded late = {.reader.read = read_in_turn};
    (void)state;
    for (size_t i = 0; i < READERS; i++)
        read_share(&flooded[i]);
    assert_true(read_turns_ask(&turns, &late.reader));
    assert_int_equal(read_turns_share(&turns), LEAST_BYTES);
    read_turns_again(&turns, &late.reader);
    read_turns_end(&turns); /* of a budget that is used up, one reads all the same */
    assert_int_equal(late.bytes, LEAST_BYTES);
}

static void who_has_left_is_not_read(void **state)
{
    (void)state;
    flood(3);
    for (size_t i = 1; i < 3; i++)
        assert_true(read_turns_ask(&turns, &flooded[i].reader)); /* the budget is enough for two */
    read_share(&flooded[1]);
    read_share(&flooded[2]);
    assert_false(read_turns_ask(&turns, &flooded[0].reader));
    unsigned reads = flooded[0].reads;
    read_turns_leave(&turns, &flooded[0].reader);
    read_turns_leave(&turns, &flooded[0].reader);
    read_turns_end(&turns);
    assert_int_equal(flooded[0].reads, reads);
    assert_int_equal(turns.waiting, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_alone_reads_as_much_as_it_may_in_each_turn, begin),
        cmocka_unit_test_setup(many_share_a_turn_and_come_in_turns, begin),
        cmocka_unit_test_setup(one_who_was_quiet_reads_at_once_beside_a_flood, begin),
        cmocka_unit_test_setup(nobody_gets_nothing, begin),
        cmocka_unit_test_setup(who_has_left_is_not_read, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
