/* Faults of the line to the host, seen from the host: a real modem on a real socket. */
#include "tests/unit/host_store_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/modem/host.h"
#include "host/modem/host_modem.h"
#include "host/modem/tap.h"
#include "host/terminal/terminal.h"
#include "host/terminal/terminal_socket.h"

#define DEADLINE_MS 5000

static struct {
    struct host host;
    struct modem_config config;
    struct host_modem *modem;
    int line; /* the host's end */
    char said[1 << 16];
    size_t count;
} bench;

static int set_up(void **state)
{
    int ends[2];
    const struct sockaddr peer = {.sa_family = AF_UNIX};
    struct socket_caller caller = {"unix test", "bench", 1, &peer};
    struct host_settings settings = {.observer = &test_observer};
    struct host_refusal refusal;
    (void)state;
    memset(&bench, 0, sizeof bench);
    assert_true(host_init(&bench.host, &settings, &refusal));
    bench.config = modem_config_default();
    bench.config.name = bench.config.stored_as = "bench";
    bench.config.boot_urcs = false;
    bench.config.echo = false;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    bench.line = ends[0];
    assert_true(terminal_socket_start(&bench.host, ends[1], &caller, &bench.config, &refusal));
    bench.modem = host_modem_find(&bench.host, "bench-1");
    assert_non_null(bench.modem);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close(bench.line);
    host_stop(&bench.host);
    host_run(&bench.host);
    assert_true(host_end(&bench.host));
    return 0;
}

static void turn(void)
{
    uv_run(&bench.host.loop.uv, UV_RUN_NOWAIT);
    ssize_t got = read(bench.line, bench.said + bench.count, sizeof bench.said - 1 - bench.count);
    bench.count += got > 0 ? (size_t)got : 0;
    bench.said[bench.count] = '\0';
}

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000;
}

/* Runs until the host has read text; how long it took. */
static uint64_t wait_for(const char *text)
{
    uint64_t begin_ms = now_ms();
    while (strstr(bench.said, text) == NULL) {
        turn();
        assert_true(now_ms() - begin_ms < DEADLINE_MS);
    }
    return now_ms() - begin_ms;
}

static void type(const char *text)
{
    bench.count = 0;
    bench.said[0] = '\0';
    assert_int_equal(write(bench.line, text, strlen(text)), (ssize_t)strlen(text));
}

static uint64_t ask(const char *command, const char *answer)
{
    type(command);
    return wait_for(answer);
}

/* What the host has read when a later command has been answered. */
static const char *said_before(const char *command)
{
    type(command);
    turn();
    assert_true(write(bench.line, "AT+GSN;+CSQ\r", 12) == 12);
    wait_for("+CSQ: ");
    wait_for("OK");
    return bench.said;
}

static const struct fault *add(const char *text)
{
    struct fault fault;
    struct fault_problem problem;
    assert_true(fault_parse(&fault, text, &problem));
    const struct fault *added = fault_set_add(host_modem_faults(bench.modem), &fault, &problem);
    assert_non_null(added);
    return added;
}

static void remove_all(void)
{
    fault_set_reset(host_modem_faults(bench.modem));
}

static void nothing_strikes_without_a_fault(void **state)
{
    (void)state;
    ask("AT\r", "\r\nOK\r\n");
    assert_string_equal(bench.said, "\r\nOK\r\n");
}

static void latency_delays_both_ways(void **state)
{
    (void)state;
    add("latency link=uart latency=60ms");
    assert_true(ask("AT\r", "OK\r\n") >= 120);
    remove_all();
    ask("AT\r", "OK\r\n");
}

static void bandwidth_is_a_baud_rate(void **state)
{
    (void)state;
    add("bandwidth link=uart stream=down baud=1200");
    assert_true(ask("AT+CGMR;+CGMI;+CGMM\r", "OK\r\n") >= 100);
    remove_all();
}

static void slices_come_with_pauses(void **state)
{
    (void)state;
    add("slicer link=uart stream=down bytes=1 delay=20ms");
    assert_true(ask("AT\r", "OK\r\n") >= 60);
    remove_all();
}

