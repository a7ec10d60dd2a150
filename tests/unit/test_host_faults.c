/* The table of faults, the words they are asked for with, their numbers, and the set of a modem. */
#include "tests/unit/host_store_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "host/faults/fault_set.h"
#include "host/faults/fault_words.h"

/* ---- words ---------------------------------------------------------------------------------- */

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t ms;
    } good[] = {{"300ms", 300}, {"0s", 0}, {"20s", 20000}, {"5m", 300000}, {"2h", 7200000}};
    static const char *const wrong[] = {"",    "5",   "s",  "-1s",  "1.5s",
                                        "5 s", "5sx", "1d", "1 ms", "99999999999999999999s"};
    uint64_t ms;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(fault_read_duration(&ms, good[i].text));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (fault_read_duration(&ms, wrong[i]))
            fail_msg("'%s' was taken for a time", wrong[i]);
}

static void shares_are_parts_of_a_million(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t ppm;
    } good[] = {{"0", 0},      {"1", 1000000}, {"1.0", 1000000}, {"0.5", 500000},
                {"1%", 10000}, {"0.1%", 1000}, {"0.000001", 1},  {"100%", 1000000}};
    static const char *const wrong[] = {"", "1.1", "101%", "-0.1", ".5", "1.", "0.0000001", "half"};
    uint64_t ppm;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(fault_read_share(&ppm, good[i].text));
        assert_int_equal(ppm, good[i].ppm);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (fault_read_share(&ppm, wrong[i]))
            fail_msg("'%s' was taken for a share", wrong[i]);
}

/* ---- one fault ------------------------------------------------------------------------------ */

static struct fault parsed(const char *line)
{
    struct fault fault;
    struct fault_problem problem;
    if (!fault_parse(&fault, line, &problem))
        fail_msg("'%s': %s: %s", line, problem.key, problem.text);
    return fault;
}

static void assert_wrong(const char *line, const char *key, const char *part)
{
    struct fault fault;
    struct fault_problem problem;
    if (fault_parse(&fault, line, &problem))
        fail_msg("'%s' was taken", line);
    assert_string_equal(problem.key, key);
    if (strstr(problem.text, part) == NULL)
        fail_msg("'%s': '%s' says nothing of '%s'", line, problem.text, part);
}

static void a_fault_is_read_with_all_its_words(void **state)
{
    (void)state;
    struct fault fault =
        parsed("latency link=broker name=slow stream=down latency=300ms jitter_ms=50 "
               "toxicity=0.5 seed=42 ttl=30s count=3 when=AT+IMQTTPUB*");
    assert_string_equal(fault.name, "slow");
    assert_int_equal(fault.type, FAULT_LATENCY);
    assert_int_equal(fault.link, FAULT_ON_BROKER);
    assert_int_equal(fault.stream, FAULT_DOWN);
    assert_int_equal(fault.values[FAULT_LATENCY_MS], 300);
    assert_int_equal(fault.values[FAULT_JITTER_MS], 50);
    assert_int_equal(fault.toxicity_ppm, 500000);
    assert_int_equal(fault.seed, 42);
    assert_int_equal(fault.ttl_ms, 30000);
    assert_int_equal(fault.count, 3);
    assert_string_equal(fault.when, "AT+IMQTTPUB*");
}

static void what_is_not_said_has_defaults(void **state)
{
    (void)state;
    struct fault fault = parsed("latency latency_ms=5");
    assert_int_equal(fault.link, FAULT_ON_UART);
    assert_int_equal(fault.stream, FAULT_BOTH);
    assert_int_equal(fault.values[FAULT_JITTER_MS], 0);
    assert_int_equal(fault.toxicity_ppm, FAULT_ALWAYS_PPM);
    assert_int_equal(parsed("cut").link, FAULT_ON_BROKER);
    assert_int_equal(parsed("cut").values[FAULT_HOW], FAULT_HOW_RST);
    assert_int_equal(parsed("slicer").values[FAULT_DELAY_MS], 10);
    assert_int_equal(parsed("duplicate").values[FAULT_PACKET], FAULT_PACKET_PUBLISH);
    assert_int_equal(parsed("withhold packet=puback").values[FAULT_PACKET], FAULT_PACKET_PUBACK);
}

