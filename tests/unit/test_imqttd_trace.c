/* The trace: lines, packets, and no secret in either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "imqttd/metrics/metric_table.h"
#include "imqttd/trace/at_lines.h"
#include "imqttd/trace/mqtt_packets.h"
#include "imqttd/trace/private_keys.h"
#include "imqttd/trace/secrets.h"

static char told[4096];
static size_t told_bytes;

static void keep(void *context, const uint8_t *bytes, size_t count, bool starred)
{
    (void)context;
    (void)starred;
    memcpy(told + told_bytes, bytes, count);
    told_bytes += count;
    told[told_bytes++] = '|';
    told[told_bytes] = '\0';
}

static void feed(struct at_lines *lines, const char *text)
{
    at_lines_take(lines, (const uint8_t *)text, strlen(text));
}

static struct at_lines *begin(bool is_host)
{
    static struct at_lines lines;
    lines = (struct at_lines){.told = keep, .ends_at_return = is_host};
    told_bytes = 0;
    told[0] = '\0';
    return &lines;
}

static void test_lines(void **state)
{
    (void)state;
    struct at_lines *lines = begin(false);
    feed(lines, "AT\r\r\nOK\r\n\r\n+CSQ: 1\r");
    assert_string_equal(told, "AT\r|\r\nOK\r\n|");
    feed(lines, "\nRDY");
    at_lines_flush(lines);
    assert_string_equal(told, "AT\r|\r\nOK\r\n|\r\n+CSQ: 1\r\n|RDY|");
}

/* Before data can be told, that may follow it at once. */
static void test_a_prompt_of_each_dialect_is_told_at_once(void **state)
{
    static const char *const prompts[] = {"\r\n>", "\r\n> ", "\r\nOK\r\n>"};
    static const char *const said[] = {"\r\n>|", "\r\n> |", "\r\nOK\r\n|>|"};
    (void)state;
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        feed(begin(false), prompts[i]);
        assert_string_equal(told, said[i]);
    }
}

static void test_a_host_ends_lines_with_return(void **state)
{
    (void)state;
    feed(begin(true), "ATI\r\nAT\r");
    assert_string_equal(told, "ATI\r|\nAT\r|");
}

/* However a line with a secret is cut up, and whatever is around it. */
static const char *const with_canary[] = {
    "AT+IMQTTUSER=\"u\",\"canary\"\r",
    "at+imqttuser = \"u\",\"canary\"\r",
    "ATE0;+IMQTTUSER=\"u\",\"canary\";+CSQ\r",
    "AT+IMQTTAUTH=\"pk\",\"dn\",\"canary\"\r",
    "AT+IMQTTDYNREG=1,\"pk\",\"dn\",\"canary\"\r",
    "+IMQTTAUTH:pk,dn,canary\r\n",
    "AT+IMQTTUX\bSER=\"u\",\"canary\"\r",
    "AT+IMQTTUX\b \bSER=\"u\",\"canary\"\r",
    "AT+IMQTT USER=\"u\",\"canary\"\r",
    "AT+IMQTTUSER=\"u,\"canary\"\r",
    "AT+IMQTTUSER=u,a;canary\r",
    "AT+IMQTTPARA=USER,u,PASSWORD,canary,CLEAN,1\r",
    "at+imqttpara=\"password\",\"canary\"\r",
    "AT+QMTCONN=0,\"id\",\"u\",\"canary\"\r",
    "AT+QMTCFG=\"aliauth\",0,\"pk\",\"dn\",\"canary\"\r",
    "AT+QMTOPEN?;+qmtconn=0,id,u,canary\r",
    "AT+QMX\bTCONN=0,id,u,canary\r",
    "AT+QICSGP=1,1,\"apn\",\"u\",\"canary\",1\r",
    "AT+CMQTTCONNECT=0,\"tcp://h:1883\",60,1,\"u\",\"canary\"\r",
    "AT+CSSLCFG=\"password\",0,\"canary\"\r",
    "AT+SMCONF=\"PASSWORD\",\"canary\"\r",
    "AT+CNCFG=0,1,\"apn\",\"u\",\"canary\",3\r",
    "AT+MQTTUSERCFG=0,1,\"id\",\"u\",\"canary\",0,0,\"\"\r",
    "AT+MQTTPASSWORD=0,\"canary\"\r",
    "AT+CWJAP=\"ssid\",\"canary\"\r",
    "AT+CWJAP_DEF=\"ssid\",\"canary\"\r",
    "AT+CWSAP=\"ssid\",\"canary\",5,3\r",
    "AT+CMQTTCFG=\"aliauth\",0,\"pk\",\"dn\",\"canary\"\r",
    "at+cmqttcfg=aliauth,0,pk,dn,canary\r",
    "AT+CSSLCFG=\"convert\",1,\"c.pem\",\"k.pem\",\"canary\"\r",
    "AT+CGAUTH=1,1,\"canary\",\"u\"\r",
    "AT+CPIN=\"canary\"\r",
    "AT+CPWD=\"SC\",\"1234\",\"canary\"\r",
    "AT+CLCK=\"SC\",1,\"canary\"\r",
    "AT+SAPBR=3,1,\"PWD\",\"canary\"\r",
    "AT+CSTT=\"apn\",\"u\",\"canary\"\r",
    "AT+IMQTTUSER=\"a\\\",b\",\"canary\"\r",
    "AT+IMQTTUSER=\"a,b\"c,\"canary\"\r",
};

