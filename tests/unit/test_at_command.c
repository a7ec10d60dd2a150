/* Running a line: what is a command, what form it has, and where the next one begins. The handlers
 * here write down how they were called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/at/command.h"

struct listener {
    uint8_t bytes[256];
    struct out calls;
    enum imqtt_status answers[4]; /* of the handlers, one after the other */
    size_t answered;
};

static enum imqtt_status called(const struct at_call *call, const char *form)
{
    struct listener *modem = call->context;
    struct params *params = call->params;
    out_text(&modem->calls, form);
    out_span(&modem->calls, span_of(params->bytes, params->count));
    out_u8(&modem->calls, '|');
    size_t turn = modem->answered++;
    return turn < 4 ? modem->answers[turn] : IMQTT_DONE;
}

#define HANDLER(name, form)                                                                        \
    static enum imqtt_status name(struct at_call *call)                                            \
    {                                                                                              \
        return called(call, form);                                                                 \
    }

HANDLER(execute_factory, "F ")
HANDLER(set_errors, "M=")
HANDLER(read_errors, "M?")
HANDLER(test_errors, "M=?")
HANDLER(set_address, "A=")
HANDLER(read_address, "A?")
HANDLER(execute_connect, "C ")
HANDLER(execute_receive, "R ")
HANDLER(set_receive, "R=")
HANDLER(read_receive, "R?")
HANDLER(test_receive, "R=?")
HANDLER(execute_echo, "E ")
HANDLER(set_terminator, "S=")
HANDLER(read_terminator, "S?")
HANDLER(execute_verbose, "V ")

static const struct at_command commands[] = {
    {.name = "&F", .execute = execute_factory},
    {.name = "+CMEE", .set = set_errors, .read = read_errors, .test = test_errors},
    {.name = "+IMQTTADDR", .set = set_address, .read = read_address, .takes_rest = true},
    {.name = "+IMQTTCONN", .execute = execute_connect, .takes_rest = true},
    {.name = "+IMQTTRECV",
     .execute = execute_receive,
     .set = set_receive,
     .read = read_receive,
     .test = test_receive,
     .takes_rest = true},
    {.name = "+IMQTTSEND", .set = set_receive, .read = read_receive, .acts = true},
    {.name = "E", .execute = execute_echo},
    {.name = "S3", .set = set_terminator, .read = read_terminator},
    {.name = "V", .execute = execute_verbose},
};

static const struct at_table table = {.commands = commands,
                                      .count = sizeof commands / sizeof commands[0]};

static enum imqtt_status run(struct listener *modem, struct at_run *line)
{
    modem->calls = out_on(modem->bytes, sizeof modem->bytes);
    modem->answered = 0;
    enum imqtt_status status = IMQTT_DONE;
    while (status == IMQTT_DONE && at_run_has_more(line))
        status = at_run_command(&table, modem, line);
    return status;
}

static void assert_calls(const struct listener *modem, const char *expected)
{
    if (modem->calls.count != strlen(expected) ||
        memcmp(modem->bytes, expected, modem->calls.count) != 0)
        fail_msg("called %.*s, not %s", (int)modem->calls.count, (const char *)modem->bytes,
                 expected);
}

static void assert_runs(const char *text, const char *calls, enum imqtt_status expected)
{
    struct listener modem = {.calls = {0}};
    size_t count = strlen(text);
    uint8_t *body = malloc(count > 0 ? count : 1); /* so that a step beyond its end shows */
    assert_non_null(body);
    memcpy(body, text, count);
    for (int turn = 0; turn < 2; turn++) { /* again, as A/ would */
        struct at_run line = {0};
        at_run_begin(&line, body, count, true);
        enum imqtt_status status = run(&modem, &line);
        if (status != expected)
            fail_msg("%s: %d, not %d", text, (int)status, (int)expected);
        assert_calls(&modem, calls);
    }
    free(body);
}

/* ---- names and forms ----------------------------------------------------------------------- */

