/* The clock: against the C library's calendar, day by day through its century. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "core/device/clock.h"

#define NOW_MS   123456789
#define DAY_S    86400
#define FIRST_S  INT64_C(946684800)  /* 2000-01-01 00:00:00 UTC */
#define BEHIND_S INT64_C(4102444800) /* 2100-01-01 */

static void assert_date(struct date date, const struct tm *expected)
{
    assert_int_equal(date.year, expected->tm_year - 100);
    assert_int_equal(date.month, expected->tm_mon + 1);
    assert_int_equal(date.day, expected->tm_mday);
    assert_int_equal(date.hour, expected->tm_hour);
    assert_int_equal(date.minute, expected->tm_min);
    assert_int_equal(date.second, expected->tm_sec);
}

static void assert_reads(int64_t unix_time_s)
{
    time_t time_s = (time_t)unix_time_s;
    struct clock clock = clock_at((uint64_t)unix_time_s * 1000 + 999, 0, NOW_MS);
    assert_date(clock_read(&clock, NOW_MS), gmtime(&time_s));
}

static void test_reads_every_day(void **state)
{
    (void)state;
    for (int64_t time_s = FIRST_S; time_s < BEHIND_S; time_s += DAY_S) {
        assert_reads(time_s);
        assert_reads(time_s + DAY_S - 1);
    }
}

static void test_what_is_set_is_read_every_day(void **state)
{
    (void)state;
    struct clock clock = clock_at(0, 4, 0);
    for (int64_t time_s = FIRST_S + 45296; time_s < BEHIND_S; time_s += DAY_S) {
        time_t copy_s = (time_t)time_s;
        const struct tm *tm = gmtime(&copy_s);
        struct date date = {(uint8_t)(tm->tm_year - 100), (uint8_t)(tm->tm_mon + 1),
                            (uint8_t)tm->tm_mday,         (uint8_t)tm->tm_hour,
                            (uint8_t)tm->tm_min,          (uint8_t)tm->tm_sec};
        assert_true(clock_set(&clock, &date, NOW_MS));
        assert_date(clock_read(&clock, NOW_MS), tm);
    }
    assert_int_equal(clock.zone_quarter_hours, 4);
}

static void test_local_time_is_ahead_or_behind(void **state)
{
    (void)state;
    struct clock east = clock_at(FIRST_S * 1000, 33, NOW_MS);
    struct clock west = clock_at((FIRST_S + DAY_S) * 1000, -48, NOW_MS);
    struct date date = clock_read(&east, NOW_MS);
    assert_int_equal(date.hour, 8);
    assert_int_equal(date.minute, 15);
    date = clock_read(&west, NOW_MS);
    assert_int_equal(date.day, 1);
    assert_int_equal(date.hour, 12);
}

static void test_before_2000_is_its_first_moment(void **state)
{
    (void)state;
    const struct tm first = {.tm_year = 100, .tm_mday = 1};
    struct clock unknown = clock_at(0, 0, NOW_MS);
    struct clock west = clock_at(FIRST_S * 1000, -96, NOW_MS);
    assert_date(clock_read(&unknown, NOW_MS), &first);
    assert_date(clock_read(&west, NOW_MS), &first);
}

static void test_runs_on(void **state)
{
    (void)state;
    struct clock clock = clock_at(FIRST_S * 1000 + 500, 0, NOW_MS);
    assert_int_equal(clock_read(&clock, NOW_MS + 499).second, 0);
    assert_int_equal(clock_read(&clock, NOW_MS + 500).second, 1);
    assert_int_equal(clock_read(&clock, NOW_MS + 86399500).day, 2);
}

static void test_dates_that_there_are_not_change_nothing(void **state)
{
    (void)state;
    const struct date wrong[] = {
        {100, 1, 1, 0, 0, 0}, {25, 0, 1, 0, 0, 0},  {25, 13, 1, 0, 0, 0}, {25, 1, 0, 0, 0, 0},
        {25, 1, 32, 0, 0, 0}, {25, 2, 29, 0, 0, 0}, {24, 2, 30, 0, 0, 0}, {25, 4, 31, 0, 0, 0},
        {25, 1, 1, 24, 0, 0}, {25, 1, 1, 0, 60, 0}, {25, 1, 1, 0, 0, 60},
    };
    struct clock clock = clock_at(0, 0, NOW_MS), before = clock;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(clock_set(&clock, &wrong[i], NOW_MS));
        assert_int_equal(clock.offset_ms, before.offset_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_day),
        cmocka_unit_test(test_what_is_set_is_read_every_day),
        cmocka_unit_test(test_local_time_is_ahead_or_behind),
        cmocka_unit_test(test_before_2000_is_its_first_moment),
        cmocka_unit_test(test_runs_on),
        cmocka_unit_test(test_dates_that_there_are_not_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
