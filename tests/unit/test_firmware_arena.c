/* examples/firmware/arena: blocks side by side in one piece of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "examples/firmware/arena.h"

/* Any three purposes. */
#define FIRST  IMQTT_MEMORY_LINE
#define SECOND IMQTT_MEMORY_OUTPUT
#define THIRD  IMQTT_MEMORY_URCS

struct rig {
    _Alignas(16) uint8_t memory[256];
    struct arena arena;
    struct imqtt_memory_port port;
};

static void rig_start(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    rig->arena = arena_on(rig->memory, sizeof rig->memory);
    rig->port = arena_port(&rig->arena);
}

static uint8_t *lend(struct rig *rig, enum imqtt_memory_purpose purpose, size_t bytes)
{
    const struct arena_block *block = &rig->arena.blocks[purpose];
    uint8_t *old = block->count > 0 ? rig->memory + block->start : NULL;
    return rig->port.resize(rig->port.context, purpose, old, block->count, bytes);
}

static uint8_t *lend_filled(struct rig *rig, enum imqtt_memory_purpose purpose, size_t bytes)
{
    uint8_t *block = lend(rig, purpose, bytes);
    assert_non_null(block);
    memset(block, 'a' + (int)(purpose - FIRST), bytes);
    return block;
}

static void assert_all(const uint8_t *bytes, size_t count, uint8_t value)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], value);
}

static void test_blocks_lie_side_by_side_and_aligned(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    assert_ptr_equal(lend_filled(&rig, FIRST, 10), rig.memory);
    assert_ptr_equal(lend_filled(&rig, SECOND, 20), rig.memory + 16);
    assert_ptr_equal(lend_filled(&rig, THIRD, 30), rig.memory + 48);
    assert_all(rig.memory, 10, 'a');
    assert_int_equal(arena_used(&rig.arena), 60);
}

static void test_a_block_grows_in_place_while_there_is_room(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    lend_filled(&rig, FIRST, 10);
    lend_filled(&rig, SECOND, 16);
    assert_ptr_equal(lend(&rig, FIRST, 16), rig.memory);
    assert_ptr_equal(lend(&rig, SECOND, 240), rig.memory + 16);
    assert_all(rig.memory + 16, 16, 'b');
}

static void test_a_block_that_moves_takes_its_bytes_along_and_leaves_none(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    lend_filled(&rig, FIRST, 16);
    lend_filled(&rig, SECOND, 16);
    uint8_t *moved = lend(&rig, FIRST, 32);
    assert_ptr_equal(moved, rig.memory + 32);
    assert_all(moved, 16, 'a');
    assert_all(rig.memory, 16, 0);
    assert_ptr_equal(lend_filled(&rig, THIRD, 16), rig.memory); /* the gap is used again */
}

static void test_a_block_that_moves_down_over_itself_keeps_its_bytes(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    lend_filled(&rig, FIRST, 64);
    lend_filled(&rig, SECOND, 96);
    lend_filled(&rig, THIRD, 32);
    assert_null(lend(&rig, FIRST, 0));
    uint8_t *moved = lend(&rig, SECOND, 160);
    assert_ptr_equal(moved, rig.memory);
    assert_all(moved, 96, 'b');
    assert_all(rig.memory + 160, 32, 'c');
}

static void test_what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    lend_filled(&rig, FIRST, 100);
    lend_filled(&rig, SECOND, 100);
    assert_null(lend(&rig, FIRST, 120));
    assert_null(lend(&rig, THIRD, 100));
    assert_all(rig.memory, 100, 'a');
    assert_all(rig.memory + 112, 100, 'b');
    assert_int_equal(arena_used(&rig.arena), 200);
}

static void test_a_block_that_is_given_back_is_wiped(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig);
    lend_filled(&rig, FIRST, 100);
    lend(&rig, FIRST, 40);
    assert_all(rig.memory, 40, 'a');
    assert_all(rig.memory + 40, 60, 0);
    assert_null(lend(&rig, FIRST, 0));
    assert_all(rig.memory, sizeof rig.memory, 0);
    assert_int_equal(arena_used(&rig.arena), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_lie_side_by_side_and_aligned),
        cmocka_unit_test(test_a_block_grows_in_place_while_there_is_room),
        cmocka_unit_test(test_a_block_that_moves_takes_its_bytes_along_and_leaves_none),
        cmocka_unit_test(test_a_block_that_moves_down_over_itself_keeps_its_bytes),
        cmocka_unit_test(test_what_does_not_fit_is_refused_and_changes_nothing),
        cmocka_unit_test(test_a_block_that_is_given_back_is_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
