/* What the MQTT client tells becomes the state of the link, and news. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/session/session_events.h"
#include "core/settings/setting_list.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct broker_link broker;
static struct imqtt_news told;

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

static void close_network(void *context)
{
    (void)context;
}

static const struct imqtt_network_port network = {NULL, open_network, write_network, close_network};

static void tell(void *context, const struct imqtt_news *news)
{
    (void)context;
    told = *news;
}

static struct imqtt_news_port port = {NULL, tell, NULL};

static int begin(void **state)
{
    (void)state;
    lender_init(&lender);
    session_news_complete(&port);
    broker_link_init(&broker, &network, &lender.port);
    broker.clean_session = true;
    strcpy(broker.target.host, "broker");
    broker.target.port = 1883;
    return 0;
}

static int end(void **state)
{
    (void)state;
    broker_link_end(&broker);
    return lender.blocks == 0 ? 0 : -1;
}

static struct session_news take(const struct mqtt_event *event, uint8_t receive_mode)
{
    struct session_news news;
    session_take_event(&broker, event, receive_mode, &news);
    session_news_tell(&news, &broker, 500, &port);
    return news;
}

static const struct imqtt_failure reset = {IMQTT_STAGE_PEER, 104, "connection reset"};

static void an_end_is_a_refusal_until_the_connection_stood(void **state)
{
    const struct mqtt_event connected = {.kind = MQTT_CONNECTED, .session_present = true};
    const struct mqtt_event failed = {.kind = MQTT_DISCONNECTED, .failure = reset};
    const struct mqtt_event asked = {.kind = MQTT_DISCONNECTED, .failure = {.text = ""}};
    (void)state;
    broker.begun_ms = 200;
    assert_int_equal(take(&failed, RECEIVE_AT_ONCE).kind, SESSION_REFUSED);
    assert_int_equal(told.kind, IMQTT_NEWS_REFUSED);
    assert_int_equal(told.took_ms, 300);
    assert_int_equal(told.failure.code, 104);
    assert_string_equal(told.host, "broker");
    assert_int_equal(take(&connected, RECEIVE_AT_ONCE).kind, SESSION_CONNECTED);
    assert_true(told.session_present);
    assert_int_equal(broker.diagnosis.stage, IMQTT_STAGE_NONE);
    assert_int_equal(take(&failed, RECEIVE_AT_ONCE).kind, SESSION_LOST);
    assert_string_equal(broker.diagnosis.text, "connection reset");
    take(&connected, RECEIVE_AT_ONCE);
    assert_int_equal(take(&asked, RECEIVE_AT_ONCE).kind, SESSION_DISCONNECTED);
    assert_int_equal(told.kind, IMQTT_NEWS_DISCONNECTED);
}

static void a_message_is_shown_or_buffered_or_dropped(void **state)
{
    struct mqtt_event message = {.kind = MQTT_MESSAGE,
                                 .topic = span_text("t"),
                                 .payload = span_text("hello"),
                                 .payload_bytes = 5};
    (void)state;
    assert_int_equal(take(&message, RECEIVE_AT_ONCE).kind, SESSION_MESSAGE);
    assert_int_equal(told.bytes, 5);
    for (unsigned i = 1; i <= IMQTT_INBOX_MESSAGES; i++)
        assert_int_equal(take(&message, RECEIVE_BUFFERED).waiting, i);
    struct session_news full = take(&message, RECEIVE_BUFFERED);
    assert_int_equal(full.kind, SESSION_DROPPED);
    assert_true(full.is_first_full);
    assert_int_equal(told.kind, IMQTT_NEWS_DROPPED);
    assert_false(take(&message, RECEIVE_BUFFERED).is_first_full);
    message.topic = span_text("a\r\nb");
    assert_string_equal(take(&message, RECEIVE_AT_ONCE).warning,
                        "inbound message dropped: control byte in its topic");
}

static void subscriptions_follow_what_was_granted(void **state)
{
    static const uint8_t filters[] = {0, 1, 'a', 1, 0, 1, 'b', 1}, codes[] = {1, 0x80};
    const struct mqtt_event event = {.kind = MQTT_SUBSCRIBED,
                                     .packet_id = 7,
                                     .acknowledged = true,
                                     .filters = span_of(filters, sizeof filters),
                                     .codes = span_of(codes, sizeof codes)};
    (void)state;
    assert_int_equal(take(&event, RECEIVE_AT_ONCE).kind, SESSION_SUBSCRIBED);
    assert_int_equal(told.qos, 0x80);
    assert_int_equal(told.failure.stage, IMQTT_STAGE_REQUEST);
    struct span all = subscriptions_all(&broker.subscriptions), filter;
    uint8_t qos;
    assert_true(subscriptions_next(&all, &filter, &qos));
    assert_true(span_equal(filter, span_text("a")));
    assert_false(subscriptions_next(&all, &filter, &qos));
}

static void receipts_come_due_in_order_with_their_urcs(void **state)
{
    struct receipt due;
    const struct receipt first = {UINT32_MAX, 1, 1}, second = {0, 2, 1}, third = {2, 3, 2};
    (void)state;
    assert_true(receipts_add(&broker.receipts, &first));
    assert_true(receipts_add(&broker.receipts, &second));
    assert_true(receipts_add(&broker.receipts, &third));
    assert_false(receipts_take_due(&broker.receipts, UINT32_MAX - 1, &due));
    assert_true(receipts_take_due(&broker.receipts, UINT32_MAX, &due));
    assert_int_equal(due.packet_id, 1);
    assert_true(receipts_take_due(&broker.receipts, UINT32_MAX, &due));
    assert_int_equal(due.packet_id, 2);
    assert_false(receipts_take_due(&broker.receipts, 1, &due));
    assert_true(receipts_take_due(&broker.receipts, 2, &due));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_end_is_a_refusal_until_the_connection_stood, begin, end),
        cmocka_unit_test_setup_teardown(a_message_is_shown_or_buffered_or_dropped, begin, end),
        cmocka_unit_test_setup_teardown(subscriptions_follow_what_was_granted, begin, end),
        cmocka_unit_test_setup_teardown(receipts_come_due_in_order_with_their_urcs, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
