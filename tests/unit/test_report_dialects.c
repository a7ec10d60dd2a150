/* The driver's report for hosts of other makers' dialects: what their own words say counts, and nothing
 * is held against them that only imqtt's would be. */
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

static struct desk begin(void)
{
    struct desk desk = {.report = report_begin()};
    assert_non_null(desk.report);
    return desk;
}

static void say(struct desk *desk, const char *side, const char *text)
{
    char hex[512] = "";
    size_t bytes = strlen(text);
    assert_true(2 * bytes < sizeof hex);
    for (size_t i = 0; i < bytes; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)text[i]);
    json_t *event = json_pack("{s:s,s:s,s:s,s:f}", "kind", "at", "dir", side, "hex", hex, "t_ms",
                              desk->now_ms++);
    assert_non_null(event);
    report_take_event(desk->report, event);
    json_decref(event);
}

static void host(struct desk *desk, const char *text)
{
    say(desk, "host", text);
}

static void modem(struct desk *desk, const char *text)
{
    say(desk, "modem", text);
}

/* A command that the modem accepts. */
static void done(struct desk *desk, const char *command)
{
    host(desk, command);
    modem(desk, "\r\nOK\r\n");
}

/* NULL: nothing was found. */
static void end(struct desk *desk, enum report_rule_id rule, const char *line)
{
    report_finish(desk->report);
    assert_int_equal(report_count(desk->report), line != NULL ? 1 : 0);
    if (line != NULL) {
        assert_int_equal(report_times(desk->report, rule), 1);
        assert_string_equal(report_at(desk->report, 0)->line, line);
    }
    report_end(desk->report);
}

static void wait_long(struct desk *desk)
{
    desk->now_ms += 100000;
}

/* ---- what begins a connection, what ends it, and what a host does then ------------------------------- */

struct words {
    const char *connect,
        *connected;          /* a command that begins a connection, and what says it stands */
    const char *lost, *line; /* what the modem says of a loss, and its line in the finding */
    const char *ask;         /* a command that is no sign of having noticed */
};

static const struct words dialects[] = {
    {"AT+IMQTTCONN\r", "\r\n+IMQTTSTATE:1\r\n", "\r\n+IMQTTSTATE:0\r\n", "+IMQTTSTATE:0",
     "AT+IMQTTRCVPUB?\r"},
    {"AT+QMTCONN=0,\"me\"\r", "\r\n+QMTCONN: 0,0,0\r\n", "\r\n+QMTSTAT: 0,1\r\n",
     "+QMTSTAT: ", "AT+QMTRECV?\r"},
    {"AT+CMQTTCONNECT=0,\"tcp://h\",60,1\r", "\r\n+CMQTTCONNECT: 0,0\r\n",
     "\r\n+CMQTTCONNLOST: 0,1\r\n", "+CMQTTCONNLOST: ", "AT+CMQTTCFG?\r"},
    {"AT+SMCONN\r", "", "\r\n+SMSTATE: 0\r\n", "+SMSTATE: 0", "AT+SMCONF?\r"},
    {"AT+MQTTCONN=0,\"h\",1883,0\r", "+MQTTCONNECTED:0,1,\"h\",\"1883\",\"\",0\r\n",
     "+MQTTDISCONNECTED:0\r\n", "+MQTTDISCONNECTED:", "AT+MQTTSUB?\r"},
};
#define DIALECTS (sizeof dialects / sizeof dialects[0])

static struct desk connected(const struct words *words)
{
    struct desk desk = begin();
    done(&desk, words->connect);
    modem(&desk, words->connected);
    return desk;
}

static void a_loss_that_is_not_noticed_is_found_in_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        const struct words *words = &dialects[i];
        struct desk desk = connected(words);
        modem(&desk, words->lost);
        wait_long(&desk);
        done(&desk, "AT+CSQ\r");
        end(&desk, RULE_URC_IGNORED, words->line);
    }
}

static void a_host_that_goes_on_has_not_noticed(void **state)
{
    (void)state;
    for (size_t i = 1; i < DIALECTS; i++) {
        struct desk desk = connected(&dialects[i]);
        modem(&desk, dialects[i].lost);
        done(&desk, dialects[i].ask);
        wait_long(&desk);
        done(&desk, dialects[i].ask);
        end(&desk, RULE_LOSS_NOT_NOTICED, dialects[i].line);
    }
}

static void a_host_that_connects_again_has_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        struct desk desk = connected(&dialects[i]);
        modem(&desk, dialects[i].lost);
        done(&desk, dialects[i].connect);
        wait_long(&desk);
        done(&desk, "AT+CSQ\r");
        end(&desk, RULE_COUNT, NULL);
    }
}