static void a_text_may_be_quoted(void **state)
{
    (void)state;
    struct fault fault = parsed("urc text=\"+CMTI: \\\"SM\\\",1\" at=prompt");
    assert_string_equal(fault.text, "+CMTI: \"SM\",1");
    assert_int_equal(fault.values[FAULT_AT], FAULT_AT_PROMPT);
    assert_string_equal(parsed("answer text=\"\\r\\nOK\\r\\n\"").text, "\r\nOK\r\n");
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    assert_wrong("", "type", "needs a type");
    assert_wrong("flood", "type", "flood");
    assert_wrong("latency", "latency_ms", "needs latency_ms");
    assert_wrong("latency latency=300", "latency", "ms");
    assert_wrong("latency latency_ms=300ms", "latency_ms", "from 0");
    assert_wrong("latency latency=2h", "latency", "3600000");
    assert_wrong("latency latency_ms=-1", "latency_ms", "from 0");
    assert_wrong("drop", "share", "needs share");
    assert_wrong("drop share=1.5", "share", "at most 1");
    assert_wrong("drop share=0", "share", "above 0");
    assert_wrong("drop share=0.1 link=broker", "link", "not for the link");
    assert_wrong("cut link=uart", "link", "not for the link");
    assert_wrong("cut how=bang", "how", "rst fin");
    assert_wrong("stall count=3", "count", "lasts");
    assert_wrong("stall toxicity=0", "toxicity", "above 0");
    assert_wrong("stall ttl=0s", "ttl", "300ms");
    assert_wrong("stall colour=red", "colour", "no colour");
    assert_wrong("stall stream=left", "stream", "up, down or both");
    assert_wrong("stall name=a/b", "name", "letters");
    assert_wrong("stall seed=x", "seed", "number");
    assert_wrong("stall now", "", "KEY=VALUE");
    assert_wrong("urc text=\"open", "", "quote");
    assert_wrong("bandwidth", "", "either");
    assert_wrong("bandwidth bytes_per_s=100 baud=9600", "", "either");
    assert_wrong("bandwidth link=broker baud=9600", "baud", "broker");
    assert_wrong("answer", "", "text or error");
    assert_wrong("withhold", "packet", "needs packet");
    assert_wrong("withhold packet=CONNECT", "packet", "PINGRESP");
}

/* ---- the table ------------------------------------------------------------------------------ */

static void assert_row_is_sound(const struct fault_type_row *row)
{
    const struct fault_attribute *attribute = NULL;
    assert_ptr_equal(fault_type_find(row->name), row);
    assert_true(row->links != 0 && row->does != NULL);
    while ((attribute = fault_next_attribute(row, attribute)) != NULL) {
        struct fault fault;
        struct fault_problem problem;
        assert_true(attribute->does != NULL && attribute->links != 0);
        assert_true((attribute->links & ~row->links) == 0);
        assert_true(attribute->kind != FAULT_IS_WORD || attribute->words != NULL);
        assert_true(fault_begin(&fault, row->name, &problem));
        if (attribute->standard != NULL)
            assert_true(fault_put(&fault, attribute->name, attribute->standard, &problem));
    }
}

static void every_row_of_the_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAULT_TYPES; i++)
        assert_row_is_sound(&fault_types[i]);
}

/* ---- numbers -------------------------------------------------------------------------------- */

static void numbers_are_those_of_splitmix64(void **state)
{
    (void)state;
    struct fault_random random = {1234567}; /* the first five, as published for this seed */
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u,
                                        9817491932198370423u, 4593380528125082431u,
                                        16408922859458223821u};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_true(fault_random_next(&random) == expected[i]);
}

static void a_share_is_met(void **state)
{
    (void)state;
    struct fault_random random = {42};
    int hits = 0;
    for (int i = 0; i < 100000; i++)
        hits += fault_random_hits(&random, 10000);
    assert_in_range(hits, 900, 1100);
}

/* ---- a set ---------------------------------------------------------------------------------- */

struct heard {
    struct fault_listener listener; /* first */
    int events[3];
};

static void hear(struct fault_listener *listener, const struct fault *fault, enum fault_event event)
{
    (void)fault;
    ((struct heard *)listener)->events[event]++;
}

struct bench {
    struct loop loop;
    struct fault_set set;
    struct heard heard;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    loop_init(&bench->loop);
    fault_set_init(&bench->set, &bench->loop);
    bench->heard.listener.told = hear;
    fault_set_listen(&bench->set, &bench->heard.listener);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    fault_set_end(&bench->set);
    loop_close(&bench->loop);
    free(bench);
    return 0;
}

static struct fault *added(struct bench *bench, const char *line)
{
    struct fault fault = parsed(line);
    struct fault_problem problem;
    const struct fault *kept = fault_set_add(&bench->set, &fault, &problem);
    if (kept == NULL)
        fail_msg("'%s': %s", line, problem.text);
    return (struct fault *)kept;
}

