/* The memory port of the program: what is given back, or moved, is wiped as a whole before. */
#undef _FORTIFY_SOURCE /* it makes explicit_bzero() an inline function */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/loop/loop.h"
#include "host/modem/memory.h"

#define SECRET "a password that nobody must find"

static struct {
    const void *block; /* the last one that was wiped */
    size_t bytes;
    bool held_the_secret;
} wiped;

/* Found in place of the C library's. */
void explicit_bzero(void *block, size_t bytes)
{
    wiped.block = block;
    wiped.bytes = bytes;
    wiped.held_the_secret = bytes >= sizeof SECRET && memcmp(block, SECRET, sizeof SECRET) == 0;
    memset(block, 0, bytes);
}

/* What the C library's headers call in its place, in a build that has them check sizes. */
void wipe_checked(void *block, size_t bytes, size_t room) __asm__("__explicit_bzero_chk");

void wipe_checked(void *block, size_t bytes, size_t room)
{
    assert_true(bytes <= room);
    explicit_bzero(block, bytes);
}

struct bench {
    struct observer observer;
    struct loop loop;
    struct memory memory;
    struct memory_account account;
    struct imqtt_memory_port port;
    void *block;
};

static void take_bytes(struct bench *bench, size_t old_bytes, size_t bytes)
{
    bench->block = bench->port.resize(bench->port.context, IMQTT_MEMORY_OUTPUT, bench->block,
                                      old_bytes, bytes);
}

static int begin(void **state)
{
    static struct bench bench;
    bench = (struct bench){.account.memory = &bench.memory};
    assert_int_equal(loop_init(&bench.loop), 0);
    assert_true(memory_init(&bench.memory, &bench.loop, &bench.observer, 0));
    bench.port = memory_port(&bench.account);
    take_bytes(&bench, 0, 64);
    assert_non_null(bench.block);
    memcpy(bench.block, SECRET, sizeof SECRET);
    memset(&wiped, 0, sizeof wiped);
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;
    take_bytes(bench, bench->block != NULL ? 64 : 0, 0);
    memory_end(&bench->memory);
    loop_close(&bench->loop);
    return 0;
}

/* Gives it another size: the old block was wiped. */
static void resize(struct bench *bench, size_t bytes)
{
    const void *old = bench->block;
    take_bytes(bench, 64, bytes);
    assert_ptr_equal(wiped.block, old);
    assert_int_equal(wiped.bytes, 64);
    assert_true(wiped.held_the_secret);
}

static void what_is_given_back_is_wiped(void **state)
{
    resize(*state, 0);
    assert_null(((struct bench *)*state)->block);
}

static void what_grows_leaves_nothing_behind(void **state)
{
    struct bench *bench = *state;
    resize(bench, 4096);
    assert_string_equal(bench->block, SECRET);
    take_bytes(bench, 4096, 64);
}

static void what_shrinks_leaves_nothing_behind(void **state)
{
    struct bench *bench = *state;
    resize(bench, 40);
    assert_string_equal(bench->block, SECRET);
    take_bytes(bench, 40, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_back_is_wiped, begin, end),
        cmocka_unit_test_setup_teardown(what_grows_leaves_nothing_behind, begin, end),
        cmocka_unit_test_setup_teardown(what_shrinks_leaves_nothing_behind, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
