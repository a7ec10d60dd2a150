#include "tests/unit/mqtt_fixture.h"

#include <stdlib.h>

/* ---- acknowledging -------------------------------------------------------------------------- */

static void test_each_qos_is_acknowledged_in_its_way(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "30 05 00 01 't' 'hi' 32 07 00 01 't' 00 07 'ho' 34 05 00 01 't' 00 08");
    expect_message(f, 0, 0, "'t'", "'hi'");
    expect_message(f, 7, 1, "'t'", "'ho'");
    expect_message(f, 8, 2, "'t'", "");
    expect_nothing_sent(f); /* not before the owner says that they are safe */
    mqtt_client_acknowledge(&f->client, 0, 0);
    mqtt_client_acknowledge(&f->client, 7, 1);
    mqtt_client_acknowledge(&f->client, 8, 2);
    expect_sent(f, "40 02 00 07 50 02 00 08");
    feed(f, "62 02 00 08");
    expect_sent(f, "70 02 00 08");
    expect_no_event(f);
}

static void test_acknowledgements_keep_the_order(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "32 05 00 01 't' 00 07 32 05 00 01 't' 00 05 34 05 00 01 't' 00 06"
            " 34 05 00 01 't' 00 03");
    static const struct {
        uint16_t id;
        uint8_t qos;
    } expected[] = {{7, 1}, {5, 1}, {6, 2}, {3, 2}};
    for (size_t i = 0; i < 4; i++) {
        expect_message(f, expected[i].id, expected[i].qos, "'t'", "");
        mqtt_client_acknowledge(&f->client, expected[i].id, expected[i].qos);
    }
    expect_sent(f, "40 02 00 07 40 02 00 05 50 02 00 06 50 02 00 03");
    feed(f, "62 02 00 03 62 02 00 06");
    expect_sent(f, "70 02 00 03 70 02 00 06");
}

static void test_pubrels_keep_the_order(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (unsigned i = 0; i < 3; i++)
        publish(f, 2, "t", "");
    forget_sent(f);
    feed(f, "50 02 00 03 50 02 00 02 50 02 00 04");
    expect_sent(f, "62 02 00 03 62 02 00 02 62 02 00 04");
}

static void test_messages_need_no_subscription(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    subscribe(f, "t", 1);
    forget_sent(f);
    feed(f, "30 03 00 01 't' 90 03 00 02 01 30 03 00 01 'u'");
    expect_message(f, 0, 0, "'t'", "");
    expect_event(f, MQTT_SUBSCRIBED);
    expect_message(f, 0, 0, "'u'", "");
}

static void test_messages_right_behind_connack(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    feed(f, "20 02 00 00 30 03 00 01 't'");
    expect_event(f, MQTT_CONNECTED);
    expect_message(f, 0, 0, "'t'", "");
}

/* With QoS 1 the same id again is another message: the broker has our PUBACK, or not. */
static void test_qos1_again_is_another_message(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "32 06 00 01 't' 00 07 'a' 3A 06 00 01 't' 00 07 'a'");
    expect_message(f, 7, 1, "'t'", "'a'");
    expect_message(f, 7, 1, "'t'", "'a'");
}

/* ---- exactly once --------------------------------------------------------------------------- */

static void test_qos2_is_delivered_once(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "34 06 00 01 't' 00 07 'a' 3C 06 00 01 't' 00 07 'a'");
    expect_message(f, 7, 2, "'t'", "'a'");
    const struct mqtt_event *event = expect_event(f, MQTT_MESSAGE_AGAIN);
    assert_int_equal(event->packet_id, 7);
    assert_int_equal(event->qos, 2);
    mqtt_client_acknowledge(&f->client, 7, 2);
    mqtt_client_acknowledge(&f->client, 7, 2);
    expect_sent(f, "50 02 00 07 50 02 00 07");
    feed(f, "62 02 00 07 62 02 00 07");
    expect_sent(f, "70 02 00 07 70 02 00 07");
    feed(f, "34 06 00 01 't' 00 07 'b'");
    expect_message(f, 7, 2, "'t'", "'b'");
}

static void test_qos2_is_delivered_once_over_a_lost_link(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    feed(f, "34 05 00 01 't' 00 07 34 05 00 01 't' 00 08");
    expect_message(f, 7, 2, "'t'", "");
    expect_message(f, 8, 2, "'t'", "");
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    feed(f, "3C 05 00 01 't' 00 07 62 02 00 08 34 05 00 01 't' 00 08");
    expect_event(f, MQTT_MESSAGE_AGAIN);
    expect_message(f, 8, 2, "'t'", "");
    expect_sent(f, "70 02 00 08");
}

