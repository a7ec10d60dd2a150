#include <stdlib.h>

#include "tests/unit/mqtt_stream.h"

/* A PUBLISH with topic "t" and a payload of zeros, behind CONNACK. */
static struct span large_publish(uint8_t qos, size_t payload_bytes)
{
    size_t remaining = packet_publish_head_bytes(1, qos) + payload_bytes;
    size_t bytes = 4 + packet_header_bytes(remaining) + remaining;
    uint8_t *block = calloc(1, bytes);
    struct out out = out_on(block, bytes);
    struct bytes connack = bytes_of(CONNACK);
    out_span(&out, span_of(connack.bytes, connack.count));
    packet_put_header(&out, packet_publish_first(qos, false), remaining);
    out_u16(&out, 1);
    out_text(&out, "t");
    if (qos > 0)
        out_u16(&out, 0x1234);
    return span_of(block, bytes);
}

static struct outcome read_large(struct fixture *f, struct span all, size_t step)
{
    struct reader reader = new_reader(f, MQTT_3_1_1);
    struct outcome outcome = {.packets = 0};
    struct span piece;
    struct span rest = all;
    while (rest.count > 0 && span_take(&rest, rest.count < step ? rest.count : step, &piece))
        read_piece(&reader, piece, &outcome);
    reader_reset(&reader, MQTT_3_1_1);
    free((void *)(uintptr_t)all.bytes);
    return outcome;
}

static void expect_large(struct outcome outcome, uint8_t qos, bool is_drained, size_t payload_bytes)
{
    assert_null(outcome.fault);
    assert_int_equal(outcome.packets, 2);
    assert_int_equal(outcome.last.qos, qos);
    assert_int_equal(outcome.last.packet_id, qos > 0 ? 0x1234 : 0);
    assert_int_equal(outcome.last.is_drained, is_drained);
    assert_int_equal(outcome.last.payload_bytes, payload_bytes);
}

static void test_largest_payload_is_kept(void **state)
{
    struct fixture *f = *state;
    static const size_t steps[] = {1, 7, 4096, SIZE_MAX};
    for (size_t i = 0; i < 4; i++)
        expect_large(read_large(f, large_publish(1, IMQTT_PAYLOAD_BYTES), steps[i]), 1, false,
                     IMQTT_PAYLOAD_BYTES);
}

static void test_larger_payload_is_drained(void **state)
{
    struct fixture *f = *state;
    static const size_t steps[] = {1, 2, 7, 4096, SIZE_MAX};
    for (size_t i = 0; i < 5; i++)
        for (uint8_t qos = 0; qos <= 2; qos++)
            expect_large(read_large(f, large_publish(qos, IMQTT_PAYLOAD_BYTES + 1), steps[i]), qos,
                         true, IMQTT_PAYLOAD_BYTES + 1);
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_RECEIVE], 0);
}

static void test_refused_memory_means_drained(void **state)
{
    struct fixture *f = *state;
    f->refused = 1U << IMQTT_MEMORY_RECEIVE;
    for (size_t step = 1; step < 110; step += 9)
        expect_large(read_large(f, large_publish(2, 100), step), 2, true, 100);
    expect_large(read_large(f, large_publish(2, 10), 1), 2, false, 10);
}

/* Refused in the middle: what was kept is drained, too. */
static void test_memory_refused_half_way(void **state)
{
    struct fixture *f = *state;
    struct reader reader = new_reader(f, MQTT_3_1_1);
    struct outcome outcome = {.packets = 0};
    struct span all = large_publish(2, 2000), rest = all, piece = SPAN_EMPTY;
    span_take(&rest, 200, &piece);
    read_piece(&reader, piece, &outcome);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_RECEIVE], 256);
    f->refused = 1U << IMQTT_MEMORY_RECEIVE;
    read_piece(&reader, rest, &outcome);
    expect_large(outcome, 2, true, 2000);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_RECEIVE], 0);
    free((void *)(uintptr_t)all.bytes);
}