static void what_a_stall_holds_goes_on(void **state)
{
    (void)state;
    ask("AT\r", "OK\r\n");
    uint64_t begin_ms = now_ms(); /* it may take long to the question */
    uv_update_time(&bench.host.loop.uv);
    add("stall link=uart stream=down ttl=100ms");
    ask("AT\r", "OK\r\n");
    assert_true(now_ms() - begin_ms >= 90);
}

/* The same seed and the same input, in pieces of another size. */
static void noise_is_the_same_from_the_same_seed(void **state)
{
    static const char *const faults[] = {"drop share=0.3 seed=8 stream=down",
                                         "garble share=0.3 seed=8 stream=down",
                                         "insert share=0.3 seed=8 stream=down bytes=3"};
    static char first[sizeof bench.said];
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        ask("AT\r", "OK\r\n");
        for (int pass = 0; pass < 2; pass++) {
            add(faults[i]);
            type("AT+CGMI\r");
            uint64_t end_ms = now_ms() + 200;
            while (now_ms() < end_ms)
                turn();
            assert_true(bench.count > 0);
            assert_null(strstr(bench.said, "\r\nOK\r\n"));
            if (pass == 0)
                memcpy(first, bench.said, sizeof first);
            else
                assert_memory_equal(first, bench.said, bench.count + 1);
            remove_all();
        }
    }
}

