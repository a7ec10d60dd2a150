#include "core/mqtt/reader.h"

#include <stdlib.h>

#include "tests/unit/mqtt_fixture.h"

#define CONNACK "20 02 00 00"

/* What came out of a stream of bytes. */
struct outcome {
    size_t packets;
    struct mqtt_packet last;
    uint8_t topic[64], payload[64]; /* the start of the last one's */
    const char *fault;
};

static struct reader new_reader(struct fixture *f, enum mqtt_version version)
{
    struct reader reader = reader_from(&f->memory);
    reader_reset(&reader, version);
    return reader;
}

static void note_packet(struct outcome *outcome, const struct mqtt_packet *packet)
{
    struct out topic = out_on(outcome->topic, sizeof outcome->topic);
    struct out payload = out_on(outcome->payload, sizeof outcome->payload);
    outcome->packets++;
    outcome->last = *packet;
    out_span(&topic, packet->topic);
    out_span(&payload, packet->payload);
}

static void read_piece(struct reader *reader, struct span in, struct outcome *outcome)
{
    struct mqtt_packet packet;
    enum reader_result result;
    while ((result = reader_take(reader, &in, &packet)) == READER_PACKET)
        note_packet(outcome, &packet);
    if (result == READER_MORE)
        assert_int_equal(in.count, 0);
    else
        outcome->fault = reader->fault;
}

/* Each piece in a block of its own size, so that a sanitizer sees a read behind its end. */
static void read_copy(struct reader *reader, struct span piece, struct outcome *outcome)
{
    uint8_t *copy = malloc(piece.count + 1);
    memcpy(copy, piece.bytes, piece.count);
    copy = realloc(copy, piece.count > 0 ? piece.count : 1);
    read_piece(reader, span_of(copy, piece.count), outcome);
    free(copy);
}

/* Reads all in two pieces, or in single bytes if split is SIZE_MAX. */
static struct outcome read_split(struct fixture *f, enum mqtt_version version,
                                 const struct bytes *bytes, size_t split)
{
    struct reader reader = new_reader(f, version);
    struct outcome outcome = {.packets = 0};
    struct span rest = span_of(bytes->bytes, bytes->count), piece;
    while (rest.count > 0 && outcome.fault == NULL) {
        span_take(&rest, split == SIZE_MAX ? 1 : split, &piece);
        read_copy(&reader, piece, &outcome);
        split = split == SIZE_MAX ? split : rest.count;
    }
    reader_reset(&reader, version);
    return outcome;
}

static void expect_fault(struct fixture *f, enum mqtt_version version, const char *packets,
                         const char *fault)
{
    struct bytes bytes = bytes_of(packets);
    for (size_t split = 0; split <= bytes.count; split++) {
        struct outcome outcome = read_split(f, version, &bytes, split == 0 ? SIZE_MAX : split);
        if (outcome.fault == NULL)
            fail_msg("%s: no fault when split at %zu", packets, split);
        assert_string_equal(outcome.fault, fault);
    }
}

/* ---- what is refused ------------------------------------------------------------------------ */

struct refusal {
    const char *packet; /* behind CONNACK */
    const char *fault;
};

static void refuse(struct fixture *f, const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char packets[600] = CONNACK " ";
        strcat(packets, refusals[i].packet);
        expect_fault(f, MQTT_3_1_1, packets, refusals[i].fault);
    }
}

#define REFUSE(f, refusals) refuse(f, refusals, sizeof refusals / sizeof refusals[0])

static void test_order(void **state)
{
    static const char not_first[] = "protocol violation: the first packet is not CONNACK";
    expect_fault(*state, MQTT_3_1_1, "30 03 00 01 't'", not_first);
    expect_fault(*state, MQTT_3_1_1, "D0 00", not_first);
    expect_fault(*state, MQTT_3_1_1, "'HTTP/1.1 400 Bad Request'", not_first);
    expect_fault(*state, MQTT_3_1_1, "15 03 01 00 02 02 46", not_first); /* a TLS alert */
    expect_fault(*state, MQTT_3_1_1, CONNACK CONNACK, "protocol violation: a second CONNACK");
}

static void test_types_that_brokers_do_not_send(void **state)
{
    static const char clients[] = "protocol violation: a packet that only clients send";
    static const struct refusal refusals[] = {
        {"00 00", "malformed packet: reserved type"},
        {"F0 00", "malformed packet: reserved type"},
        {"10 00", clients},
        {"82 06 00 02 00 01 't' 00", clients},
        {"A2 05 00 02 00 01 't'", clients},
        {"C0 00", clients},
        {"E0 00", clients},
    };
    REFUSE(*state, refusals);
}

