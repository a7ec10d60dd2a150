/* The log: a flood costs little, is counted, and nobody waits for who does not read. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/loop/loop.h"
#include "imqttd/log/log.h"
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
    int ends[2], left_out = 0;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    memset(line, 'x', 99);
    line[99] = '\n';
    for (int i = 0; i < 10000; i++) {
        left_out += !log_queue_put(&queue, line, 100);
        log_queue_write(&queue, ends[1]);
    }
    assert_true(left_out > 5000);
    int written = 0;
    while (queue.count > 0) {
        ssize_t count = read(ends[0], read_back, sizeof read_back);
        assert_true(count > 0);
        written += (int)count;
        log_queue_write(&queue, ends[1]);
    }
    written += (int)read(ends[0], read_back, sizeof read_back);
    assert_int_equal(written, (10000 - left_out) * 100);
    close(ends[0]);
    close(ends[1]);
}

/* Standard error is a pipe while this runs. */
static void say_more_than_it_takes(size_t pipe_bytes)
{
    char name[32], text[501];
    memset(text, 'x', 500);
    text[500] = '\0';
    for (size_t bytes = 0; bytes < 2 * (LOG_QUEUE_BYTES + pipe_bytes); bytes += 500) {
        snprintf(name, sizeof name, "m-%zu", bytes);
        log_line(NULL, LEVEL_ERROR, name, text);
    }
}

static char *read_all(int fd, char *text, size_t room)
{
    size_t count = 0;
    ssize_t more;
    do {
        log_end(); /* writes what can be written, without a further line */
        more = read(fd, text + count, room - count - 1);
        count += more > 0 ? (size_t)more : 0;
    } while (more > 0);
    text[count] = '\0';
    return text;
}

static void test_what_was_lost_is_said_without_a_further_line(void **state)
{
    static char text[4 * LOG_QUEUE_BYTES];
    int ends[2], own_stderr = dup(STDERR_FILENO);
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    dup2(ends[1], STDERR_FILENO);
    say_more_than_it_takes(65536);
    const char *said_at_the_end = strstr(read_all(ends[0], text, sizeof text), " lines lost: ");
    dup2(own_stderr, STDERR_FILENO);
    assert_non_null(said_at_the_end);
    assert_string_equal(said_at_the_end, " lines lost: nobody read them\n");
    close(own_stderr);
    close(ends[0]);
    close(ends[1]);
}

static void test_what_others_chose_begins_no_line(void **state)
{
    char line[256];
    int ends[2], own_stderr = dup(STDERR_FILENO);
    (void)state;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_line(NULL, LEVEL_ERROR, "a\rmodem", "a text\nimqttd: error: forged\x7f");
    dup2(own_stderr, STDERR_FILENO);
    ssize_t count = read(ends[0], line, sizeof line - 1);
    line[count > 0 ? count : 0] = '\0';
    assert_string_equal(line, "imqttd: error: a?modem: a text?imqttd: error: forged?\n");
    close(own_stderr);
    close(ends[0]);
    close(ends[1]);
}

static void *say_lines(void *level)
{
    for (int i = 0; i < 1000; i++)
        log_line(NULL, *(const enum log_level *)level, "store", "said by another thread");
    return NULL;
}

/* The store says what is wrong with its disk from its own thread, while the program begins or ends:
 * the thread sanitizer looks. */
static void test_other_threads_may_say_something_at_any_time(void **state)
{
    enum log_level never = LEVEL_DEBUG, counted = LEVEL_ERROR;
    pthread_t quiet, loud;
    struct loop loop;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), own_stderr = dup(STDERR_FILENO);
    (void)state;
    dup2(nowhere, STDERR_FILENO);
    assert_int_equal(loop_init(&loop), 0);
    assert_int_equal(pthread_create(&quiet, NULL, say_lines, &never), 0);
    assert_int_equal(pthread_create(&loud, NULL, say_lines, &counted), 0);
    for (int i = 0; i < 100; i++) {
        log_set_level(LEVEL_INFO);
        log_begin(&loop);
        log_end();
    }
    assert_int_equal(pthread_join(quiet, NULL), 0);
    assert_int_equal(pthread_join(loud, NULL), 0);
    loop_close(&loop);
    log_end();
    dup2(own_stderr, STDERR_FILENO);
    close(own_stderr);
    close(nowhere);
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
        cmocka_unit_test(test_what_others_chose_begins_no_line),
        cmocka_unit_test(test_what_was_lost_is_said_without_a_further_line),
        cmocka_unit_test(test_other_threads_may_say_something_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
