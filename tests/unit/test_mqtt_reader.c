#include "tests/unit/mqtt_stream.h"

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
        {"90 0D 00 02 00 00 00 00 00 00 00 00 00 00 00",
         "malformed packet: SUBACK of wrong length"},
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
        struct outcome outcome = read_split(f, version, &bytes, split == 0 ? SINGLE_BYTES : split);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