/* A packet that only announces 250 KiB costs what has come of it. */
static void test_memory_grows_with_what_has_come(void **state)
{
    struct fixture *f = *state;
    struct reader reader = new_reader(f, MQTT_3_1_1);
    struct outcome outcome = {.packets = 0};
    struct span all = large_publish(0, 250000), rest = all, piece = SPAN_EMPTY;
    span_take(&rest, 300, &piece);
    read_piece(&reader, piece, &outcome);
    assert_in_range(f->lent_bytes[IMQTT_MEMORY_RECEIVE], 250, 512);
    read_piece(&reader, rest, &outcome);
    expect_large(outcome, 0, false, 250000);
    struct bytes next = bytes_of("D0 00");
    read_piece(&reader, span_of(next.bytes, next.count), &outcome);
    assert_int_equal(f->lent_bytes[IMQTT_MEMORY_RECEIVE], 0);
    free((void *)(uintptr_t)all.bytes);
}

/* The largest packet there is, announced by a broker that does not stop. */
static void test_announced_256_mib_are_drained(void **state)
{
    struct fixture *f = *state;
    struct reader reader = new_reader(f, MQTT_3_1_1);
    struct outcome outcome = {.packets = 0};
    static const uint8_t zeros[65536];
    struct bytes start = bytes_of(CONNACK "34 FF FF FF 7F 00 01 't' 12 34");
    read_piece(&reader, span_of(start.bytes, start.count), &outcome);
    size_t left = 268435455 - 5;
    while (left > 0) {
        size_t count = left < sizeof zeros ? left : sizeof zeros;
        read_piece(&reader, span_of(zeros, count), &outcome);
        left -= count;
    }
    expect_large(outcome, 2, true, 268435455 - 5);
    assert_int_equal(f->most_bytes[IMQTT_MEMORY_RECEIVE], 0);
}

static void test_drained_topic_in_pieces(void **state)
{
    struct fixture *f = *state;
    struct bytes bytes =
        bytes_of(CONNACK "32 29 00 20 '0123456789 0123456789 0123456789' 00 07 'hello'");
    f->refused = 1U << IMQTT_MEMORY_RECEIVE;
    for (size_t split = 0; split < bytes.count; split++) {
        struct outcome outcome =
            read_split(f, MQTT_3_1_1, &bytes, split == 0 ? SINGLE_BYTES : split);
        assert_null(outcome.fault);
        assert_int_equal(outcome.packets, 2);
        assert_int_equal(outcome.last.packet_id, 7);
        assert_int_equal(outcome.last.payload_bytes, 5);
        assert_int_equal(outcome.last.is_drained, split == 0 || split > 6);
    }
}

static void test_fault_in_a_drained_message(void **state)
{
    struct fixture *f = *state;
    f->refused = 1U << IMQTT_MEMORY_RECEIVE;
    struct bytes bytes = bytes_of(CONNACK "32 19 00 01 't' 00 00 '0123456789 012345678'");
    struct outcome outcome = read_split(f, MQTT_3_1_1, &bytes, SINGLE_BYTES);
    assert_string_equal(outcome.fault, "malformed packet: packet id 0");
}

/* A payload that is not kept hides nothing, and need not be waited for. */
static void test_head_of_a_message_to_be_drained(void **state)
{
    static const char invalid[] = "malformed packet: PUBLISH with an invalid topic";
    expect_fault(*state, MQTT_3_1_1, CONNACK "30 FF FF FF 7F 00 03 'a/#' 'x'", invalid);
    expect_fault(*state, MQTT_3_1_1, CONNACK "34 FF FF FF 7F 00 02 C3 28 00 01 'x'", invalid);
    expect_fault(*state, MQTT_3_1_1, CONNACK "30 FF FF FF 7F 00 18 '0123456789 0123456789 +' 'x'",
                 invalid);
    expect_fault(*state, MQTT_3_1_1, CONNACK "32 FF FF FF 7F 00 01 't' 00 00 'x'",
                 "malformed packet: packet id 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_largest_payload_is_kept),
        MQTT_TEST(test_larger_payload_is_drained),
        MQTT_TEST(test_refused_memory_means_drained),
        MQTT_TEST(test_memory_refused_half_way),
        MQTT_TEST(test_memory_grows_with_what_has_come),
        MQTT_TEST(test_announced_256_mib_are_drained),
        MQTT_TEST(test_drained_topic_in_pieces),
        MQTT_TEST(test_fault_in_a_drained_message),
        MQTT_TEST(test_head_of_a_message_to_be_drained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
