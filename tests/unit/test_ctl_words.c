/* Words of imqttctl: lines, options, durations, faults, and lines that replay compares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "imqttctl/ctl_words.h"
#include "imqttctl/event_stream.h"
#include "imqttctl/fault_arguments.h"
#include "imqttctl/replay_lines.h"
#include "imqttctl/replay_secrets.h"
#include "imqttctl/verb_arguments.h"

static void a_line_is_split_at_spaces_outside_quotes(void **state)
{
    char *words[CTL_WORDS_MAX];
    char line[] = "  urc meter '+X: \"a b\"' \"say \\\"hi\\\"\"  # comment\n";
    (void)state;
    assert_int_equal(ctl_words_split(line, words), 4);
    assert_string_equal(words[2], "+X: \"a b\"");
    assert_string_equal(words[3], "say \"hi\"");
    char open[] = "urc 'meter";
    assert_int_equal(ctl_words_split(open, words), -1);
    char many[2 * CTL_WORDS_MAX + 3];
    memset(many, ' ', sizeof many);
    for (size_t i = 0; i < sizeof many - 1; i += 2)
        many[i] = 'a';
    many[sizeof many - 1] = '\0';
    assert_int_equal(ctl_words_split(many, words), -1);
}

static void options_are_taken_out_wherever_they_stand(void **state)
{
    char *words[] = {"a", "--seed", "7", "b", "--lang=zh", "--json", "--seed"};
    struct verb_arguments arguments = {7, words};
    bool is_wrong = false;
    (void)state;
    assert_true(arguments_take_flag(&arguments, "--json"));
    assert_false(arguments_take_flag(&arguments, "--json"));
    assert_string_equal(arguments_take_value(&arguments, "--lang", &is_wrong), "zh");
    assert_string_equal(arguments_take_value(&arguments, "--seed", &is_wrong), "7");
    assert_false(is_wrong);
    assert_null(arguments_take_value(&arguments, "--seed", &is_wrong));
    assert_true(is_wrong);
    assert_int_equal(arguments.count, 2);
    assert_null(arguments_stray_option(&arguments));
}

static void a_duration_has_a_unit(void **state)
{
    (void)state;
    assert_int_equal(duration_parse_ms("300ms"), 300);
    assert_int_equal(duration_parse_ms("20s"), 20000);
    assert_int_equal(duration_parse_ms("5m"), 300000);
    assert_int_equal(duration_parse_ms("2h"), 7200000);
    static const char *const wrong[] = {"", "5", "ms", "-5s", "5 s", "5d", "99999999999999999h"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(duration_parse_ms(wrong[i]), -1);
}

static void a_fault_in_words_becomes_json(void **state)
{
    char problem[160] = "";
    char *words[] = {"link=uart", "ttl=20s", "share=0.5", "when=AT+*"};
    (void)state;
    json_t *fault = fault_words_parse("drop", 4, words, problem);
    json_t *expected =
        json_pack("{s:s, s:s, s:i, s:{s:s}, s:{s:f}}", "type", "drop", "link", "uart", "ttl_ms",
                  20000, "when", "command", "AT+*", "attributes", "share", 0.5);
    assert_true(json_equal(fault, expected));
    json_decref(fault);
    json_decref(expected);
    char *wrong[] = {"share=many"};
    assert_null(fault_words_parse("drop", 1, wrong, problem));
    assert_string_equal(problem, "share=many: not a good value");
}

static bool count_line(void *context, char *line, size_t bytes)
{
    unsigned *count = context;
    assert_int_equal(strlen(line), bytes);
    *count += event_stream_data(line) != NULL;
    return true;
}

static void events_come_in_any_pieces(void **state)
{
    static const char text[] = "id: 1\r\nevent: at\r\ndata: {}\r\n\r\ndata:{\"a\":1}\n\n";
    unsigned count = 0;
    struct event_stream stream = {.take_line = count_line, .context = &count};
    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++)
        assert_true(event_stream_take(&stream, text + i, 1));
    assert_true(event_stream_take(&stream, text, sizeof text - 1));
    assert_int_equal(count, 4);
    event_stream_end(&stream);
}

static void packet_ids_times_and_secrets_are_set_aside(void **state)
{
    (void)state;
    assert_true(replay_lines_equal("+IMQTTPUB:3,0", "+IMQTTPUB:17,0"));
    assert_false(replay_lines_equal("+IMQTTPUB:3,0", "+IMQTTPUB:3,1"));
    assert_false(replay_lines_equal("+IMQTTPUB:3,0", "+IMQTTSUB:3,0"));
    assert_true(replay_lines_equal("+CCLK: \"26/03/01\"", "+CCLK: \"27/01/01\""));
    assert_true(replay_lines_equal("AT+IMQTTUSER=u,\"***\"", "AT+IMQTTUSER=u,\"secret\""));
    assert_false(replay_lines_equal("AT+IMQTTUSER=u,\"***\"", "AT+IMQTTUSER=v,\"secret\""));
    assert_false(replay_lines_equal("OK", "ERROR"));
}

static void lines_come_in_any_pieces_and_the_prompt_is_one(void **state)
{
    static const char text[] = "AT\r\r\nOK\r\n\r\n>";
    static const char *const expected[] = {"AT", "OK", ">"};
    struct replay_lines lines = {.bytes = NULL};
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        replay_lines_add(&lines, (const uint8_t *)text + i, 1);
        for (char *line; (line = replay_lines_next(&lines)) != NULL; found++)
            assert_string_equal(line, expected[found]);
    }
    assert_int_equal(found, 3);
    replay_lines_clear(&lines);
}

/* Events of a host, each with stars or without, until one cannot be said. */
static char *filled_in(const char *const *events, const char *given, const char **name)
{
    static char said[256];
    static struct replay_secrets secrets;
    secrets = (struct replay_secrets){.given = {given}, .count = 1};
    said[0] = '\0';
    for (; *events != NULL; events++) {
        const uint8_t *bytes = (const uint8_t *)*events;
        size_t count = strlen(*events), filled_bytes = 0;
        bool is_starred = strchr(*events, '*') != NULL;
        uint8_t *filled =
            is_starred ? replay_secrets_fill(&secrets, bytes, count, &filled_bytes, name) : NULL;
        if (is_starred && filled == NULL)
            return said;
        strncat(said, is_starred ? (char *)filled : *events, is_starred ? filled_bytes : count);
        free(filled);
        replay_secrets_follow(&secrets, bytes, count, is_starred);
    }
    return said;
}