static void test_flags(void **state)
{
    static const struct refusal refusals[] = {
        {"41 02 00 02", "malformed packet: PUBACK with wrong flags"},
        {"48 02 00 02", "malformed packet: PUBACK with wrong flags"},
        {"52 02 00 02", "malformed packet: PUBREC with wrong flags"},
        {"60 02 00 02", "malformed packet: PUBREL with wrong flags"},
        {"63 02 00 02", "malformed packet: PUBREL with wrong flags"},
        {"6A 02 00 02", "malformed packet: PUBREL with wrong flags"},
        {"72 02 00 02", "malformed packet: PUBCOMP with wrong flags"},
        {"92 03 00 02 00", "malformed packet: SUBACK with wrong flags"},
        {"B2 02 00 02", "malformed packet: UNSUBACK with wrong flags"},
        {"D1 00", "malformed packet: PINGRESP with wrong flags"},
        {"36 07 00 01 't' 00 02", "malformed packet: PUBLISH with QoS 3"},
        {"3E 07 00 01 't' 00 02", "malformed packet: PUBLISH with QoS 3"},
        {"38 03 00 01 't'", "malformed packet: PUBLISH with QoS 0 and DUP"},
    };
    REFUSE(*state, refusals);
    expect_fault(*state, MQTT_3_1_1, "21 02 00 00", "malformed packet: CONNACK with wrong flags");
}

static void test_lengths(void **state)
{
    static const struct refusal refusals[] = {
        {"40 00", "malformed packet: PUBACK of wrong length"},
        {"40 01 00", "malformed packet: PUBACK of wrong length"},
        {"40 03 00 02 00", "malformed packet: PUBACK of wrong length"},
        {"50 03 00 02 00", "malformed packet: PUBREC of wrong length"},
        {"62 01 00", "malformed packet: PUBREL of wrong length"},
        {"70 04 00 02 00 00", "malformed packet: PUBCOMP of wrong length"},
        {"90 02 00 02", "malformed packet: SUBACK of wrong length"},
        {"90 0B 00 02 00 00 00 00 00 00 00 00 00", "malformed packet: SUBACK of wrong length"},
        {"B0 00", "malformed packet: UNSUBACK of wrong length"},
        {"B0 03 00 02 00", "malformed packet: UNSUBACK of wrong length"},
        {"D0 01 00", "malformed packet: PINGRESP of wrong length"},
        {"30 00", "malformed packet: PUBLISH of wrong length"},
        {"30 02 00 00", "malformed packet: PUBLISH of wrong length"},
        {"30 FF FF FF FF 01", "malformed packet: a length of more than four bytes"},
        {"D0 80 80 80 80 00", "malformed packet: a length of more than four bytes"},
    };
    REFUSE(*state, refusals);
    expect_fault(*state, MQTT_3_1_1, "20 01 00", "malformed packet: CONNACK of wrong length");
    expect_fault(*state, MQTT_3_1_1, "20 03 00 00 00", "malformed packet: CONNACK of wrong length");
}

/* Not one byte of a body is waited for. */
static void test_a_length_that_cannot_be_is_refused_at_once(void **state)
{
    static const struct refusal refusals[] = {
        {"40 FF FF FF 7F", "malformed packet: PUBACK of wrong length"},
        {"90 FF FF FF 7F", "malformed packet: SUBACK of wrong length"},
        {"D0 FF FF FF 7F", "malformed packet: PINGRESP of wrong length"},
        {"30 FF FF FF 7F 00 00", "malformed packet: PUBLISH with an empty topic"},
        {"30 64 00 63", "malformed packet: PUBLISH with a topic longer than itself"},
    };
    REFUSE(*state, refusals);
}

