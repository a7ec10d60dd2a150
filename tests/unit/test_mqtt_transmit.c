#include "tests/unit/mqtt_fixture.h"

static void test_a_turn_is_one_write(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    f->writes = 0;
    for (unsigned i = 0; i < 20; i++)
        publish(f, (uint8_t)(i % 2), "t", "some payload");
    turn(f);
    assert_int_equal(f->writes, 1);
    assert_int_equal(f->sent_count, 10 * 17 + 10 * 19);
}

/* More than is gathered at once leaves in several writes, and in order. */
static void test_a_flood_is_written_in_large_pieces(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    unsigned count = 0;
    connect_clean(f);
    f->writes = 0;
    while (try_publish(f, 0, 1000, &id))
        count++;
    turn(f);
    assert_in_range(f->writes, 2, 3);
    assert_int_equal(f->sent_count, count * 1006);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(f->sent[i * 1006], 0x30);
        expect_published(f, 0, true);
    }
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_OUTBOX], 0);
}

/* A packet that finds the buffer too full for it goes with the next write. */
static void test_large_packets_wait_for_the_next_write(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    connect_clean(f);
    f->writes = 0;
    assert_true(try_publish(f, 0, 10000, &id));
    assert_true(try_publish(f, 0, 21800, &id));
    turn(f);
    assert_int_equal(f->writes, 2);
    assert_int_equal(f->sent_count, 10006 + 21807);
    expect_published(f, 0, true);
    expect_published(f, 0, true);
}

static void test_a_network_that_takes_single_bytes(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "a/b", "hello");
    publish(f, 0, "t", "x");
    f->network_room = 0;
    for (unsigned i = 0; i < 14 + 6; i++) {
        expect_no_event(f);
        assert_true(i == 0 || mqtt_client_has_output(&f->client));
        f->network_room = 1;
        mqtt_client_flush(&f->client, f->now_ms);
    }
    assert_false(mqtt_client_has_output(&f->client));
    expect_published(f, 0, true);
    expect_sent(f, "32 0C 00 03 'a/b' 00 02 'hello' 30 04 00 01 't' 'x'");
}

static void test_output_only_once_open(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = clean_options();
    assert_false(mqtt_client_has_output(&f->client));
    assert_true(mqtt_client_connect(&f->client, &options, f->now_ms));
    assert_false(mqtt_client_has_output(&f->client));
    mqtt_client_opened(&f->client, f->now_ms);
    assert_true(mqtt_client_has_output(&f->client));
    turn(f);
    assert_false(mqtt_client_has_output(&f->client));
}

/* ---- a broker that does not read ------------------------------------------------------------ */

/* Feeds PUBRELs until the client takes no more; each causes a PUBCOMP. */
static size_t read_until_backed_up(struct fixture *f)
{
    struct bytes pubrel = bytes_of("62 02 00 09");
    struct mqtt_event event;
    for (size_t count = 0;; count++) {
        struct span in = span_of(pubrel.bytes, pubrel.count);
        assert_true(count < IMQTT_TRANSMIT_BYTES);
        assert_false(mqtt_client_read(&f->client, &in, f->now_ms, &event));
        if (in.count > 0)
            return count;
    }
}

static void test_broker_that_does_not_read_is_not_read(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    for (uint16_t id = 1; id <= IMQTT_UNACKNOWLEDGED; id++) {
        uint8_t packet[] = {0x32, 5, 0, 1, 't', (uint8_t)(id >> 8), (uint8_t)id};
        feed_bytes(f, packet, sizeof packet, sizeof packet);
        expect_event(f, MQTT_MESSAGE);
    }
    f->network_room = 0;
    size_t count = read_until_backed_up(f);
    assert_true(mqtt_client_is_backed_up(&f->client));
    assert_in_range(count * 4, IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES,
                    IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES + 4);
    for (uint16_t id = 1; id <= IMQTT_UNACKNOWLEDGED; id++)
        mqtt_client_acknowledge(&f->client, id, 1); /* there is room for these */
    pass(f, KEEP_ALIVE_MS);                         /* and for PINGREQ */
    expect_no_event(f);
    f->network_room = SIZE_MAX;
    turn(f);
    assert_int_equal(f->sent_count, 4 * count + 4 * IMQTT_UNACKNOWLEDGED + 2);
    assert_false(mqtt_client_is_backed_up(&f->client));
    f->sent_count = 0;
    feed(f, "62 02 00 09");
    expect_sent(f, "70 02 00 09");
}