static void faults_come_and_go_by_name(void **state)
{
    struct bench *bench = *state;
    struct fault_problem problem;
    added(bench, "stall name=x");
    struct fault *second = added(bench, "cut");
    assert_string_equal(second->name, "cut-1");
    struct fault twin = parsed("cut name=x");
    assert_null(fault_set_add(&bench->set, &twin, &problem));
    assert_string_equal(problem.text, "there is a fault of that name");
    assert_true(fault_set_has(&bench->set, FAULT_ON_BROKER));
    assert_true(fault_set_remove(&bench->set, "cut-1"));
    assert_false(fault_set_remove(&bench->set, "cut-1"));
    assert_false(fault_set_has(&bench->set, FAULT_ON_BROKER));
    fault_set_reset(&bench->set);
    assert_int_equal(bench->set.count, 0);
    assert_int_equal(bench->heard.events[FAULT_ADDED], 2);
    assert_int_equal(bench->heard.events[FAULT_REMOVED], 2);
}

static void a_set_has_an_end(void **state)
{
    struct bench *bench = *state;
    struct fault fault = parsed("stall");
    struct fault_problem problem;
    for (int i = 0; i < FAULT_SET_MAX; i++)
        assert_non_null(fault_set_add(&bench->set, &fault, &problem));
    assert_null(fault_set_add(&bench->set, &fault, &problem));
}

static void faults_are_found_by_link_and_stream(void **state)
{
    struct bench *bench = *state;
    struct fault *up = added(bench, "stall stream=up");
    added(bench, "stall link=broker");
    struct fault *both = added(bench, "latency latency=1ms");
    struct fault *found = fault_set_next(&bench->set, NULL, FAULT_ON_UART, FAULT_UP);
    assert_ptr_equal(found, up);
    assert_ptr_equal(fault_set_next(&bench->set, found, FAULT_ON_UART, FAULT_UP), both);
    assert_ptr_equal(fault_set_next(&bench->set, NULL, FAULT_ON_UART, FAULT_DOWN), both);
    assert_null(fault_set_next(&bench->set, both, FAULT_ON_UART, FAULT_DOWN));
}

static void it_strikes_so_many_times_and_goes(void **state)
{
    struct bench *bench = *state;
    struct fault *fault = added(bench, "mute count=2");
    assert_true(fault_strikes(&bench->set, fault));
    assert_true(fault_strikes(&bench->set, fault));
    assert_false(fault_strikes(&bench->set, fault));
    assert_int_equal(bench->heard.events[FAULT_STRUCK], 2);
    uv_run(&bench->loop.uv, UV_RUN_NOWAIT);
    assert_int_equal(bench->set.count, 0);
}

static void it_goes_when_its_time_is_over(void **state)
{
    struct bench *bench = *state;
    added(bench, "stall ttl=20ms");
    added(bench, "stall ttl=1h");
    while (bench->set.count == 2)
        uv_run(&bench->loop.uv, UV_RUN_ONCE);
    assert_int_equal(bench->set.count, 1);
    assert_int_equal(bench->set.first->ttl_ms, 3600000);
}

static void the_same_seed_strikes_the_same(void **state)
{
    struct bench *bench = *state;
    struct fault *one = added(bench, "mute toxicity=0.3 seed=7");
    struct fault *two = added(bench, "mute toxicity=0.3 seed=7");
    int struck = 0;
    for (int i = 0; i < 1000; i++) {
        bool strikes = fault_strikes(&bench->set, one);
        assert_int_equal(fault_strikes(&bench->set, two), strikes);
        struck += strikes;
    }
    assert_in_range(struck, 250, 350);
}

static const char *command_of(void *context)
{
    return *(const char **)context;
}

static void it_waits_for_its_moment(void **state)
{
    struct bench *bench = *state;
    const char *command = NULL;
    struct fault *fault = added(bench, "mute when=AT+IMQTTPUB*");
    assert_false(fault_strikes(&bench->set, fault));
    bench->set.command = command_of;
    bench->set.command_context = &command;
    assert_false(fault_strikes(&bench->set, fault));
    command = "at+imqttpub=a,1,x";
    assert_true(fault_strikes(&bench->set, fault));
    command = "AT+IMQTTSUB=a,1";
    assert_false(fault_strikes(&bench->set, fault));
}

#define SET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(shares_are_parts_of_a_million),
        cmocka_unit_test(a_fault_is_read_with_all_its_words),
        cmocka_unit_test(what_is_not_said_has_defaults),
        cmocka_unit_test(a_text_may_be_quoted),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(every_row_of_the_table_is_sound),
        cmocka_unit_test(numbers_are_those_of_splitmix64),
        cmocka_unit_test(a_share_is_met),
        SET_TEST(faults_come_and_go_by_name),
        SET_TEST(a_set_has_an_end),
        SET_TEST(faults_are_found_by_link_and_stream),
        SET_TEST(it_strikes_so_many_times_and_goes),
        SET_TEST(it_goes_when_its_time_is_over),
        SET_TEST(the_same_seed_strikes_the_same),
        SET_TEST(it_waits_for_its_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