static void test_clean_session_knows_no_old_messages(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "34 05 00 01 't' 00 07");
    expect_message(f, 7, 2, "'t'", "");
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_clean(f);
    feed(f, "34 05 00 01 't' 00 07");
    expect_message(f, 7, 2, "'t'", "");
}

static void feed_qos2(struct fixture *f, uint16_t id)
{
    uint8_t packet[] = {0x34, 5, 0, 1, 't', (uint8_t)(id >> 8), (uint8_t)id};
    feed_bytes(f, packet, sizeof packet, sizeof packet);
}

static const char too_many[] = "too many QoS 2 messages without PUBREL";

static void test_too_many_open_qos2_messages(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (uint16_t id = 1; id <= IMQTT_INBOUND_QOS2; id++) {
        feed_qos2(f, id);
        expect_message(f, id, 2, "'t'", "");
    }
    feed_qos2(f, 5);
    expect_event(f, MQTT_MESSAGE_AGAIN);
    mqtt_client_acknowledge(&f->client, 5, 2);
    mqtt_client_acknowledge(&f->client, 5, 2);
    feed(f, "62 02 00 05");
    feed_qos2(f, IMQTT_INBOUND_QOS2 + 1);
    expect_event(f, MQTT_MESSAGE);
    feed_qos2(f, IMQTT_INBOUND_QOS2 + 2);
    expect_end(f, IMQTT_STAGE_PEER, too_many);
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_INBOUND_QOS2], 4 * IMQTT_INBOUND_QOS2);
}

/* A broker that does not wait for PUBREC, all in one segment. */
static void test_pubcomp_follows_pubrec(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "34 0C 00 03 'a/b' 00 08 'hello' 62 02 00 08");
    expect_message(f, 8, 2, "'a/b'", "'hello'");
    expect_nothing_sent(f);
    mqtt_client_acknowledge(&f->client, 8, 2);
    expect_sent(f, "50 02 00 08 70 02 00 08");
    feed_qos2(f, 8); /* the exchange is over: this is another message */
    expect_event(f, MQTT_MESSAGE);
}

static void test_pubcomp_follows_the_last_pubrec(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    feed(f, "34 05 00 01 't' 00 08 3C 05 00 01 't' 00 08 62 02 00 08");
    expect_event(f, MQTT_MESSAGE);
    expect_event(f, MQTT_MESSAGE_AGAIN);
    mqtt_client_acknowledge(&f->client, 8, 2);
    expect_sent(f, "50 02 00 08");
    mqtt_client_acknowledge(&f->client, 8, 2);
    expect_sent(f, "50 02 00 08 70 02 00 08");
}

/* The id is that of another message as soon as PUBREL came. */
static void test_another_message_right_behind_pubrel(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    feed(f, "34 06 00 01 't' 00 08 'a' 62 02 00 08 34 06 00 01 't' 00 08 'b'");
    expect_message(f, 8, 2, "'t'", "'a'");
    expect_message(f, 8, 2, "'t'", "'b'");
    mqtt_client_acknowledge(&f->client, 8, 2);
    mqtt_client_acknowledge(&f->client, 8, 2);
    expect_sent(f, "50 02 00 08 70 02 00 08 50 02 00 08");
    feed(f, "62 02 00 08 34 06 00 01 't' 00 08 'c' 62 02 00 08 34 06 00 01 't' 00 08 'd'");
    expect_sent(f, "70 02 00 08");
    lose_link(f);
    expect_event(f, MQTT_MESSAGE);
    expect_event(f, MQTT_MESSAGE);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    feed(f, "62 02 00 08 34 06 00 01 't' 00 08 'e'");
    expect_message(f, 8, 2, "'t'", "'e'");
}

static void test_what_was_owed_to_a_lost_link_is_not_owed_to_the_next(void **state)
{
    struct fixture *f = *state;
    connect_kept(f, false);
    feed(f, "34 05 00 01 't' 00 08 62 02 00 08");
    expect_event(f, MQTT_MESSAGE);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_kept(f, true);
    feed(f, "62 02 00 08");
    expect_sent(f, "70 02 00 08");
    feed_qos2(f, 8);
    expect_event(f, MQTT_MESSAGE);
}

static void test_no_memory_for_a_qos2_message(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->refused = 1U << IMQTT_MEMORY_INBOUND_QOS2;
    feed_qos2(f, 1);
    expect_end(f, IMQTT_STAGE_PEER, too_many);
}

/* ---- too large ------------------------------------------------------------------------------ */