static void test_a_piece_of_input_stops_in_the_middle(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("62 02 00 09 62 02 00 08");
    struct span in = span_of(bytes.bytes, bytes.count);
    struct mqtt_event event;
    connect_clean(f);
    f->network_room = 0;
    read_until_backed_up(f);
    assert_false(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(in.count, 8);
    f->network_room = SIZE_MAX;
    forget_sent(f);
    assert_false(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    assert_int_equal(in.count, 0);
    expect_sent(f, "70 02 00 09 70 02 00 08");
}

/* Requests leave the reserve alone. */
static void test_requests_do_not_use_the_reserve(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    connect_clean(f);
    f->network_room = 0;
    while (try_publish(f, 0, 5000, &id))
        ;
    turn(f);
    assert_false(mqtt_client_is_backed_up(&f->client));
    assert_in_range(f->client.link.transmit.count, 16384, 16384 + 5006);
    read_until_backed_up(f);
    expect_no_event(f);
}

/* ---- no memory ------------------------------------------------------------------------------ */

static void test_no_memory_for_an_acknowledgement(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    forget_sent(f);
    lease_return(&f->client.link.transmit.lease); /* so that it must be asked for again */
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    feed(f, "32 05 00 01 't' 00 07");
    expect_event(f, MQTT_MESSAGE);
    mqtt_client_acknowledge(&f->client, 7, 1);
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_PEER, "no memory for the next packet");
}

/* Requests that cannot even be gathered are late some time, too. */
static void test_no_memory_to_send_requests(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    connect_clean(f);
    assert_true(try_publish(f, 1, 3000, &id));
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    turn(f);
    pass(f, TIMEOUT_MS - 1);
    expect_no_event(f);
    pass(f, 1);
    expect_published(f, id, false);
    f->refused = 0;
    expect_nothing_sent(f);
    assert_true(mqtt_client_is_quiet(&f->client));
}

static void test_no_memory_for_pingreq(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    lease_return(&f->client.link.transmit.lease);
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    pass(f, KEEP_ALIVE_MS);
    expect_end(f, IMQTT_STAGE_PEER, "no memory for the next packet");
}

static void test_no_memory_to_say_goodbye(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    lease_return(&f->client.link.transmit.lease);
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    mqtt_client_disconnect(&f->client, f->now_ms);
    expect_end(f, IMQTT_STAGE_PEER, "no memory for the next packet");
    f->refused = 0;
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    lease_return(&f->client.link.transmit.lease);
    f->refused = 1U << IMQTT_MEMORY_TRANSMIT;
    mqtt_client_disconnect(&f->client, f->now_ms); /* and while CONNACK is due */
    expect_end(f, IMQTT_STAGE_PEER, "no memory for the next packet");
}

/* ---- what an idle client costs -------------------------------------------------------------- */

static void test_idle_client_is_small(void **state)
{
    struct fixture *f = *state;
    assert_true(sizeof(struct mqtt_client) < 1024);
    assert_true(mqtt_client_is_quiet(&f->client));
    assert_int_equal(f->blocks, 0);
    connect_clean(f);
    assert_in_range(f->lent_bytes[IMQTT_MEMORY_TRANSMIT], 0, 512);
    publish(f, 1, "t", "hello");
    forget_sent(f);
    feed(f, "40 02 00 02");
    expect_published(f, 2, true);
    assert_in_range(f->lent_bytes[IMQTT_MEMORY_OUTBOX], 0, 512);
    assert_true(mqtt_client_is_quiet(&f->client));
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    assert_int_equal(f->blocks, 0);
}

/* Steady traffic of one message at a time asks for no memory. */
static void test_steady_traffic_keeps_its_blocks(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 0, "t", "hello");
    expect_published(f, 0, true);
    f->refused = UINT32_MAX;
    for (unsigned i = 0; i < 100; i++) {
        publish(f, 0, "t", "hello");
        forget_sent(f);
        feed(f, "30 08 00 01 't' 'hello'");
        expect_published(f, 0, true);
        expect_event(f, MQTT_MESSAGE);
    }
}