static void an_empty_line_is_done(void **state)
{
    (void)state;
    assert_runs("", "", IMQTT_DONE);
    assert_runs(" \t", "", IMQTT_DONE);
    assert_runs(";", "", IMQTT_DONE);
}

static void calls_the_handler_of_each_form(void **state)
{
    (void)state;
    assert_runs("+IMQTTRECV", "R |", IMQTT_DONE);
    assert_runs("+IMQTTRECV=5", "R=5|", IMQTT_DONE);
    assert_runs("+IMQTTRECV=", "R=|", IMQTT_DONE);
    assert_runs("+IMQTTRECV?", "R?|", IMQTT_DONE);
    assert_runs("+IMQTTRECV=?", "R=?|", IMQTT_DONE);
}

static void names_are_found_in_any_case(void **state)
{
    (void)state;
    assert_runs("+imqttRecv=5", "R=5|", IMQTT_DONE);
    assert_runs("e0&f", "E 0|F |", IMQTT_DONE);
    assert_runs("s3?", "S?|", IMQTT_DONE);
}

static void every_name_of_the_table_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        struct listener modem = {.calls = {0}};
        uint8_t body[16];
        struct out out = out_on(body, sizeof body);
        out_text(&out, commands[i].name);
        out_text(&out, commands[i].execute != NULL ? "" : "?");
        struct at_run line = {0};
        at_run_begin(&line, body, out.count, true);
        assert_int_equal(run(&modem, &line), IMQTT_DONE);
        assert_int_equal(modem.answered, 1);
    }
}

static void ignores_spaces_around_the_parts(void **state)
{
    (void)state;
    assert_runs(" + IMQTTCONN ", "C |", IMQTT_DONE);
    assert_runs("+IMQTTADDR = a,b ", "A=a,b |", IMQTT_DONE);
    assert_runs("\t+\tIMQTTRECV\t?\t", "R?|", IMQTT_DONE);
    assert_runs("+IMQTTRECV = ? ", "R=?|", IMQTT_DONE);
    assert_runs(" E 0 & F S 3 = 13 V ", "E 0|F |S=13|V |", IMQTT_DONE);
}

