/* The driver's report: which publish a result belongs to. Results come in the order in which the
 * broker answers, under the name of another command, and for QoS 0 before those of QoS 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver_report/driver_report.h"

struct desk {
    struct driver_report *report;
    double now_ms;
};

static void take(struct desk *desk, json_t *event)
{
    assert_non_null(event);
    json_object_set_new(event, "t_ms", json_real(desk->now_ms++));
    report_take_event(desk->report, event);
    json_decref(event);
}

static void say(struct desk *desk, const char *side, const char *text)
{
    char hex[512];
    size_t bytes = strlen(text);
    assert_true(2 * bytes < sizeof hex);
    for (size_t i = 0; i < bytes; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)text[i]);
    take(desk, json_pack("{s:s,s:s,s:s}", "kind", "at", "dir", side, "hex", hex));
}

/* A command that the modem accepts. */
static void host(struct desk *desk, const char *command)
{
    say(desk, "host", command);
    say(desk, "modem", "\r\nOK\r\n");
}

static void modem(struct desk *desk, const char *line)
{
    say(desk, "modem", line);
}

static void sent(struct desk *desk, int id, const char *topic)
{
    take(desk, json_pack("{s:s,s:s,s:s,s:i,s:i,s:b,s:s}", "kind", "mqtt", "dir", "out", "packet",
                         "PUBLISH", "id", id, "qos", 1, "dup", 0, "topic", topic));
}

static struct desk connected(void)
{
    struct desk desk = {.report = report_begin()};
    assert_non_null(desk.report);
    host(&desk, "AT+IMQTTCONN\r");
    modem(&desk, "\r\n+IMQTTCONN:0\r\n");
    return desk;
}

/* Long enough for every publish that failed to be missed. */
static void end(struct desk *desk, const char *missed)
{
    desk->now_ms += 100000;
    host(desk, "AT+CSQ\r");
    report_finish(desk->report);
    assert_int_equal(report_count(desk->report), missed != NULL ? 1 : 0);
    assert_int_equal(report_times(desk->report, RULE_PUBLISH_NOT_REPEATED), missed != NULL ? 1 : 0);
    if (missed != NULL)
        assert_string_equal(report_at(desk->report, 0)->line, missed);
    report_end(desk->report);
}

static void hex_is_reported_as_text_is(void **state)
{
    struct desk desk = connected();
    (void)state;
    host(&desk, "AT+IMQTTPUBIN=/a,1,00\r");
    modem(&desk, "\r\n+IMQTTPUB:2,1\r\n");
    end(&desk, "AT+IMQTTPUBIN=/a,1,00");
}

static void data_is_reported_under_its_own_name(void **state)
{
    struct desk desk = connected();
    (void)state;
    host(&desk, "AT+IMQTTPUBIN=/a,1,00\r");
    host(&desk, "AT+IMQTTPUBEX=/b,1,0,0\r");
    modem(&desk, "\r\n+IMQTTPUBEX:3,1\r\n");
    modem(&desk, "\r\n+IMQTTPUB:2,0\r\n");
    end(&desk, "AT+IMQTTPUBEX=/b,1,0,0");
}

static void many_that_were_done_hide_none_that_was_not(void **state)
{
    struct desk desk = connected();
    (void)state;
    for (int i = 0; i < 100; i++) {
        host(&desk, "AT+IMQTTPUBIN=/a,1,00\r");
        modem(&desk, "\r\n+IMQTTPUB:2,0\r\n");
    }
    host(&desk, "AT+IMQTTPUB=/b,1,x\r");
    modem(&desk, "\r\n+IMQTTPUB:3,1\r\n");
    end(&desk, "AT+IMQTTPUB=/b,1,x");
}

static void qos_0_is_done_before_what_waits_for_the_broker(void **state)
{
    struct desk desk = connected();
    (void)state;
    host(&desk, "AT+IMQTTPUB=/a,1,x\r");
    host(&desk, "AT+IMQTTPUB=\"/b,c\",0,x\r");
    modem(&desk, "\r\n+IMQTTPUB:0,0\r\n");
    modem(&desk, "\r\n+IMQTTPUB:2,1\r\n");
    host(&desk, "AT+IMQTTPUB=/a,1,x\r");
    modem(&desk, "\r\n+IMQTTPUB:3,0\r\n");
    end(&desk, NULL);
}

static void a_packet_id_says_which_one_it_was(void **state)
{
    struct desk desk = connected();
    (void)state;
    host(&desk, "AT+IMQTTPUB=/a,2,x\r");
    sent(&desk, 2, "/a");
    host(&desk, "AT+IMQTTPUB=/b,1,x\r");
    sent(&desk, 3, "/b");
    modem(&desk, "\r\n+IMQTTPUB:3,0\r\n");
    modem(&desk, "\r\n+IMQTTPUB:2,1\r\n");
    host(&desk, "AT+IMQTTPUB=/a,2,x\r");
    sent(&desk, 4, "/a");
    modem(&desk, "\r\n+IMQTTPUB:4,0\r\n");
    end(&desk, NULL);
}

/* Packet ids are used again; the latest packet of that id counts. */
static void a_packet_id_that_comes_again_means_the_later_one(void **state)
{
    struct desk desk = connected();
    (void)state;
    for (int i = 0; i < 40; i++) {
        host(&desk, "AT+IMQTTPUB=/a,1,x\r");
        sent(&desk, 2, "/a");
        modem(&desk, "\r\n+IMQTTPUB:2,0\r\n");
    }
    host(&desk, "AT+IMQTTPUB=/a,1,x\r");
    sent(&desk, 3, "/a");
    host(&desk, "AT+IMQTTPUB=/b,1,x\r");
    sent(&desk, 2, "/b");
    modem(&desk, "\r\n+IMQTTPUB:2,1\r\n");
    end(&desk, "AT+IMQTTPUB=/b,1,x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_is_reported_as_text_is),
        cmocka_unit_test(data_is_reported_under_its_own_name),
        cmocka_unit_test(many_that_were_done_hide_none_that_was_not),
        cmocka_unit_test(qos_0_is_done_before_what_waits_for_the_broker),
        cmocka_unit_test(a_packet_id_says_which_one_it_was),
        cmocka_unit_test(a_packet_id_that_comes_again_means_the_later_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