static void a_secret_stands_where_its_stars_were(void **state)
{
    static const struct {
        const char *given, *events[8], *said;
    } cases[] = {
        {"IMQTTUSER=pass", {"AT+IMQTTUSER=u,\"****\"\r"}, "AT+IMQTTUSER=u,\"pass\"\r"},
        {"imqttuser=pass",
         {"AT\r", "AT+CSQ;+IMQTTUSER=u*r,****\r"}, /* its own star */
         "AT\rAT+CSQ;+IMQTTUSER=u*r,pass\r"},
        {"IMQTTUSER=pass",
         {"AT+IMQTTU", "SER=\"u\",\"*", "*", "**\"\r", "AT\r"}, /* by hand */
         "AT+IMQTTUSER=\"u\",\"pass\"\rAT\r"},
        {"IMQTTUSER=p",
         {"AT+IMQTTUSER=u,**\r", "AT+IMQTTUSER=u,**\r"},
         "AT+IMQTTUSER=u,p\rAT+IMQTTUSER=u,p\r"},
        {"MQTTLONGPASSWORD=pass",
         {"AT+MQTTLONGPASSWORD=0,4\r", "**", "**", "AT\r"},
         "AT+MQTTLONGPASSWORD=0,4\rpassAT\r"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = "";
        assert_string_equal(filled_in(cases[i].events, cases[i].given, &name), cases[i].said);
    }
}

static void a_secret_that_lacks_is_named(void **state)
{
    static const struct {
        const char *events[4], *name;
    } cases[] = {
        {{"AT+CSQ;+IMQTTUSER=u,****\r"}, "IMQTTUSER"},
        {{"AT+CWJAP=\"a\",", "\"****\"\r"}, "CWJAP"},
        {{"AT+MQTTLONGPASSWORD=0,4\r", "****"}, "MQTTLONGPASSWORD"},
        {{"***********\r"}, ""}, /* nobody can tell */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = NULL;
        filled_in(cases[i].events, "OTHER=pass", &name);
        assert_string_equal(name, cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_split_at_spaces_outside_quotes),
        cmocka_unit_test(options_are_taken_out_wherever_they_stand),
        cmocka_unit_test(a_duration_has_a_unit),
        cmocka_unit_test(a_fault_in_words_becomes_json),
        cmocka_unit_test(events_come_in_any_pieces),
        cmocka_unit_test(packet_ids_times_and_secrets_are_set_aside),
        cmocka_unit_test(lines_come_in_any_pieces_and_the_prompt_is_one),
        cmocka_unit_test(a_secret_stands_where_its_stars_were),
        cmocka_unit_test(a_secret_that_lacks_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
