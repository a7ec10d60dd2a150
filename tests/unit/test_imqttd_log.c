/* The log: a flood costs little, is counted, and nobody waits for who does not read. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "imqttd/log/log_limit.h"
#include "imqttd/log/log_queue.h"

static char said[512];

static void say(void *context, enum log_level level, const char *about, const char *text)
{
    (void)context;
    (void)level;
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s: %s\n", about, text);
}

static void ignore(void *context, enum log_level level, const char *about, const char *text)
{
    (void)context, (void)level, (void)about, (void)text;
}

static void test_repeated_lines_are_counted(void **state)
{
    struct log_limit limit = {.write = say};
    (void)state;
    said[0] = '\0';
    assert_true(log_limit_take(&limit, LEVEL_INFO, "m", "refused", 0));
    for (int i = 1; i <= 7; i++)
        assert_false(log_limit_take(&limit, LEVEL_INFO, "m", "refused", (uint64_t)i));
    assert_true(log_limit_take(&limit, LEVEL_INFO, "other", "refused", 8));
    assert_string_equal(said, "");
    log_limit_tell(&limit, false, LOG_LIMIT_REPEAT_MS);
    assert_string_equal(said, "m: repeated 7 times: refused\n");
    log_limit_end(&limit);
}

static void test_what_was_counted_is_told_at_the_end(void **state)
{
    struct log_limit limit = {.write = say};
    (void)state;
    said[0] = '\0';
    log_limit_take(&limit, LEVEL_INFO, "m", "refused", 0);
    log_limit_take(&limit, LEVEL_INFO, "m", "refused", 1);
    log_limit_tell(&limit, true, 2);
    assert_string_equal(said, "m: repeated 1 times: refused\n");
    log_limit_end(&limit);
}

/* A modem that tries two brokers in turn says two lines, not thousands; each is counted by itself, as
 * grave as it was. */
static void test_lines_that_take_turns_are_counted_each(void **state)
{
    struct log_limit limit = {.write = say};
    unsigned written = 0;
    (void)state;
    said[0] = '\0';
    for (unsigned i = 0; i < 50; i++) {
        written += log_limit_take(&limit, LEVEL_WARNING, "m", "no connection to a:1883", i);
        written += log_limit_take(&limit, LEVEL_INFO, "m", "no connection to b:1883", i);
    }
    assert_int_equal(written, 2);
    log_limit_tell(&limit, false, 59999);
    assert_string_equal(said, "");
    log_limit_tell(&limit, false, 60000);
    assert_string_equal(said, "m: repeated 49 times: no connection to a:1883\n"
                              "m: repeated 49 times: no connection to b:1883\n");
    log_limit_end(&limit);
}

/* Ten thousand modems that are refused all the time: each is told once a minute, none is forgotten
 * for another. */
static void test_a_large_fleet_is_counted_modem_by_modem(void **state)
{
    struct log_limit limit = {.write = say};
    unsigned written = 0;
    char name[32];
    (void)state;
    said[0] = '\0';
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < 10000; i++) {
            snprintf(name, sizeof name, "m-%u", i);
            written += log_limit_take(&limit, LEVEL_INFO, name, "refused", round);
        }
    assert_int_equal(written, 10000);
    assert_int_equal(limit.counting, 10000);
    limit.write = ignore;
    log_limit_tell(&limit, true, 4);
    assert_int_equal(limit.counting, 0);
    log_limit_end(&limit);
}

/* Whatever many sources say together is bounded as well. */
static void test_all_together_are_bounded(void **state)
{
    struct log_limit limit = {.write = ignore};
    unsigned written = 0;
    char name[32];
    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "m-%u", i);
        written += log_limit_take(&limit, LEVEL_INFO, name, "hello", 0);
    }
    assert_int_equal(written, LOG_LIMIT_ALL_BURST);
    assert_int_equal(limit.count, LOG_LIMIT_SOURCES);
    assert_true(log_limit_take(&limit, LEVEL_INFO, "later", "hello", LOG_LIMIT_ALL_MS));
    log_limit_end(&limit);
}

static void test_lines_that_differ_are_bounded(void **state)
{
    struct log_limit limit = {.write = say};
    unsigned written = 0;
    char text[32];
    (void)state;
    said[0] = '\0';
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "line %u", i);
        written += log_limit_take(&limit, LEVEL_INFO, "m", text, 0);
    }
    assert_int_equal(written, LOG_LIMIT_BURST);
    assert_true(log_limit_take(&limit, LEVEL_INFO, "quiet", "line", 0));
    assert_true(log_limit_take(&limit, LEVEL_INFO, "m", "later", LOG_LIMIT_EACH_MS));
    assert_string_equal(said, "m: 960 lines were left out\n");
    log_limit_end(&limit);
}

static void test_a_pipe_that_nobody_reads_stops_nobody(void **state)
{
    static struct log_queue queue = {0};
    char line[101], read_back[200000];
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    memset(line, 'x', 99);
    line[99] = '\n';
    for (int i = 0; i < 10000; i++) {
        log_queue_put(&queue, line, 100);
        log_queue_write(&queue, ends[1]);
    }
    uint64_t left_out = queue.left_out;
    assert_true(left_out > 5000);
    while (queue.count > 0) {
        assert_true(read(ends[0], read_back, sizeof read_back) > 0);
        log_queue_write(&queue, ends[1]);
    }
    log_queue_put(&queue, line, 100);
    log_queue_write(&queue, ends[1]);
    ssize_t count = read(ends[0], read_back, sizeof read_back - 1);
    read_back[count > 0 ? count : 0] = '\0';
    snprintf(said, sizeof said, "log: %llu lines lost", (unsigned long long)left_out);
    assert_non_null(strstr(read_back, said));
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeated_lines_are_counted),
        cmocka_unit_test(test_what_was_counted_is_told_at_the_end),
        cmocka_unit_test(test_lines_that_take_turns_are_counted_each),
        cmocka_unit_test(test_a_large_fleet_is_counted_modem_by_modem),
        cmocka_unit_test(test_all_together_are_bounded),
        cmocka_unit_test(test_lines_that_differ_are_bounded),
        cmocka_unit_test(test_a_pipe_that_nobody_reads_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
