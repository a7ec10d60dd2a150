/* What a modem tells its owner, and what it shows to whoever inspects it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/inspect.h"
#include "tests/unit/lent_modem.h"

#define KEPT 40

static struct imqtt_news kept[KEPT];
static char names[KEPT][40]; /* the topics, as they were */
static size_t count;
static uint32_t wanted; /* kinds */
static char seen[2000]; /* by the host */
static bool is_full;    /* the network */

static size_t write_terminal(void *context, const uint8_t *bytes, size_t bytes_count)
{
    (void)context;
    strncat(seen, (const char *)bytes, bytes_count);
    return bytes_count;
}

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static size_t write_network(void *context, const uint8_t *bytes, size_t bytes_count)
{
    (void)context, (void)bytes;
    return is_full ? 0 : bytes_count;
}

static void close_network(void *context)
{
    (void)context;
}

static void tell(void *context, const struct imqtt_news *news)
{
    (void)context;
    assert_true(count < KEPT);
    kept[count] = *news;
    snprintf(names[count++], sizeof names[0], "%.*s", (int)news->topic_bytes,
             news->topic != NULL ? (const char *)news->topic : "");
}

static int begin(void **state)
{
    static const struct imqtt_options options = {.echo_off = true, .error_form = 1};
    (void)state;
    lender_init(&lender);
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .network = {NULL, open_network, write_network, close_network},
        .memory = lender.port,
        .news = {NULL, tell, &wanted},
    };
    count = 0;
    is_full = false;
    wanted = UINT32_MAX;
    seen[0] = '\0';
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    return 0;
}

static void type(const char *text, uint64_t now_ms)
{
    imqtt_modem_terminal_input(modem, (const uint8_t *)text, strlen(text), now_ms);
    imqtt_modem_flush(modem, now_ms);
}

static void receive(const char *bytes, size_t bytes_count, uint64_t now_ms)
{
    imqtt_modem_network_input(modem, (const uint8_t *)bytes, bytes_count, now_ms);
    imqtt_modem_flush(modem, now_ms);
}

#define RECEIVE(bytes, now_ms) receive(bytes, sizeof(bytes) - 1, now_ms)

/* The first of a kind since they were last forgotten. */
static const struct imqtt_news *find(enum imqtt_news_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (kept[i].kind == kind)
            return &kept[i];
    fail_msg("no news of %s", imqtt_news_word(kind));
    return NULL;
}

static void connect_modem(void)
{
    type("AT+IMQTTADDR=broker,1883,me\r", 0);
    type("AT+IMQTTCONN\r", 100);
    imqtt_modem_network_opened(modem, 200);
    imqtt_modem_flush(modem, 200);
    RECEIVE("\x20\x02\x00\x00", 350);
}

static void a_start_is_told(void **state)
{
    (void)state;
    find(IMQTT_NEWS_BOOTED);
    assert_int_equal(find(IMQTT_NEWS_RADIO)->signal, 25);
    assert_int_equal(find(IMQTT_NEWS_RADIO)->registered, 1);
}

static void each_command_is_told_once_with_its_result(void **state)
{
    (void)state;
    count = 0;
    type("ATE0+CSQ;+IMQTTSTATE?\r", 0);
    assert_int_equal(count, 3);
    assert_string_equal(names[0], "E");
    assert_string_equal(names[1], "+CSQ");
    assert_string_equal(names[2], "+IMQTTSTATE");
    assert_int_equal(kept[2].result, IMQTT_DONE);
    count = 0;
    type("AT+IMQTTPUB=a,0,b;\r", 0);
    assert_int_equal(count, 1);
    assert_int_equal(kept[0].result, IMQTT_NOT_ALLOWED);
    count = 0;
    type("AT+NONE\r", 0);
    assert_string_equal(names[0], "");
    assert_int_equal(kept[0].result, IMQTT_NOT_SUPPORTED);
}

static void a_connection_is_told_from_its_beginning_to_its_end(void **state)
{
    const struct imqtt_failure reset = {IMQTT_STAGE_PEER, 104, "connection reset"};
    (void)state;
    connect_modem();
    assert_string_equal(find(IMQTT_NEWS_CONNECTING)->host, "broker");
    assert_int_equal(find(IMQTT_NEWS_CONNECTED)->took_ms, 250);
    assert_int_equal(find(IMQTT_NEWS_CONNECTED)->port, 1883);
    imqtt_modem_network_failed(modem, &reset, 400);
    assert_int_equal(find(IMQTT_NEWS_LOST)->failure.code, 104);
    assert_int_equal(find(IMQTT_NEWS_LOST)->failure.stage, IMQTT_STAGE_PEER);
    assert_string_equal(imqtt_modem_last_failure(modem).text, "connection reset");
}

