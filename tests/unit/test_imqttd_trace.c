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
    feed(lines, "\n> ");
    at_lines_flush(lines);
    assert_string_equal(told, "AT\r|\r\nOK\r\n|\r\n+CSQ: 1\r\n|> |");
}

static void test_a_host_ends_lines_with_return(void **state)
{
    (void)state;
    feed(begin(true), "ATI\r\nAT\r");
    assert_string_equal(told, "ATI\r|\nAT\r|");
}

/* However a line with a secret is cut up, and whatever is around it. */
static void test_no_piece_shows_the_canary(void **state)
{
    static const char *const typed[] = {
        "AT+IMQTTUSER=\"u\",\"canary\"\r",
        "at+imqttuser = \"u\",\"canary\"\r",
        "ATE0;+IMQTTUSER=\"u\",\"canary\";+CSQ\r",
        "AT+IMQTTAUTH=\"pk\",\"dn\",\"canary\"\r",
        "AT+IMQTTDYNREG=1,\"pk\",\"dn\",\"canary\"\r",
        "+IMQTTAUTH:pk,dn,canary\r\n",
        "AT+IMQTTUX\bSER=\"u\",\"canary\"\r",
        "AT+IMQTT USER=\"u\",\"canary\"\r",
        "AT+IMQTTUSER=\"u,\"canary\"\r",
    };
    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct at_lines *lines = begin(true);
        feed(lines, typed[i]);
        assert_null(strstr(told, "canary"));
        size_t where = (size_t)(strstr(typed[i], "canary") - typed[i]);
        lines = begin(true); /* a pause in the middle of it */
        at_lines_take(lines, (const uint8_t *)typed[i], where + 3);
        at_lines_flush(lines);
        feed(lines, typed[i] + where + 3);
        assert_null(strstr(told, "can"));
        assert_null(strstr(told, "ary"));
    }
}

static void test_what_is_no_secret_is_shown(void **state)
{
    uint8_t line[] = "AT+IMQTTUSER=\"u\",\"secret\";+CSQ\r";
    (void)state;
    assert_true(secrets_star(line, sizeof line - 1));
    assert_string_equal((char *)line, "AT+IMQTTUSER=\"u\",\"******\";+CSQ\r");
    uint8_t other[] = "AT+IMQTTPUB=\"a\",0,0,\"b\"\r";
    assert_false(secrets_star(other, sizeof other - 1));
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
        cmocka_unit_test(test_a_host_ends_lines_with_return),
        cmocka_unit_test(test_no_piece_shows_the_canary),
        cmocka_unit_test(test_what_is_no_secret_is_shown),
        cmocka_unit_test(test_packets),
        cmocka_unit_test(test_visible_text_is_json),
        cmocka_unit_test(test_the_table_of_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
