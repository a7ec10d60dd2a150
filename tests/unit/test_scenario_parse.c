/* Scenario files: what is read, and where a mistake is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/faults/fault.h"
#include "scenario/parse.h"

#define HEAD "name: n\nversion: 1\nsteps:\n"

static char file[] = "/tmp/imqtt-scenario-XXXXXX";

static void write_file(const char *text, size_t count)
{
    FILE *to = fopen(file, "w");
    assert_non_null(to);
    assert_int_equal(fwrite(text, 1, count, to), count);
    fclose(to);
}

static struct scenario read_good(const char *text)
{
    struct scenario scenario;
    char problem[PARSE_PROBLEM_BYTES] = "";
    write_file(text, strlen(text));
    if (!scenario_parse(&scenario, file, problem))
        fail_msg("%s", problem);
    return scenario;
}

/* expected: what stands behind the file's name. */
static void assert_refused_bytes(const char *text, size_t count, const char *expected)
{
    struct scenario scenario;
    char problem[PARSE_PROBLEM_BYTES] = "";
    write_file(text, count);
    assert_false(scenario_parse(&scenario, file, problem));
    assert_null(strchr(problem, '\n'));
    assert_memory_equal(problem, file, strlen(file));
    assert_string_equal(problem + strlen(file), expected);
}

static void assert_refused(const char *text, const char *expected)
{
    assert_refused_bytes(text, strlen(text), expected);
}

static void test_every_kind_of_step(void **state)
{
    (void)state;
    struct scenario scenario = read_good(
        "name: all\nversion: 1\nseed: 42\ntimeout: 2m\nmodem: meter\nsteps:\n"
        "  - expect-at: {command: 'AT+IMQTTCONN', within: 30s}\n"
        "  - expect-at: AT\n"
        "  - wait-state: {connected: true, registered: denied, within: 10s}\n"
        "  - fault: {type: stall, link: broker, ttl: 20s, when: {command: 'AT+IMQTTPUB*'}}\n"
        "  - publish: {topic: '/down', payload: 'hello', qos: 1}\n"
        "  - expect-mqtt: {topic: '/up', payload: '*ok*'}\n"
        "  - expect-not: {command: 'AT', for: 2s}\n"
        "  - radio: {registered: denied, signal: 9, sim: absent}\n"
        "  - power: cycle\n  - link: cut\n  - urc: 'RDY'\n  - delay: 500ms\n"
        "  - type: 'AT+IMQTTSTATE?'\n  - expect-answer: '+IMQTTSTATE:2'\n  - reset: all\n");
    assert_string_equal(scenario_name(&scenario), "all");
    assert_int_equal(scenario.head[SCENARIO_TIMEOUT].number, 120000);
    assert_int_equal(scenario.step_count, 15);
    bool seen[STEP_KINDS] = {false};
    for (size_t i = 0; i < scenario.step_count; i++)
        seen[scenario.steps[i].kind] = true;
    for (size_t i = 0; i < STEP_KINDS; i++)
        assert_true(seen[i]);
    assert_int_equal(scenario.steps[1].values[EXPECT_WITHIN].number, 30000);
    assert_false(scenario.steps[2].values[STATE_POWERED].is_given);
    assert_string_equal(scenario.steps[3].fault->when, "AT+IMQTTPUB*");
    assert_int_equal(scenario.steps[3].fault->ttl_ms, 20000);
    assert_int_equal(scenario.steps[14].line, 21);
    scenario_free(&scenario);
}

static void test_a_hundred_thousand_steps(void **state)
{
    (void)state;
    const char *step = "- delay: 1ms\n";
    size_t bytes = strlen(HEAD), count = 100000;
    char *text = malloc(bytes + count * strlen(step) + 1);
    strcpy(text, HEAD);
    for (size_t i = 0; i < count; i++, bytes += strlen(step))
        strcpy(text + bytes, step);
    struct scenario scenario = read_good(text);
    assert_int_equal(scenario.step_count, count);
    assert_int_equal(scenario.steps[count - 1].line, count + 3);
    scenario_free(&scenario);
    free(text);
}

static void test_what_is_no_strict_yaml(void **state)
{
    (void)state;
    assert_refused("", ":1:1: the file is empty");
    assert_refused("# only a comment\n", ":1:1: the file is empty");
    assert_refused("name: n\n\tversion: 1\n", ":2:1: a tab: use spaces, and in a text \"\\t\"");
    assert_refused("name: &a n\n", ":1:7: anchors are not known here");
    assert_refused("name: *a\n", ":1:7: aliases are not known here");
    assert_refused("name: !!str n\n", ":1:7: tags are not known here");
    assert_refused("name: |\n  n\n", ":1:7: block texts (| and >) are not known here: use quotes");
    assert_refused("name: >\n  n\n", ":1:7: block texts (| and >) are not known here: use quotes");
    assert_refused("name: \"a\\0b\"\n", ":1:7: a text with a zero byte");
    assert_refused(HEAD "- delay: 1s\n---\n", ":5:1: a second document");
    assert_refused("steps: [delay: 1s\n", ":2:1: did not find expected ',' or ']'");
    assert_refused_bytes("name: \xFF\n", 8, ":1:7: invalid leading UTF-8 octet");
}

