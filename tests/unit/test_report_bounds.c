/* The driver's report: memory is bounded, and no event can hurt it. The rules are tested with
 * recordings, tests/system/test_driver_report.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver_report/driver_report.h"

static void take(struct driver_report *report, const char *text)
{
    json_t *event = json_loads(text, 0, NULL);
    assert_non_null(event);
    report_take_event(report, event);
    json_decref(event);
}

/* "AT+X\r" again and again, and no answer. */
static void a_host_that_never_waits_costs_eight_findings(void **state)
{
    struct driver_report *report = report_begin();
    (void)state;
    for (int i = 0; i < 1000; i++)
        take(report,
             "{\"t_ms\":1,\"kind\":\"at\",\"dir\":\"host\",\"hex\":\"41542b582b582b580d\"}");
    report_finish(report);
    assert_int_equal(report_count(report), REPORT_FINDINGS_A_RULE);
    assert_int_equal(report_times(report, RULE_COMMAND_BEFORE_RESULT), 999);
    assert_string_equal(report_at(report, 0)->line, "AT+X+X+X");
    json_t *json = report_json(report, REPORT_CHINESE);
    assert_int_equal(json_array_size(json_object_get(json, "findings")), REPORT_FINDINGS_A_RULE);
    json_decref(json);
    report_end(report);
}

static void events_that_are_none_are_left_aside(void **state)
{
    static const char *const events[] = {
        "{}",
        "{\"kind\":7}",
        "{\"kind\":\"at\"}",
        "{\"kind\":\"at\",\"dir\":\"host\",\"hex\":\"4\"}",
        "{\"kind\":\"at\",\"dir\":\"host\",\"hex\":\"zz\",\"t_ms\":\"x\"}",
        "{\"kind\":\"at\",\"dir\":\"modem\",\"hex\":\"22220d2c220d\",\"t_ms\":-5}",
        "{\"kind\":\"news\"}",
        "{\"kind\":\"mqtt\",\"keep_alive_s\":\"x\"}",
        "{\"imqtt_recording\":1}",
    };
    struct driver_report *report = report_begin();
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        take(report, events[i]);
    report_finish(report);
    assert_int_equal(report_count(report), 0);
    report_end(report);
}

static void every_rule_has_words_in_each_language(void **state)
{
    (void)state;
    for (int id = 0; id < RULE_COUNT; id++)
        for (int language = 0; language < REPORT_LANGUAGE_COUNT; language++) {
            const struct report_words *words = &report_rule(id)->in[language];
            assert_true(strlen(words->what) > 5 && strlen(words->why) > 5 &&
                        strlen(words->remedy) > 5);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_never_waits_costs_eight_findings),
        cmocka_unit_test(events_that_are_none_are_left_aside),
        cmocka_unit_test(every_rule_has_words_in_each_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