static void a_refusal_is_told_with_its_stage(void **state)
{
    const struct imqtt_failure refused = {IMQTT_STAGE_DNS, 3, "no such host"};
    (void)state;
    type("AT+IMQTTADDR=broker,1883,me\rAT+IMQTTCONN\r", 0);
    imqtt_modem_network_failed(modem, &refused, 70);
    assert_int_equal(find(IMQTT_NEWS_REFUSED)->failure.stage, IMQTT_STAGE_DNS);
    assert_int_equal(find(IMQTT_NEWS_REFUSED)->took_ms, 70);
}

static void requests_and_messages_are_told(void **state)
{
    (void)state;
    connect_modem();
    type("AT+IMQTTPUB=a,1,hello\r", 1000);
    RECEIVE("\x40\x02\x00\x02", 1030);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->packet_id, 2);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->took_ms, 30);
    type("AT+IMQTTSUB=b,1\r", 1100);
    RECEIVE("\x90\x03\x00\x03\x01", 1140);
    assert_int_equal(find(IMQTT_NEWS_SUBSCRIBED)->qos, 1);
    count = 0;
    RECEIVE("\x30\x05\x00\x01"
            "bhi",
            1200);
    assert_int_equal(find(IMQTT_NEWS_RECEIVED)->bytes, 2);
    assert_true(find(IMQTT_NEWS_URC)->bytes > 0);
    type("AT+IMQTTDISCONN\r", 1300);
    find(IMQTT_NEWS_DISCONNECTED);
}

static void what_nobody_wants_is_told_only_if_it_failed(void **state)
{
    const struct imqtt_failure reset = {IMQTT_STAGE_PEER, 104, "connection reset"};
    (void)state;
    wanted = 1U << IMQTT_NEWS_LOST;
    count = 0;
    connect_modem();
    type("AT+IMQTTPUB=a,1,hello\r", 1000);
    RECEIVE("\x40\x02\x00\x02", 1030);
    RECEIVE("\x30\x05\x00\x01"
            "bhi",
            1200);
    assert_int_equal(count, 0);
    type("AT+IMQTTPUB=a,1,hello\r", 1300);
    imqtt_modem_network_failed(modem, &reset, 1400);
    assert_int_equal(count, 2);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->failure.stage, IMQTT_STAGE_PEER);
    assert_string_equal(find(IMQTT_NEWS_PUBLISHED)->host, "broker");
    find(IMQTT_NEWS_LOST);
}

/* One that began before somebody listened has its time all the same. */
static void what_is_wanted_may_change_at_any_time(void **state)
{
    (void)state;
    wanted = 0;
    count = 0;
    connect_modem();
    type("AT+IMQTTPUBEX=a,1,0,2\r", 1000);
    assert_int_equal(count, 0);
    wanted = IMQTT_NEWS_OF_TRAFFIC;
    type("hi", 1250);
    assert_int_equal(find(IMQTT_NEWS_COMMAND)->took_ms, 250);
}

/* The first publish that finds no room waits; the network has some again half a second later. */
static void a_command_that_waited_has_its_time(void **state)
{
    char line[2000];
    (void)state;
    connect_modem();
    snprintf(line, sizeof line, "AT+IMQTTPUB=a,0,%0*d\r", 1900, 0);
    is_full = true;
    for (count = 1; count > 0; type(line, 1000))
        count = 0;
    is_full = false;
    imqtt_modem_flush(modem, 1500);
    assert_int_equal(find(IMQTT_NEWS_COMMAND)->took_ms, 500);
}

/* Of QoS 2 the packet is gone by then. */
static void a_publish_is_told_with_the_bytes_of_its_payload(void **state)
{
    static const struct imqtt_failure cut = {IMQTT_STAGE_TCP, 0, "closed"};
    (void)state;
    connect_modem();
    count = 0;
    type("AT+IMQTTPUB=topic,0,four\r", 1000);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->bytes, 4);
    count = 0;
    type("AT+IMQTTPUB=topic,1,eleven bytes\r", 1000);
    RECEIVE("\x40\x02\x00\x02", 1030);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->bytes, 12);
    count = 0;
    type("AT+IMQTTPUB=topic,2,fifteen--------\r", 1000);
    RECEIVE("\x50\x02\x00\x03", 1030);
    RECEIVE("\x70\x02\x00\x03", 1060);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->bytes, 15);
    count = 0;
    type("AT+IMQTTPUB=topic,1,lost\r", 2000);
    imqtt_modem_network_failed(modem, &cut, 2100);
    imqtt_modem_flush(modem, 2100);
    assert_int_not_equal(find(IMQTT_NEWS_PUBLISHED)->failure.stage, IMQTT_STAGE_NONE);
    assert_int_equal(find(IMQTT_NEWS_PUBLISHED)->bytes, 4);
}

/* ---- inspection ----------------------------------------------------------------------------- */

static void keep_setting(void *context, const char *name, const uint8_t *value, size_t value_bytes,
                         bool is_number)
{
    char line[80];
    snprintf(line, sizeof line, "%s=%.*s%s\n", name, (int)value_bytes,
             value_bytes > 0 ? (const char *)value : "", is_number ? "" : "!");
    strcat(context, line);
}