static void what_a_host_ends_is_not_lost(void **state)
{
    static const char *const ends[] = {"AT+IMQTTDISCONN\r", "AT+QMTDISC=0\r", "AT+CMQTTDISC=0,60\r",
                                       "AT+SMDISC\r", "AT+MQTTCLEAN=0\r"};
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        struct desk desk = connected(&dialects[i]);
        done(&desk, ends[i]);
        modem(&desk, dialects[i].lost);
        wait_long(&desk);
        done(&desk, "AT+CSQ\r");
        end(&desk, RULE_COUNT, NULL);
    }
}

/* ---- data is no line --------------------------------------------------------------------------------- */

static void data_behind_a_prompt_is_not_read_as_lines(void **state)
{
    struct desk desk = begin();
    (void)state;
    host(&desk, "AT+QMTPUB=0,1,1,0,\"/a\"\r");
    modem(&desk, "\r\n> ");
    host(&desk, "{\"on\r\nAT+QMTPUB\rAT\r\t\x01\"\x1A\r");
    modem(&desk, "\r\nOK\r\n");
    modem(&desk, "\r\n+QMTPUB: 0,1,0\r\n");
    done(&desk, "AT\r");
    end(&desk, RULE_COUNT, NULL);
}

static void raw_data_of_esp_ends_with_its_own_result(void **state)
{
    struct desk desk = begin();
    (void)state;
    done(&desk, "AT+MQTTPUBRAW=0,\"/a\",9,0,0\r");
    modem(&desk, ">");
    host(&desk, "AT\rAT\r\"\x01\"");
    modem(&desk, "+MQTTPUB:OK\r\n");
    host(&desk, "AT+GMR\r");
    host(&desk, "AT+GMR\r");
    end(&desk, RULE_COMMAND_BEFORE_RESULT, "AT+GMR");
}

static void a_file_is_no_line(void **state)
{
    struct desk desk = begin();
    (void)state;
    host(&desk, "AT+QFUPL=\"ca\",20\r");
    modem(&desk, "\r\nCONNECT\r\n");
    host(&desk, "AT\r\nAT\r\n\"\x01");
    modem(&desk, "\r\n+QFUPL: 20,1\r\n\r\nOK\r\n");
    done(&desk, "AT\r");
    end(&desk, RULE_COUNT, NULL);
}

/* ---- what comes in is no result ------------------------------------------------------------------------ */

static void a_counted_payload_is_no_result(void **state)
{
    static const char *const messages[] = {
        "\r\n+QMTRECV: 0,1,\"/a\",10,\"\r\nERROR\r\nx\"\r\n",
        "+MQTTSUBRECV:0,\"/a\",10,\r\nERROR\r\nx\r\n",
        "\r\n+CMQTTRXPAYLOAD: 0,10\r\n\r\nERROR\r\nx\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct desk desk = begin();
        host(&desk, "AT+CSQ\r");
        modem(&desk, messages[i]);
        host(&desk, "AT+CSQ\r");
        end(&desk, RULE_COMMAND_BEFORE_RESULT, "AT+CSQ");
    }
}

