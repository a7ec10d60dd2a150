/* line_fixture.h: hosts that type: whole, byte by byte, and split at random. The lines and the echo
 * must be the same each time. */
#ifndef TESTS_UNIT_LINE_FIXTURE_H
#define TESTS_UNIT_LINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/line.h"
#include "imqtt/limits.h"
#include "tests/unit/lender.h"

/* What came out: the body of each line with a newline, or how it failed. */
struct heard {
    uint8_t bytes[4 * IMQTT_LINE_BYTES];
    struct out lines;
};

/* Who lends memory in the test that runs. */
extern struct lender lender;

/* Setup and teardown of a test; the teardown fails if memory is still lent. */
int lend(void **state);
int all_is_given_back(void **state);
#define LINE_TEST(function) cmocka_unit_test_setup_teardown(function, lend, all_is_given_back)

/* Types one piece, of which each complete line is heard. */
void type_piece(struct line *line, struct span piece, struct heard *heard, struct fifo *echo);

void assert_bytes(struct span actual, struct span expected);

/* From 1 to most, the same in each run after random_seed(). */
void random_seed(uint32_t seed);
size_t random_up_to(size_t most);

/* Types in all three ways, and compares. */
void play_bytes(struct span typed, struct span lines, struct span echoed);
void play(const char *typed, const char *lines, const char *echoed);

#endif