static void test_publish_bodies(void **state)
{
    static const char empty[] = "malformed packet: PUBLISH with an empty topic";
    static const char too_long[] = "malformed packet: PUBLISH with a topic longer than itself";
    static const char invalid[] = "malformed packet: PUBLISH with an invalid topic";
    static const struct refusal refusals[] = {
        {"30 03 00 00 'x'", empty},
        {"32 05 00 00 00 02 'x'", empty},
        {"30 03 00 02 't'", too_long},
        {"30 05 FF FF 'abc'", too_long},
        {"32 03 00 01 't'", too_long}, /* no room for the packet id */
        {"32 04 00 01 't' 00", too_long},
        {"34 04 00 02 'tt'", too_long},
        {"30 05 00 03 'a/#'", invalid},
        {"30 03 00 01 '+'", invalid},
        {"30 04 00 02 'a' 00", invalid},
        {"30 04 00 02 C0 80", invalid},
        {"30 05 00 03 ED A0 80", invalid},
        {"30 03 00 01 FF", invalid},
        {"32 05 00 01 't' 00 00", "malformed packet: packet id 0"},
        {"34 06 00 01 't' 00 00 'x'", "malformed packet: packet id 0"},
        {"32 1A 00 01 't' 00 00 '123456789 123456789 1'", "malformed packet: packet id 0"},
    };
    REFUSE(*state, refusals);
}

static void test_answer_bodies(void **state)
{
    static const struct refusal refusals[] = {
        {"40 02 00 00", "malformed packet: packet id 0"},
        {"50 02 00 00", "malformed packet: packet id 0"},
        {"62 02 00 00", "malformed packet: packet id 0"},
        {"70 02 00 00", "malformed packet: packet id 0"},
        {"90 03 00 00 00", "malformed packet: packet id 0"},
        {"B0 02 00 00", "malformed packet: packet id 0"},
        {"90 03 00 02 03", "malformed packet: SUBACK with an unknown code"},
        {"90 03 00 02 81", "malformed packet: SUBACK with an unknown code"},
        {"90 04 00 02 00 7F", "malformed packet: SUBACK with an unknown code"},
    };
    REFUSE(*state, refusals);
}

static void test_nothing_is_read_behind_a_fault(void **state)
{
    struct fixture *f = *state;
    struct reader reader = new_reader(f, MQTT_3_1_1);
    struct outcome outcome = {.packets = 0};
    struct bytes bytes = bytes_of(CONNACK "F0 00 40 02 00 02"), more = bytes_of("D0 00");
    read_piece(&reader, span_of(bytes.bytes, bytes.count), &outcome);
    read_piece(&reader, span_of(more.bytes, more.count), &outcome);
    assert_int_equal(outcome.packets, 1);
    assert_string_equal(outcome.fault, "malformed packet: reserved type");
    reader_reset(&reader, MQTT_3_1_1);
    outcome = (struct outcome){.packets = 0};
    read_piece(&reader, span_of(bytes.bytes, 4), &outcome);
    assert_null(outcome.fault);
    assert_int_equal(outcome.packets, 1);
}

/* ---- what is taken -------------------------------------------------------------------------- */

static struct mqtt_packet expect_packet(struct fixture *f, enum mqtt_version version,
                                        const char *packets, size_t count)
{
    struct bytes bytes = bytes_of(packets);
    struct outcome whole = read_split(f, version, &bytes, bytes.count);
    assert_null(whole.fault);
    assert_int_equal(whole.packets, count);
    for (size_t split = 0; split < bytes.count; split++) {
        struct outcome outcome = read_split(f, version, &bytes, split == 0 ? SIZE_MAX : split);
        assert_null(outcome.fault);
        assert_int_equal(outcome.packets, count);
        assert_int_equal(outcome.last.type, whole.last.type);
        assert_int_equal(outcome.last.qos, whole.last.qos);
        assert_int_equal(outcome.last.packet_id, whole.last.packet_id);
        assert_int_equal(outcome.last.topic.count, whole.last.topic.count);
        assert_int_equal(outcome.last.payload.count, whole.last.payload.count);
        assert_memory_equal(outcome.topic, whole.topic, sizeof whole.topic);
        assert_memory_equal(outcome.payload, whole.payload, sizeof whole.payload);
    }
    return whole.last;
}

static void test_publish_of_each_qos(void **state)
{
    struct mqtt_packet packet =
        expect_packet(*state, MQTT_3_1_1, CONNACK "30 08 00 03 'a/b' 'hey'", 2);
    assert_int_equal(packet.type, MQTT_PUBLISH);
    assert_int_equal(packet.packet_id, 0);
    assert_int_equal(packet.payload_bytes, 3);
    packet = expect_packet(*state, MQTT_3_1_1, CONNACK "3B 07 00 01 't' 12 34 'hi'", 2);
    assert_int_equal(packet.qos, 1);
    assert_int_equal(packet.packet_id, 0x1234);
    packet = expect_packet(*state, MQTT_3_1_1, CONNACK "34 05 00 01 't' FF FF", 2);
    assert_int_equal(packet.qos, 2);
    assert_int_equal(packet.packet_id, 0xFFFF);
    assert_int_equal(packet.payload_bytes, 0);
}