static void test_what_is_no_scenario(void **state)
{
    (void)state;
    assert_refused("- a\n", ":1:1: a scenario is keys and values");
    assert_refused("name: n\nname: m\n", ":2:1: name is there twice");
    assert_refused("nome: n\n", ":1:1: a scenario has no key nome");
    assert_refused("name: n\nversion: 1\n", ":1:1: there are no steps");
    assert_refused("name: n\nversion: 1\nsteps: []\n", ":1:1: there are no steps");
    assert_refused("version: 1\nsteps: [delay: 1s]\n", ":1:1: name is missing");
    assert_refused("name: n\nversion: 2\n", ":2:10: version is out of range (1 to 1): 2");
    assert_refused("name: n\nversion: '1'\n",
                   ":2:10: version is a text: without quotes, please (1 to 1): 1");
    assert_refused("name:\nversion: 1\n", ":1:6: name has no value");
    assert_refused("name: {a: b}\n", ":1:7: name must be a single value");
    assert_refused("name: n\nseed: 9007199254740992\n",
                   ":2:7: seed is out of range (0 to 9007199254740991): 9007199254740992");
    assert_refused("name: n\ntimeout: 5\n",
                   ":2:10: timeout is not a duration, like 500ms, 20s, 5m or 1h: 5");
    assert_refused("name: n\ntimeout: 0s\n", ":2:10: timeout is out of range: 0s");
    assert_refused("name: n\ntimeout: -1s\n",
                   ":2:10: timeout is not a duration, like 500ms, 20s, 5m or 1h: -1s");
    assert_refused("{name: n}: 1\n", ":1:1: a key must be a word");
}

static void test_wrong_steps(void **state)
{
    (void)state;
    assert_refused("steps: 5\n", ":1:8: steps must be a list");
    assert_refused(HEAD "- delay\n",
                   ":4:3: a step is a kind and what it needs, like \"delay: 500ms\"");
    assert_refused(HEAD "- sleep: 1s\n", ":4:3: there is no step sleep");
    assert_refused(HEAD "- delay: 1s\n  power: on\n",
                   ":5:3: a step has one kind: begin the next one with a dash");
    assert_refused(HEAD "- delay: [1s]\n", ":4:10: delay needs a value, or keys and values");
    assert_refused(HEAD "- publish: hello\n", ":4:12: publish needs keys and values");
    assert_refused(HEAD "- publish: {qos: 1}\n", ":4:12: topic is missing");
    assert_refused(HEAD "- publish: {topic: a, qos: 3}\n",
                   ":4:28: qos is out of range (0 to 2): 3");
    assert_refused(HEAD "- publish: {topic: a, retained: yes}\n",
                   ":4:33: retained is neither true nor false: yes");
    assert_refused(HEAD "- publish: {topic: ''}\n", ":4:20: topic is empty");
    assert_refused(HEAD "- publish: {topic: a, topik: b}\n", ":4:23: publish has no key topik");
    assert_refused(HEAD "- power: twice\n",
                   ":4:10: action is not one of its words (off, on, cycle): twice");
    assert_refused(HEAD "- wait-state: {within: 1s}\n", ":4:15: wait-state says nothing");
    assert_refused(HEAD "- expect-not: {command: AT}\n", ":4:15: for is missing");
    assert_refused(HEAD "- delay: 1s\n  - delay: 2s\n", ":5:3: did not find expected key");
}

static void test_what_is_shown_is_one_line(void **state)
{
    (void)state;
    assert_refused(HEAD "- power: \"tw\\nice\\e[2J\"\n",
                   ":4:10: action is not one of its words (off, on, cycle): tw?ice?[2J");
    assert_refused(HEAD "- publish: {topic: a, \"to\n\n\n  pik\": b}\n",
                   ":4:23: publish has no key to??pik");
}

static void test_wrong_faults(void **state)
{
    (void)state;
    assert_refused(HEAD "- fault: {ttl: 1s}\n", ":4:10: type is missing");
    assert_refused(HEAD "- fault: {type: drop, share: 0.1, share: 0.2}\n",
                   ":4:35: share is there twice");
    assert_refused(HEAD "- fault: {type: drop, share: [0.1]}\n",
                   ":4:30: share must be a single value");
    assert_refused(HEAD "- fault: {type: mute, when: {line: AT}}\n",
                   ":4:30: when has one key, command");
}

/* What the table of faults refuses is told at its place, in its words. */
static void test_faults_are_those_of_the_program(void **state)
{
    (void)state;
    struct scenario scenario;
    char problem[PARSE_PROBLEM_BYTES];
    const char *const wrong[] = {"type: nonsense",
                                 "type: drop, share: 1.5",
                                 "type: drop, share: 0.1, link: broker",
                                 "type: drop",
                                 "type: latency, latency: -5ms",
                                 "type: stall, ttl: -1s",
                                 "type: stall, packet: PUBACK"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[200];
        snprintf(text, sizeof text, HEAD "- fault: {%s}\n", wrong[i]);
        write_file(text, strlen(text));
        if (scenario_parse(&scenario, file, problem))
            fail_msg("%s is taken", wrong[i]);
        assert_memory_equal(problem + strlen(file), ":4:", 3);
    }
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(file);
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_of_step),
        cmocka_unit_test(test_a_hundred_thousand_steps),
        cmocka_unit_test(test_what_is_no_strict_yaml),
        cmocka_unit_test(test_what_is_no_scenario),
        cmocka_unit_test(test_wrong_steps),
        cmocka_unit_test(test_what_is_shown_is_one_line),
        cmocka_unit_test(test_wrong_faults),
        cmocka_unit_test(test_faults_are_those_of_the_program),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