static void settings_are_shown_but_for_secrets(void **state)
{
    char shown[2000] = "";
    (void)state;
    type("AT+IMQTTUSER=me,secret\r", 0);
    imqtt_modem_visit_settings(modem, keep_setting, shown);
    assert_ptr_equal(strstr(shown, "echo=0\n"), shown);
    assert_non_null(strstr(shown, "\nerror_form=1\n"));
    assert_non_null(strstr(shown, "\nkeep_alive_s=120\n"));
    assert_non_null(strstr(shown, "\nuser_name=me!\npassword=*****!\n"));
    assert_non_null(strstr(shown, "\ndevice_secret=!\n"));
    assert_null(strstr(shown, "secret\n"));
}

static void keep_filter(void *context, const uint8_t *filter, size_t filter_bytes,
                        uint8_t granted_qos)
{
    char line[40];
    snprintf(line, sizeof line, "%.*s %u\n", (int)filter_bytes, (const char *)filter, granted_qos);
    strcat(context, line);
}

static void subscriptions_and_counts_are_shown(void **state)
{
    char shown[200] = "";
    (void)state;
    connect_modem();
    type("AT+IMQTTSUB=b/#,1\r", 1000);
    assert_int_equal(imqtt_modem_counts(modem).outbox_requests, 1);
    RECEIVE("\x90\x03\x00\x02\x01", 1010);
    imqtt_modem_visit_subscriptions(modem, keep_filter, shown);
    assert_string_equal(shown, "b/# 1\n");
    assert_int_equal(imqtt_modem_counts(modem).outbox_requests, 0);
    type("AT+IMQTTRECVMODE=1\r", 1020);
    RECEIVE("\x30\x04\x00\x01"
            "bx",
            1030);
    assert_int_equal(imqtt_modem_counts(modem).inbox_messages, 1);
    assert_int_equal(imqtt_modem_counts(modem).output_waiting_bytes, 0);
}

/* While a line is typed it waits. */
static void a_urc_of_somebody_elses_keeps_to_the_rules(void **state)
{
    (void)state;
    assert_true(imqtt_modem_say_urc(modem, "+CALL: 1", 0));
    imqtt_modem_flush(modem, 0);
    assert_string_equal(seen, "\r\n+CALL: 1\r\n");
    type("AT", 10);
    assert_true(imqtt_modem_say_urc(modem, "+CALL: 2", 20));
    imqtt_modem_flush(modem, 20);
    assert_string_equal(seen, "\r\n+CALL: 1\r\n");
    assert_true(imqtt_modem_counts(modem).urcs_waiting_bytes > 0);
    assert_false(imqtt_modem_say_urc(modem, "two\r\nlines", 20));
}

static void wide_limits_are_an_option(void **state)
{
    static const struct imqtt_options options = {.wide_limits = true};
    (void)state;
    imqtt_modem_end(modem);
    free(modem);
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .network = {NULL, open_network, write_network, close_network},
        .memory = lender.port,
    };
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    type("ATE0\r", 0);
    seen[0] = '\0';
    type("AT+IMQTTPARA=TIMEOUT,60,KEEPALIVE,0\r", 0);
    type("AT+IMQTTPARA=KEEPALIVE,4\r", 0);
    assert_string_equal(seen, "\r\nOK\r\n\r\nERROR\r\n");
}

static void a_preset_that_asks_or_is_unknown_is_refused_and_unheard(void **state)
{
    static const char *const presets[] = {"AT+IMQTTPARA=KEEPALIVE,90", "AT+CSQ", "AT+NONE=1",
                                          "ATE1"};
    static const struct imqtt_options options = {
        .echo_off = true, .presets = presets, .preset_count = 4};
    (void)state;
    imqtt_modem_end(modem);
    free(modem);
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .memory = lender.port,
        .news = {.tell = tell},
    };
    count = 0;
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    imqtt_modem_flush(modem, 0);
    assert_string_equal(seen, "");
    size_t refused = 0;
    for (size_t i = 0; i < count; i++)
        if (kept[i].kind == IMQTT_NEWS_WARNING)
            assert_int_equal(kept[i].number, 2 + refused++);
    assert_int_equal(refused, 2);
    type("AT+IMQTTPARA?\r", 0);
    assert_non_null(strstr(seen, "KEEPALIVE,90"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_start_is_told),
        TEST(each_command_is_told_once_with_its_result),
        TEST(a_connection_is_told_from_its_beginning_to_its_end),
        TEST(a_refusal_is_told_with_its_stage),
        TEST(requests_and_messages_are_told),
        TEST(what_nobody_wants_is_told_only_if_it_failed),
        TEST(what_is_wanted_may_change_at_any_time),
        TEST(a_command_that_waited_has_its_time),
        TEST(a_publish_is_told_with_the_bytes_of_its_payload),
        TEST(settings_are_shown_but_for_secrets),
        TEST(subscriptions_and_counts_are_shown),
        TEST(a_urc_of_somebody_elses_keeps_to_the_rules),
        TEST(wide_limits_are_an_option),
        TEST(a_preset_that_asks_or_is_unknown_is_refused_and_unheard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