static void test_no_piece_shows_the_canary(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof with_canary / sizeof *with_canary; i++) {
        struct at_lines *lines = begin(true);
        feed(lines, with_canary[i]);
        assert_null(strstr(told, "canary"));
        size_t where = (size_t)(strstr(with_canary[i], "canary") - with_canary[i]);
        lines = begin(true); /* a pause in the middle of it */
        at_lines_take(lines, (const uint8_t *)with_canary[i], where + 3);
        at_lines_flush(lines);
        feed(lines, with_canary[i] + where + 3);
        assert_null(strstr(told, "can"));
        assert_null(strstr(told, "ary"));
    }
}

static void test_what_is_no_secret_is_shown(void **state)
{
    static const char *const open[] = {
        "AT+IMQTTPUB=\"a\",0,0,\"b\"\r",
        "AT+IMQTTPARA=CLEAN,1,USER,u\r",
        "AT+QMTCFG=\"will\",0,1,0,0,\"t\",\"m\"\r",
        "\r\n+QMTCONN: 0,0,0\r\n",
        "AT+IMQTTUSER=u\r",
        "\r\n+CPIN: READY\r\n",
        "AT+CPIN=?\r",
        "\r\n+CLCK: 0,1,1\r\n",
        "+CWJAP:\"home\",\"02:00:00:00:00:01\",6,-50\r\n",
        "AT+CSSLCFG=\"convert\",1,\"c.pem\",\"k.pem\"\r",
    };
    uint8_t line[64];
    (void)state;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        strcpy((char *)line, open[i]);
        assert_false(secrets_star(line, strlen(open[i])));
        assert_string_equal((char *)line, open[i]);
    }
    strcpy((char *)line, "ATE0;+IMQTTUSER=\"u,v\" , \"secret\"\r");
    assert_true(secrets_star(line, strlen((char *)line)));
    assert_string_equal((char *)line, "ATE0;+IMQTTUSER=\"u,v\" ,*\"******\"\r");
}

static const char pem_key[] = "-----BEGIN EC "
                              "PRIVATE KEY-----\ncanary\ncanary\r\n"
                              "-----END EC PRIVATE KEY-----\n";

/* Data of AT+IMQTTCERT and AT+QFUPL, as a host sends it, and as it is echoed. */
static void test_no_private_key_is_shown(void **state)
{
    (void)state;
    for (size_t split = 0; split < sizeof pem_key - 1; split++) {
        struct at_lines *lines = begin(split % 2 == 0);
        feed(lines, "AT+QFUPL=\"key.pem\",80\r");
        at_lines_take(lines, (const uint8_t *)pem_key, split);
        at_lines_flush(lines);
        feed(lines, pem_key + split);
        feed(lines, "AT+CSQ\r\n");
        assert_null(strstr(told, "canary"));
        assert_null(strstr(told, "cana"));
        assert_non_null(strstr(told, "AT+CSQ"));
    }
}

