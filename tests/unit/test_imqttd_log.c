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

static void say(void *context, const char *about, const char *text)
{
    (void)context;
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s: %s\n", about, text);
}

static void test_repeated_lines_are_counted(void **state)
{
    struct log_limit limit = {.write = say};
    (void)state;
    said[0] = '\0';
    assert_true(log_limit_take(&limit, "m", "refused", 0));
    for (int i = 1; i <= 7; i++)
        assert_false(log_limit_take(&limit, "m", "refused", (uint64_t)i));
    assert_true(log_limit_take(&limit, "other", "refused", 8));
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
    log_limit_take(&limit, "m", "refused", 0);
    log_limit_take(&limit, "m", "refused", 1);
    log_limit_tell(&limit, true, 2);
    assert_string_equal(said, "m: repeated 1 times: refused\n");
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
        written += log_limit_take(&limit, "m", text, 0);
    }
    assert_int_equal(written, LOG_LIMIT_BURST);
    assert_true(log_limit_take(&limit, "quiet", "line", 0));
    assert_true(log_limit_take(&limit, "m", "later", LOG_LIMIT_EACH_MS));
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
        cmocka_unit_test(test_lines_that_differ_are_bounded),
        cmocka_unit_test(test_a_pipe_that_nobody_reads_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