static void test_publish_outgrows_the_reader(void **state)
{
    struct mqtt_packet packet = expect_packet(
        *state, MQTT_3_1_1, CONNACK "30 1F 00 03 'a/b' '123456789 123456789 123456'", 2);
    assert_int_equal(packet.payload_bytes, 26);
}

static void test_every_other_packet(void **state)
{
    struct mqtt_packet packet = expect_packet(*state, MQTT_3_1_1, "20 02 01 05", 1);
    assert_int_equal(packet.connack_flags, 1);
    assert_int_equal(packet.return_code, 5);
    packet = expect_packet(*state, MQTT_3_1_1,
                           CONNACK "40 02 00 02 50 02 00 03 62 02 00 04 70 02 00 05 B0 02 00 06"
                                   " D0 00 90 06 00 07 00 01 02 80",
                           8);
    assert_int_equal(packet.type, MQTT_SUBACK);
    assert_int_equal(packet.packet_id, 7);
    assert_int_equal(packet.codes.count, 4);
}

static void test_many_packets_in_one_piece(void **state)
{
    expect_packet(*state, MQTT_3_1_1,
                  CONNACK "30 03 00 01 'a' 30 04 00 01 'b' 'x' 40 02 00 02 30 03 00 01 'c'", 5);
}

/* The byte order mark is a character of the topic like any other. */
static void test_feff_stays_in_the_topic(void **state)
{
    struct mqtt_packet packet =
        expect_packet(*state, MQTT_3_1_1, CONNACK "30 06 00 04 EF BB BF 't'", 2);
    assert_int_equal(packet.topic.count, 4);
}

static void test_longer_form_of_a_length(void **state)
{
    expect_packet(*state, MQTT_3_1_1, CONNACK "40 82 00 00 02", 2);
}

/* MQTT 3.1 marks a repeated PUBREL with DUP; its CONNACK's first byte means nothing. */
static void test_mqtt_3_1(void **state)
{
    struct mqtt_packet packet = expect_packet(*state, MQTT_3_1, CONNACK "6A 02 00 04", 2);
    assert_int_equal(packet.type, MQTT_PUBREL);
    expect_fault(*state, MQTT_3_1, CONNACK "68 02 00 04",
                 "malformed packet: PUBREL with wrong flags");
    expect_fault(*state, MQTT_3_1, CONNACK "48 02 00 04",
                 "malformed packet: PUBACK with wrong flags");
}

/* ---- memory --------------------------------------------------------------------------------- */

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
    for (struct span rest = all; rest.count > 0;) {
        span_take(&rest, rest.count < step ? rest.count : step, &piece);
        read_piece(&reader, piece, &outcome);
    }
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
    struct span all = large_publish(2, 2000), rest = all, piece;
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
    struct span all = large_publish(0, 250000), rest = all, piece;
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
        struct outcome outcome = read_split(f, MQTT_3_1_1, &bytes, split == 0 ? SIZE_MAX : split);
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
    struct outcome outcome = read_split(f, MQTT_3_1_1, &bytes, SIZE_MAX);
    assert_string_equal(outcome.fault, "malformed packet: packet id 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_order),
        MQTT_TEST(test_types_that_brokers_do_not_send),
        MQTT_TEST(test_flags),
        MQTT_TEST(test_lengths),
        MQTT_TEST(test_a_length_that_cannot_be_is_refused_at_once),
        MQTT_TEST(test_publish_bodies),
        MQTT_TEST(test_answer_bodies),
        MQTT_TEST(test_nothing_is_read_behind_a_fault),
        MQTT_TEST(test_publish_of_each_qos),
        MQTT_TEST(test_publish_outgrows_the_reader),
        MQTT_TEST(test_every_other_packet),
        MQTT_TEST(test_many_packets_in_one_piece),
        MQTT_TEST(test_feff_stays_in_the_topic),
        MQTT_TEST(test_longer_form_of_a_length),
        MQTT_TEST(test_mqtt_3_1),
        MQTT_TEST(test_largest_payload_is_kept),
        MQTT_TEST(test_larger_payload_is_drained),
        MQTT_TEST(test_refused_memory_means_drained),
        MQTT_TEST(test_memory_refused_half_way),
        MQTT_TEST(test_memory_grows_with_what_has_come),
        MQTT_TEST(test_announced_256_mib_are_drained),
        MQTT_TEST(test_drained_topic_in_pieces),
        MQTT_TEST(test_fault_in_a_drained_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