/* A message "t" with packet id 9 and a payload of one byte more than is taken. */
static void feed_too_large(struct fixture *f, uint8_t qos)
{
    size_t payload_bytes = IMQTT_PAYLOAD_BYTES + 1;
    size_t remaining = packet_publish_head_bytes(1, qos) + payload_bytes;
    size_t bytes = packet_header_bytes(remaining) + remaining;
    uint8_t *block = calloc(1, bytes);
    struct out out = out_on(block, bytes);
    packet_put_header(&out, packet_publish_first(qos, false), remaining);
    out_u16(&out, 1);
    out_text(&out, "t");
    if (qos > 0)
        out_u16(&out, 9);
    feed_bytes(f, block, bytes, 1000);
    free(block);
}

static void test_too_large_messages_are_drained(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (uint8_t qos = 0; qos <= 2; qos++) {
        feed_too_large(f, qos);
        const struct mqtt_event *event = expect_event(f, MQTT_MESSAGE_TOO_LARGE);
        assert_int_equal(event->qos, qos);
        assert_int_equal(event->packet_id, qos > 0 ? 9 : 0);
        assert_int_equal(event->payload_bytes, IMQTT_PAYLOAD_BYTES + 1);
    }
    feed_too_large(f, 2);
    expect_event(f, MQTT_MESSAGE_AGAIN);
    mqtt_client_acknowledge(&f->client, 9, 2);
    expect_sent(f, "50 02 00 09");
    feed(f, "62 02 00 09 30 03 00 01 't'");
    expect_message(f, 0, 0, "'t'", "");
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_RECEIVE], 0);
}

static void test_message_without_memory_is_drained(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("32 1A 00 01 't' 00 07 '0123456789 0123456789'");
    connect_clean(f);
    f->refused = 1U << IMQTT_MEMORY_RECEIVE;
    feed_bytes(f, bytes.bytes, bytes.count, 5);
    assert_int_equal(expect_event(f, MQTT_MESSAGE_TOO_LARGE)->packet_id, 7);
}

/* ---- a whole conversation, however it is cut ------------------------------------------------ */

static void talk(struct fixture *f, size_t step)
{
    struct bytes bytes = bytes_of("90 03 00 02 01 30 0A 00 03 'a/b' 'hello' 40 02 00 03"
                                  " 34 1C 00 01 't' 00 09 '0123456789 0123456789 1' 62 02 00 09"
                                  " 50 02 00 04 D0 00 70 02 00 04 B0 02 00 05");
    connect_clean(f);
    subscribe(f, "a/b", 1);
    publish(f, 1, "t", "");
    publish(f, 2, "t", "");
    unsubscribe(f, "a/b");
    forget_sent(f);
    feed_bytes(f, bytes.bytes, bytes.count, step);
    expect_event(f, MQTT_SUBSCRIBED);
    expect_message(f, 0, 0, "'a/b'", "'hello'");
    expect_published(f, 3, true);
    expect_message(f, 9, 2, "'t'", "'0123456789 0123456789 1'");
    expect_published(f, 4, true);
    expect_event(f, MQTT_UNSUBSCRIBED);
    expect_sent(f, "62 02 00 04");
    mqtt_client_acknowledge(&f->client, 9, 2);
    expect_sent(f, "50 02 00 09 70 02 00 09");
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void test_conversation_in_pieces_of_any_size(void **state)
{
    for (size_t step = 1; step < 80; step++)
        talk(*state, step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_each_qos_is_acknowledged_in_its_way),
        MQTT_TEST(test_acknowledgements_keep_the_order),
        MQTT_TEST(test_pubrels_keep_the_order),
        MQTT_TEST(test_messages_need_no_subscription),
        MQTT_TEST(test_messages_right_behind_connack),
        MQTT_TEST(test_qos1_again_is_another_message),
        MQTT_TEST(test_qos2_is_delivered_once),
        MQTT_TEST(test_qos2_is_delivered_once_over_a_lost_link),
        MQTT_TEST(test_clean_session_knows_no_old_messages),
        MQTT_TEST(test_too_many_open_qos2_messages),
        MQTT_TEST(test_pubcomp_follows_pubrec),
        MQTT_TEST(test_pubcomp_follows_the_last_pubrec),
        MQTT_TEST(test_another_message_right_behind_pubrel),
        MQTT_TEST(test_what_was_owed_to_a_lost_link_is_not_owed_to_the_next),
        MQTT_TEST(test_no_memory_for_a_qos2_message),
        MQTT_TEST(test_too_large_messages_are_drained),
        MQTT_TEST(test_message_without_memory_is_drained),
        MQTT_TEST(test_conversation_in_pieces_of_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