static void refuses_unknown_names(void **state)
{
    (void)state;
    static const char *const unknown[] = {"+",
                                          "+X",
                                          "+CME",
                                          "+CMEEE=1",
                                          "+IMQTTCONNX",
                                          "IMQTTCONN",
                                          "D123",
                                          "&",
                                          "&X",
                                          "S",
                                          "S4=1",
                                          "S=1",
                                          "?",
                                          "=",
                                          "1",
                                          "\xFF",
                                          "+IMQTT CONN",
                                          "+IMQTTCONN x",
                                          "+CMEE-1",
                                          "$QCFG",
                                          "\"",
                                          "+IMQTTCONN\"\"",
                                          "+IMQTTCONN,1",
                                          "S33?",
                                          "+AVERYLONGNAMETHATNOCOMMANDHASATALL=1"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_runs(unknown[i], "", IMQTT_NOT_SUPPORTED);
}

static void refuses_a_form_that_a_command_lacks(void **state)
{
    (void)state;
    static const char *const lacking[] = {"+CMEE", "+IMQTTCONN=1", "+IMQTTCONN?", "+IMQTTADDR",
                                          "E?",    "E=1",          "S3"};
    for (size_t i = 0; i < sizeof lacking / sizeof lacking[0]; i++)
        assert_runs(lacking[i], "", IMQTT_NOT_SUPPORTED);
}

static void testing_an_extended_command_needs_no_handler(void **state)
{
    (void)state;
    assert_runs("+IMQTTCONN=?", "", IMQTT_DONE);
    assert_runs("+IMQTTADDR=?", "", IMQTT_DONE);
    assert_runs("+IMQTTNONE=?", "", IMQTT_NOT_SUPPORTED);
    assert_runs("E=?", "", IMQTT_NOT_SUPPORTED);
}

static void nothing_may_follow_a_read(void **state)
{
    (void)state;
    assert_runs("+IMQTTRECV?1", "", IMQTT_BAD_PARAMETERS);
    assert_runs("+IMQTTRECV??", "", IMQTT_BAD_PARAMETERS);
    assert_runs("+CMEE? x;E0", "", IMQTT_BAD_PARAMETERS);
}

static void a_string_may_begin_with_a_question_mark(void **state)
{
    (void)state;
    assert_runs("+IMQTTADDR=?a,1", "A=?a,1|", IMQTT_DONE);
    assert_runs("+IMQTTCONN=?a", "", IMQTT_NOT_SUPPORTED);
}

/* ---- several commands ---------------------------------------------------------------------- */

static void basic_commands_follow_each_other(void **state)
{
    (void)state;
    assert_runs("E0V1&F", "E 0|V 1|F |", IMQTT_DONE);
    assert_runs("EV", "E |V |", IMQTT_DONE);
    assert_runs("E0;V1;", "E 0|V 1|", IMQTT_DONE);
    assert_runs("S3=13E1S3?V", "S=13|E 1|S?|V |", IMQTT_DONE);
    assert_runs("S003=13", "S=13|", IMQTT_DONE);
}

static void extended_commands_are_separated_by_semicolons(void **state)
{
    (void)state;
    assert_runs("+CMEE=1;+CMEE?;+CMEE=?", "M=1|M?|M=?|", IMQTT_DONE);
    assert_runs("E0+CMEE=1", "E 0|M=1|", IMQTT_DONE);
    assert_runs("E0V1;+CMEE=1;E1", "E 0|V 1|M=1|E 1|", IMQTT_DONE);
    assert_runs(" ; +CMEE=1 ;; ", "M=1 |", IMQTT_DONE);
    assert_runs("+CMEE=1;+IMQTTCONN", "M=1|C |", IMQTT_DONE);
}

static void a_semicolon_in_quotes_separates_nothing(void **state)
{
    (void)state;
    assert_runs("+CMEE=\"a;b\";E", "M=\"a;b\"|E |", IMQTT_DONE);
    assert_runs("+CMEE=\"a\\\";b\";E", "M=\"a\\\";b\"|E |", IMQTT_DONE);
    assert_runs("+CMEE=\"a\\\\\";E", "M=\"a\\\\\"|E |", IMQTT_DONE);
    assert_runs("+CMEE=\"a;E", "M=\"a;E|", IMQTT_DONE);
    assert_runs("+CMEE=\"a\\", "M=\"a\\|", IMQTT_DONE);
}

static void an_imqtt_command_takes_the_whole_rest(void **state)
{
    (void)state;
    assert_runs("+IMQTTADDR=a;E0", "A=a;E0|", IMQTT_DONE);
    assert_runs("E0+imqttaddr=a;b", "E 0|A=a;b|", IMQTT_DONE);
    assert_runs("+IMQTTCONN;E0", "", IMQTT_NOT_SUPPORTED);
    assert_runs("+IMQTTRECV?;E0", "", IMQTT_BAD_PARAMETERS);
}

static void ignores_control_bytes_outside_quotes(void **state)
{
    (void)state;
    assert_runs("+CMEE=\"a\";\x01+\x02"
                "C\x03MEE\x04=\x05 1;E\x06 0",
                "M=\"a\"|M=1|E 0|", IMQTT_DONE);
    assert_runs("+CMEE=\"a\";S\x01"
                "3\x02=\x03 13",
                "M=\"a\"|S=13|", IMQTT_DONE);
}

static void stops_at_the_first_error(void **state)
{
    (void)state;
    assert_runs("E0X;E1", "E 0|", IMQTT_NOT_SUPPORTED);
    uint8_t body[] = "E0;+CMEE=9;E1";
    struct listener modem = {.answers = {IMQTT_DONE, IMQTT_BAD_PARAMETERS}};
    struct at_run line = {0};
    at_run_begin(&line, body, sizeof body - 1, true);
    assert_int_equal(run(&modem, &line), IMQTT_BAD_PARAMETERS);
    assert_calls(&modem, "E 0|M=9|");
}

/* ---- stopping in the middle ---------------------------------------------------------------- */

static void a_command_that_waits_is_begun_again(void **state)
{
    (void)state;
    uint8_t body[] = "E0;+CMEE=1;V1";
    struct listener modem = {.answers = {IMQTT_DONE, IMQTT_LATER}};
    struct at_run line = {0};
    at_run_begin(&line, body, sizeof body - 1, true);
    assert_int_equal(run(&modem, &line), IMQTT_LATER);
    assert_calls(&modem, "E 0|M=1|");
    modem.answers[0] = IMQTT_LATER;
    assert_int_equal(run(&modem, &line), IMQTT_LATER);
    assert_calls(&modem, "M=1|");
    modem.answers[0] = modem.answers[1] = IMQTT_DONE;
    assert_int_equal(run(&modem, &line), IMQTT_DONE);
    assert_calls(&modem, "M=1|V 1|");
}

static void a_command_that_is_pending_is_not_begun_again(void **state)
{
    (void)state;
    uint8_t body[] = "+CMEE=1;V1";
    struct listener modem = {.answers = {IMQTT_PENDING}};
    struct at_run line = {0};
    at_run_begin(&line, body, sizeof body - 1, true);
    assert_int_equal(run(&modem, &line), IMQTT_PENDING);
    modem.answers[0] = IMQTT_DONE;
    assert_int_equal(run(&modem, &line), IMQTT_DONE);
    assert_calls(&modem, "V 1|");
    assert_int_equal(run(&modem, &line), IMQTT_DONE);
    assert_calls(&modem, "");
}

/* ---- presets: lines that may only set ------------------------------------------------------- */

static void assert_preset(const char *text, enum imqtt_status expected)
{
    struct listener modem = {.calls = {0}};
    uint8_t body[32];
    size_t count = strlen(text);
    struct at_run line = {.settings_only = true};
    memcpy(body, text, count);
    at_run_begin(&line, body, count, false);
    assert_int_equal(run(&modem, &line), expected);
}

static void a_preset_neither_acts_nor_asks(void **state)
{
    (void)state;
    assert_preset("+CMEE=1", IMQTT_DONE);
    assert_preset("E0", IMQTT_DONE);
    assert_preset("+CMEE?", IMQTT_NOT_ALLOWED);
    assert_preset("+CMEE=?", IMQTT_NOT_ALLOWED);
    assert_preset("+IMQTTSEND=1", IMQTT_NOT_ALLOWED);
    assert_preset("+NONE=1", IMQTT_NOT_SUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_line_is_done),
        cmocka_unit_test(calls_the_handler_of_each_form),
        cmocka_unit_test(names_are_found_in_any_case),
        cmocka_unit_test(every_name_of_the_table_is_found),
        cmocka_unit_test(ignores_spaces_around_the_parts),
        cmocka_unit_test(refuses_unknown_names),
        cmocka_unit_test(refuses_a_form_that_a_command_lacks),
        cmocka_unit_test(testing_an_extended_command_needs_no_handler),
        cmocka_unit_test(nothing_may_follow_a_read),
        cmocka_unit_test(a_string_may_begin_with_a_question_mark),
        cmocka_unit_test(basic_commands_follow_each_other),
        cmocka_unit_test(extended_commands_are_separated_by_semicolons),
        cmocka_unit_test(a_semicolon_in_quotes_separates_nothing),
        cmocka_unit_test(an_imqtt_command_takes_the_whole_rest),
        cmocka_unit_test(ignores_control_bytes_outside_quotes),
        cmocka_unit_test(stops_at_the_first_error),
        cmocka_unit_test(a_command_that_waits_is_begun_again),
        cmocka_unit_test(a_command_that_is_pending_is_not_begun_again),
        cmocka_unit_test(a_preset_neither_acts_nor_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