static void a_restart_that_a_host_asks_for_asks_nothing_of_it(void **state)
{
    static const char *const restarts[][3] = {
        {"AT+QMTCFG=\"version\",0\r", "AT+QPOWD\r", "\r\nRDY\r\n"},
        {"AT+MQTTCLEAN=0\r", "AT+RST\r", "\r\nready\r\n"},
        {"AT+CMQTTSTART\r", "AT+CRESET\r", "\r\n*ATREADY: 1\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof restarts / sizeof restarts[0]; i++) {
        struct desk desk = begin();
        done(&desk, restarts[i][0]);
        done(&desk, restarts[i][1]);
        modem(&desk, restarts[i][2]);
        wait_long(&desk);
        done(&desk, "AT\r");
        end(&desk, RULE_COUNT, NULL);
    }
}

static void a_restart_that_nobody_asked_for_is_told_by_its_line(void **state)
{
    struct desk desk = begin();
    (void)state;
    done(&desk, "AT+MQTTUSERCFG=0,1,\"d\",\"\",\"\",0,0,\"\"\r");
    modem(&desk, "\r\nready\r\n");
    wait_long(&desk);
    modem(&desk, "WIFI DISCONNECT\r\n");
    end(&desk, RULE_URC_IGNORED, "ready");
}

/* Which client a URC is about the report does not follow. */
static void of_several_clients_no_loss_is_held_against_the_host(void **state)
{
    struct desk desk = begin();
    json_t *event = json_pack("{s:s,s:s,s:i,s:f}", "kind", "news", "what", "connecting", "client",
                              1, "t_ms", desk.now_ms);
    (void)state;
    done(&desk, "AT+QMTCONN=0,\"device\"\r");
    modem(&desk, "\r\n+QMTCONN: 0,0,0\r\n");
    report_take_event(desk.report, event);
    json_decref(event);
    modem(&desk, "\r\n+QMTSTAT: 1,1\r\n");
    done(&desk, "AT+QMTPUB=0,1,1,0,\"/a\",\"x\"\r");
    host(&desk, "AT+QMTPUB=1,1,1,0,\"/a\",\"x\"\r");
    modem(&desk, "\r\nERROR\r\n");
    wait_long(&desk);
    done(&desk, "AT\r");
    end(&desk, RULE_COUNT, NULL);
}

/* As a trace has it: starred. */
static void a_secret_that_is_echoed_is_found_in_each(void **state)
{
    static const char *const echoed[] = {
        "AT+QMTCONN=0,\"id\",\"u\",\"***\"",
        "AT+CMQTTCONNECT=0,\"tcp://h\",60,1,\"u\",\"***\"",
        "AT+SMCONF=\"PASSWORD\",\"***\"",
        "AT+MQTTUSERCFG=0,1,\"id\",\"u\",\"***\"",
        "AT+CWJAP=\"a,b\",\"***\"",
        "AT+QMTCFG=\"aliauth\",0,\"pk\",\"dn\",\"**\"",
        "AT+CMQTTCFG=\"aliauth\",0,\"pk\",\"dn\",\"**\"",
        "at+qicsgp=1,1,\"apn\",\"u\",\"***\"**",
        "AT+CSSLCFG=\"password\",0,\"***\"",
        "AT+CNCFG=0,1,\"apn\",\"u\",\"***\"**",
        "AT+SMCONF=PASSWORD,***",
        "AT+MQTTPASSWORD=0,\"***\"",
        "  AT+IMQTTPARA=USER,u,PASSWORD,*",
        "AT+CSQ;+IMQTTUSER=u,*",
        "AT+IMQTTAUTH=\"pk\",\"dn\",\"***\"",
        "AT+IMQTTDYNREG=0,*,**,**,***",
        "AT+CGAUTH=1,1,\"u\",\"***\"",
        "AT+CPIN=****",
    };
    (void)state;
    for (size_t i = 0; i < sizeof echoed / sizeof echoed[0]; i++) {
        char line[64];
        struct desk desk = begin();
        (void)snprintf(line, sizeof line, "%s\r", echoed[i]);
        host(&desk, line);
        modem(&desk, line);
        modem(&desk, "\r\nOK\r\n");
        end(&desk, RULE_SECRET_WITH_ECHO, echoed[i]);
    }
}

static void what_is_no_secret_may_be_echoed(void **state)
{
    static const char *const echoed[] = {"AT+QMTCONN=0,\"id,u,p\",\"u\"\r",
                                         "AT+SMCONF=\"URL\",\"h\"\r",
                                         "AT+MQTTUSERCFG=0,1,\"id\",\"u\",\"\",0,0,\"\"\r",
                                         "AT+CWJAP?\r",
                                         "AT+QICSGP=1,1,\"apn\",\"\",\"\",0\r",
                                         "AT+QMTCFG=\"aliauth\",0\r",
                                         "AT+CNCFG=0,1,\"apn\"\r",
                                         "AT+CPIN=?\r",
                                         "AT+CLCK=?\r",
                                         "AT+CLCK=\"SC\",2\r",
                                         "AT+IMQTTUSER=\"\",\"\"\r",
                                         "AT+IMQTTUSER=u;+CSQ\r",
                                         "AT+CSSLCFG=\"convert\",2,\"ca\"\r",
                                         "AT+CSSLCFG=\"convert\",1,\"c\",\"k\"\r",
                                         "AT+SMCONF=PASSWORD,\"\"\r"};
    struct desk desk = begin();
    (void)state;
    for (size_t i = 0; i < sizeof echoed / sizeof echoed[0]; i++) {
        host(&desk, echoed[i]);
        modem(&desk, echoed[i]);
        modem(&desk, "\r\nOK\r\n");
    }
    end(&desk, RULE_COUNT, NULL);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_loss_that_is_not_noticed_is_found_in_each),
        TEST(a_host_that_goes_on_has_not_noticed),
        TEST(a_host_that_connects_again_has_noticed),
        TEST(what_a_host_ends_is_not_lost),
        TEST(data_behind_a_prompt_is_not_read_as_lines),
        TEST(raw_data_of_esp_ends_with_its_own_result),
        TEST(a_file_is_no_line),
        TEST(a_counted_payload_is_no_result),
        TEST(a_restart_that_a_host_asks_for_asks_nothing_of_it),
        TEST(a_restart_that_nobody_asked_for_is_told_by_its_line),
        TEST(a_secret_that_is_echoed_is_found_in_each),
        TEST(what_is_no_secret_may_be_echoed),
        TEST(of_several_clients_no_loss_is_held_against_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