static void join_pieces(void)
{
    char *end = told;
    for (const char *at = told; *at != '\0'; at++)
        if (*at != '|')
            *end++ = *at;
    *end = '\0';
}

static void feed_in_two(const char *typed, size_t split)
{
    struct at_lines *lines = begin(true);
    at_lines_take(lines, (const uint8_t *)typed, split);
    at_lines_flush(lines);
    feed(lines, typed + split);
}

static void test_a_password_that_is_sent_as_data(void **state)
{
    static const char typed[] = "AT+MQTTLONGPASSWORD=0,8\rcanary\r\nAT+CSQ\r";
    (void)state;
    for (size_t split = 0; split < sizeof typed - 1; split++) {
        feed_in_two(typed, split);
        assert_null(strstr(told, "can"));
        assert_null(strstr(told, "ary"));
        join_pieces();
        assert_string_equal(told, "AT+MQTTLONGPASSWORD=0,8\r********AT+CSQ\r");
    }
}

/* Of a modem that has refused it the next line is no data. */
static void test_a_secret_behind_a_password_that_was_refused(void **state)
{
    static const char typed[] = "AT+MQTTLONGPASSWORD=0,8\rAT+IMQTTUSER=u,canary\rAT\r";
    (void)state;
    for (size_t split = 0; split < sizeof typed - 1; split++) {
        feed_in_two(typed, split);
        join_pieces();
        assert_string_equal(told, "AT+MQTTLONGPASSWORD=0,8\r********USER=u,******\rAT\r");
    }
}

/* Behind another command, with spaces, edited. */
static void test_a_password_as_data_however_it_is_announced(void **state)
{
    static const char *const announced[] = {
        "ATE0;+MQTTLONGPASSWORD=0,6\r", "AT+CSQ;+mqttlongpassword = 0 , 6\r",
        "AT +MQTTLONG PASSWORD=0,6\r", "AT+MQTTLONGX\bPASSWORD=0,6\r"};
    (void)state;
    for (size_t i = 0; i < sizeof announced / sizeof *announced; i++) {
        struct at_lines *lines = begin(true);
        feed(lines, announced[i]);
        feed(lines, "canaryAT\r");
        assert_null(strstr(told, "canary"));
        assert_non_null(strstr(told, "******|AT\r"));
    }
}