static void an_answer_is_another_one(void **state)
{
    (void)state;
    add("answer when=AT+CSQ text=\"\\r\\n+CSQ: 99,99\\r\\n\\r\\nOK\\r\\n\" count=1");
    ask("AT+CSQ\r", "OK\r\n");
    assert_string_equal(bench.said, "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
    ask("AT+CSQ\r", "+CSQ: 25,");
    add("answer when=AT+CSQ* error=30");
    ask("AT+CSQ\r", "\r\n+CME ERROR: 30\r\n");
    ask("AT\r", "\r\nOK\r\n");
}

/* Longer than what a fault looks at, and nothing of it reaches the modem: the next line is whole. */
static void a_long_line_is_answered_by_another_one(void **state)
{
    char line[2048] = "ATE1;+IMQTTPUB=a,0,";
    (void)state;
    memset(line + strlen(line), 'x', 1500);
    strcat(line, "\r");
    add("answer when=*+IMQTTPUB* error=30");
    ask(line, "\r\n+CME ERROR: 30\r\n");
    ask("AT\r", "\r\nOK\r\n");
    assert_string_equal(bench.said, "\r\nOK\r\n");
}

static void an_answer_comes_behind_the_echo(void **state)
{
    (void)state;
    ask("ATE1\r", "OK\r\n");
    add("answer when=AT+CSQ* error=30");
    ask("noise AT+CSQ\r", "ERROR: 30\r\n");
    assert_string_equal(bench.said, "noise AT+CSQ\r\r\n+CME ERROR: 30\r\n");
}

/* The fault comes when the modem has the beginning of the line: it is to have the rest of it. */
static void a_line_that_has_begun_is_run(void **state)
{
    (void)state;
    add("mute when=AT+NEVER");
    type("AT+C");
    turn();
    add("answer when=AT+CSQ* error=30");
    ask("SQ\r", "OK\r\n");
    assert_non_null(strstr(bench.said, "+CSQ: 25,"));
}

static void a_mute_modem_runs_the_command(void **state)
{
    (void)state;
    add("mute when=ATE1");
    said_before("ATE1\r");
    assert_non_null(strstr(bench.said, "AT+GSN"));
    remove_all();
}

static void a_result_is_late(void **state)
{
    (void)state;
    add("late delay=100ms count=1");
    assert_true(ask("AT+CSQ\r", "OK\r\n") >= 95);
    assert_true(ask("AT+CSQ\r", "OK\r\n") < 95);
}

static void a_urc_comes_at_the_worst_moment(void **state)
{
    (void)state;
    add("urc text=NOISE at=answer count=1");
    ask("AT+CSQ\r", "OK\r\n");
    assert_non_null(strstr(bench.said, "NOISE\r\n\r\nOK"));
    add("urc text=NOISE at=echo count=1");
    ask("AT+CSQ\r", "OK\r\n");
    assert_true(strstr(bench.said, "NOISE") < strstr(bench.said, "+CSQ"));
    add("urc text=NOISE at=between count=1");
    ask("AT+CSQ\r", "NOISE");
    assert_true(strstr(bench.said, "NOISE") > strstr(bench.said, "OK"));
}

static void the_modem_reboots_by_itself(void **state)
{
    (void)state;
    bench.config.boot_urcs = true;
    ask("ATE1\r", "OK\r\n");
    type("");
    add("reboot");
    wait_for("RDY");
    assert_null(host_modem_faults(bench.modem)->first);
    ask("AT\r", "\r\nOK\r\n");
    assert_null(strstr(bench.said, "AT"));
    add("reboot when=AT+CSQ count=1");
    ask("AT+CSQ\r", "RDY");
    ask("AT+CSQ\r", "+CSQ: ");
}

static void a_frozen_modem_wants_its_power_cycled(void **state)
{
    struct host_refusal refusal;
    (void)state;
    add("freeze");
    type("AT\r");
    uint64_t end_ms = now_ms() + 100;
    while (now_ms() < end_ms)
        turn();
    assert_int_equal(bench.count, 0);
    assert_true(host_modem_power_cycle(bench.modem, &bench.config, &refusal));
    ask("AT\r", "OK\r\n");
}

static void the_pace_of_the_configuration_stays(void **state)
{
    struct host_refusal refusal;
    (void)state;
    bench.config.pace_baud = 1200;
    assert_true(host_modem_power_cycle(bench.modem, &bench.config, &refusal));
    remove_all();
    assert_true(ask("AT+CGMR;+CGMI;+CGMM\r", "OK\r\n") >= 100);
    bench.config.pace_baud = 0;
    assert_true(host_modem_power_cycle(bench.modem, &bench.config, &refusal));
    assert_true(ask("AT+CGMR;+CGMI;+CGMM\r", "OK\r\n") < 100);
}

static void show(void *context, struct host_modem *modem, bool from_host, const uint8_t *bytes,
                 size_t count)
{
    char *shown = context;
    (void)modem;
    strcat(shown, from_host ? "<" : ">");
    strncat(shown, (const char *)bytes, count);
}

static void a_tap_sees_both_directions(void **state)
{
    char shown[256] = "";
    const struct tap tap = {.context = shown, .uart = show};
    (void)state;
    assert_true(host_modem_set_tap(bench.modem, &tap));
    ask("AT\r", "OK\r\n");
    assert_true(host_modem_set_tap(bench.modem, NULL));
    ask("AT\r", "OK\r\n");
    assert_string_equal(shown, "<AT\r>\r\nOK\r\n");
}

static void power_off_answers_nothing(void **state)
{
    struct host_refusal refusal;
    (void)state;
    host_modem_power_off(bench.modem);
    assert_false(host_modem_is_powered(bench.modem));
    type("AT\r");
    uint64_t end_ms = now_ms() + 50;
    while (now_ms() < end_ms)
        turn();
    assert_int_equal(bench.count, 0);
    assert_true(host_modem_power_on(bench.modem, &refusal));
    ask("AT\r", "OK\r\n");
    assert_string_equal(bench.said, "\r\nOK\r\n");
    assert_string_equal(host_modem_type(bench.modem, "AT"), "a host is connected");
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(nothing_strikes_without_a_fault),
        BENCH_TEST(latency_delays_both_ways),
        BENCH_TEST(bandwidth_is_a_baud_rate),
        BENCH_TEST(slices_come_with_pauses),
        BENCH_TEST(what_a_stall_holds_goes_on),
        BENCH_TEST(noise_is_the_same_from_the_same_seed),
        BENCH_TEST(an_answer_is_another_one),
        BENCH_TEST(a_long_line_is_answered_by_another_one),
        BENCH_TEST(an_answer_comes_behind_the_echo),
        BENCH_TEST(a_line_that_has_begun_is_run),
        BENCH_TEST(a_mute_modem_runs_the_command),
        BENCH_TEST(a_result_is_late),
        BENCH_TEST(a_urc_comes_at_the_worst_moment),
        BENCH_TEST(the_modem_reboots_by_itself),
        BENCH_TEST(a_frozen_modem_wants_its_power_cycled),
        BENCH_TEST(the_pace_of_the_configuration_stays),
        BENCH_TEST(a_tap_sees_both_directions),
        BENCH_TEST(power_off_answers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