static void test_end_in_the_middle_of_things(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("30 64 00 01 't' '0123456789 0123456789'");
    connect_kept(f, false);
    publish(f, 2, "t", "hello");
    feed(f, "34 05 00 01 't' 00 09");
    expect_event(f, MQTT_MESSAGE);
    feed_bytes(f, bytes.bytes, bytes.count, 7);
    assert_true(f->blocks >= 4);
    mqtt_client_end(&f->client);
    assert_int_equal(f->blocks, 0);
    assert_int_equal(f->closes, 1);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IDLE);
    expect_no_event(f);
}

static void test_end_before_the_last_event(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes = bytes_of("40 02 00 02");
    struct span in = span_of(bytes.bytes, bytes.count);
    struct mqtt_event event;
    connect_clean(f);
    publish(f, 2, "t", "");
    forget_sent(f);
    assert_true(mqtt_client_read(&f->client, &in, f->now_ms, &event));
    mqtt_client_end(&f->client);
    connect_clean(f);
    expect_no_event(f);
}

/* A block for a large packet, in or out, does not stay until the next one. */
static void test_large_blocks_are_given_back(void **state)
{
    struct fixture *f = *state;
    uint16_t id;
    uint8_t message[6 + 2000] = {0x30, 0xD3, 0x0F, 0, 1, 't'};
    connect_clean(f);
    assert_true(try_publish(f, 0, 3000, &id));
    turn(f);
    expect_published(f, 0, true);
    feed_bytes(f, message, sizeof message, 1000);
    assert_int_equal(expect_event(f, MQTT_MESSAGE)->payload_bytes, 2000);
    for (uint16_t i = 1; i <= 200; i++) {
        uint8_t packet[] = {0x34, 5, 0, 1, 't', 0, (uint8_t)i};
        feed_bytes(f, packet, sizeof packet, sizeof packet);
        expect_event(f, MQTT_MESSAGE);
        mqtt_client_acknowledge(&f->client, i, 2);
    }
    for (uint16_t i = 1; i <= 200; i++) {
        uint8_t packet[] = {0x62, 2, 0, (uint8_t)i};
        feed_bytes(f, packet, sizeof packet, sizeof packet);
    }
    forget_sent(f);
    assert_int_equal(f->blocks, 0);
    assert_true(f->most_bytes[IMQTT_MEMORY_OUTBOX] > 3000);
    assert_true(f->most_bytes[IMQTT_MEMORY_RECEIVE] > 2000);
    assert_true(f->most_bytes[IMQTT_MEMORY_INBOUND_QOS2] > 256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_a_turn_is_one_write),
        MQTT_TEST(test_a_flood_is_written_in_large_pieces),
        MQTT_TEST(test_large_packets_wait_for_the_next_write),
        MQTT_TEST(test_a_network_that_takes_single_bytes),
        MQTT_TEST(test_output_only_once_open),
        MQTT_TEST(test_broker_that_does_not_read_is_not_read),
        MQTT_TEST(test_a_piece_of_input_stops_in_the_middle),
        MQTT_TEST(test_requests_do_not_use_the_reserve),
        MQTT_TEST(test_no_memory_for_an_acknowledgement),
        MQTT_TEST(test_no_memory_to_send_requests),
        MQTT_TEST(test_no_memory_for_pingreq),
        MQTT_TEST(test_no_memory_to_say_goodbye),
        MQTT_TEST(test_idle_client_is_small),
        MQTT_TEST(test_steady_traffic_keeps_its_blocks),
        MQTT_TEST(test_end_in_the_middle_of_things),
        MQTT_TEST(test_end_before_the_last_event),
        MQTT_TEST(test_large_blocks_are_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