static void test_a_certificate_is_shown(void **state)
{
    (void)state;
    feed(begin(true), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    assert_non_null(strstr(told, "MIIB"));
}

/* It hides no more than a file can have. */
static void test_a_key_that_never_ends(void **state)
{
    (void)state;
    struct at_lines *lines = begin(true);
    feed(lines, "-----BEGIN "
                "PRIVATE KEY-----\n");
    for (size_t bytes = 0; bytes < PRIVATE_KEY_BYTES; bytes += 7) {
        told_bytes = 0;
        feed(lines, "canary\n");
        assert_string_equal(told, "******\n|");
    }
    feed(lines, "AT\r");
    assert_non_null(strstr(told, "AT\r"));
}

static void keep_packet(void *context, const struct json_text *fields)
{
    (void)context;
    told_bytes += (size_t)sprintf(told + told_bytes, "%s\n", fields->text);
}

static void test_packets(void **state)
{
    static const uint8_t stream[] = "\x10\x18\x00\x04MQTT\x04\xc2\x00\x3c\x00\x01"
                                    "c\x00\x01u\x00\x06"
                                    "canary"
                                    "\x32\x07\x00\x01t\x00\x07hi"
                                    "\x90\x04\x00\x08\x01\x80\xd0\x00";
    static struct mqtt_packets packets;
    (void)state;
    for (size_t split = 1; split < sizeof stream - 1; split++) {
        packets = (struct mqtt_packets){.told = keep_packet};
        told_bytes = 0;
        mqtt_packets_begin(&packets);
        mqtt_packets_take(&packets, stream, split);
        mqtt_packets_take(&packets, stream + split, sizeof stream - 1 - split);
        assert_string_equal(
            told,
            "\"packet\":\"CONNECT\",\"clean_session\":true,\"keep_alive_s\":60,\"client_id\":\"c\","
            "\"bytes\":26\n"
            "\"packet\":\"PUBLISH\",\"id\":7,\"qos\":1,\"dup\":false,\"retained\":false,\"topic\":"
            "\"t\",\"bytes\":2\n"
            "\"packet\":\"SUBACK\",\"id\":8,\"codes\":[1,128],\"bytes\":6\n"
            "\"packet\":\"PINGRESP\",\"bytes\":2\n");
        mqtt_packets_end(&packets);
    }
}

static void test_visible_text_is_json(void **state)
{
    struct json_text json = {0};
    (void)state;
    json_put(&json, "{");
    json_put_visible(&json, "t", (const uint8_t *)"a\\\r\"\xff\xc3\xa9", 7);
    assert_string_equal(json.text, "{\"t\":\"a\\\\\\\\\\\\x0d\\\"\\\\xff\xc3\xa9\"");
    json_text_free(&json);
}

/* Eight bytes are looked at together: each byte value, in each place. */
static void test_each_byte_is_escaped_wherever_it_stands(void **state)
{
    struct json_text json = {0};
    (void)state;
    for (unsigned i = 0; i < 17 * 256; i++) {
        uint8_t text[17], byte = (uint8_t)i;
        char expected[40] = "\"t\":\"", escaped[8];
        memset(text, 'x', sizeof text);
        text[i >> 8] = byte;
        if (byte < ' ' || byte > '~')
            (void)snprintf(escaped, sizeof escaped, "\\u00%02x", byte);
        else
            (void)snprintf(escaped, sizeof escaped, "%s%c", byte == '"' || byte == '\\' ? "\\" : "",
                           byte);
        (void)snprintf(expected + 5, sizeof expected - 5, "%.*s%s%.*s\"", (int)(i >> 8), text,
                       escaped, (int)(16 - (i >> 8)), text + (i >> 8) + 1);
        json_text_clear(&json);
        json_put_text(&json, "t", text, sizeof text);
        assert_string_equal(json.text, expected);
    }
    json_text_free(&json);
}

static void test_numbers(void **state)
{
    static const int64_t numbers[] = {0, 9, 10, 99, 100, 12345, -1, INT64_MAX, INT64_MIN};
    struct json_text json = {0};
    char expected[40];
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)snprintf(expected, sizeof expected, "\"n\":%lld", (long long)numbers[i]);
        json_text_clear(&json);
        json_put_number(&json, "n", numbers[i]);
        assert_string_equal(json.text, expected);
    }
    json_text_free(&json);
}

/* No two series share a place, and none is outside. */
static void test_the_table_of_metrics(void **state)
{
    unsigned used[METRIC_SLOTS] = {0};
    (void)state;
    for (size_t i = 0; i < metric_row_count; i++)
        for (size_t k = 0; k < metric_rows[i].series; k++)
            assert_int_equal(used[metric_rows[i].slot + k]++, 0);
    assert_int_equal(used[SLOT_ACKNOWLEDGEMENT_MS], 0);
    assert_int_equal(metric_bucket(0), 0);
    assert_int_equal(metric_bucket(30000), METRIC_BUCKETS - 1);
    assert_int_equal(metric_bucket(30001), METRIC_BUCKETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_a_prompt_of_each_dialect_is_told_at_once),
        cmocka_unit_test(test_a_host_ends_lines_with_return),
        cmocka_unit_test(test_no_piece_shows_the_canary),
        cmocka_unit_test(test_what_is_no_secret_is_shown),
        cmocka_unit_test(test_no_private_key_is_shown),
        cmocka_unit_test(test_a_password_that_is_sent_as_data),
        cmocka_unit_test(test_a_secret_behind_a_password_that_was_refused),
        cmocka_unit_test(test_a_password_as_data_however_it_is_announced),
        cmocka_unit_test(test_a_certificate_is_shown),
        cmocka_unit_test(test_a_key_that_never_ends),
        cmocka_unit_test(test_packets),
        cmocka_unit_test(test_visible_text_is_json),
        cmocka_unit_test(test_each_byte_is_escaped_wherever_it_stands),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_the_table_of_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
