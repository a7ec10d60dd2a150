/* Every packet type a broker may send, or may not, with every flag nibble, with lengths around what
 * its form allows, cut short at each byte, and with what MQTT 5 puts behind: against a client that
 * is online and has one request of each kind open. What may be is written down here once, apart
 * from the decoder. */
#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>

/* What each type may be after CONNACK: the lower nibble of its first byte, and its length. */
static const struct form {
    const char *name;
    uint8_t type;
    bool is_sent_by_brokers;
    uint8_t flags, length;
    const char *body; /* one that fits what is open */
} forms[] = {
    {"reserved 0", 0, false, 0, 0, ""},
    {"CONNECT", MQTT_CONNECT, false, 0, 13, "00 04 'MQTT' 04 02 00 3C 00 01 'c'"},
    {"CONNACK", MQTT_CONNACK, false, 0, 2, "00 00"}, /* a second one */
    {"PUBACK", MQTT_PUBACK, true, 0, 2, "00 02"},
    {"PUBREC", MQTT_PUBREC, true, 0, 2, "00 03"},
    {"PUBREL", MQTT_PUBREL, true, 2, 2, "00 63"},
    {"PUBCOMP", MQTT_PUBCOMP, true, 0, 2, "00 63"}, /* to nothing: ignored */
    {"SUBSCRIBE", MQTT_SUBSCRIBE, false, 2, 6, "00 09 00 01 't' 00"},
    {"SUBACK", MQTT_SUBACK, true, 0, 3, "00 04 00"},
    {"UNSUBSCRIBE", MQTT_UNSUBSCRIBE, false, 2, 5, "00 09 00 01 't'"},
    {"UNSUBACK", MQTT_UNSUBACK, true, 0, 2, "00 05"},
    {"PINGREQ", MQTT_PINGREQ, false, 0, 0, ""},
    {"PINGRESP", MQTT_PINGRESP, true, 0, 0, ""},
    {"DISCONNECT", MQTT_DISCONNECT, false, 0, 0, ""},
    {"AUTH of MQTT 5", 15, false, 0, 0, ""},
};
#define FORMS (sizeof forms / sizeof forms[0])

/* ---- one case ------------------------------------------------------------------------------- */

static unsigned cases;

static void be_online(struct fixture *f)
{
    connect_clean(f);
    publish(f, 1, "t", "");
    publish(f, 2, "t", "");
    subscribe(f, "t", 0);
    unsubscribe(f, "t");
    forget_sent(f);
}

static void leave(struct fixture *f)
{
    if (mqtt_client_state(&f->client) == MQTT_ONLINE)
        lose_link(f);
    turn(f);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IDLE);
    assert_int_equal(f->closes, f->opens);
    f->first_event = f->event_count;
    f->sent_count = 0;
}

/* Fed whole and byte by byte, the bytes are taken, or end the link as the broker's fault. */
static void check(struct fixture *f, const char *name, const struct bytes *packet, bool is_good)
{
    for (size_t step = 1; step <= packet->count; step += packet->count - (packet->count > 1)) {
        be_online(f);
        feed_bytes(f, packet->bytes, packet->count, step);
        if ((mqtt_client_state(&f->client) == MQTT_ONLINE) != is_good)
            fail_msg("%s, %zu bytes from %02X: %s", name, packet->count, packet->bytes[0],
                     is_good ? "refused" : "taken");
        if (!is_good)
            assert_int_equal(f->client.link.failure.stage, IMQTT_STAGE_PEER);
        leave(f);
    }
    cases++;
}

static struct bytes packet_of(uint8_t first, const struct bytes *body, size_t count)
{
    struct bytes packet = {.bytes = {first, (uint8_t)count}, .count = 2 + count};
    assert_true(count < 0x80);
    memcpy(packet.bytes + 2, body->bytes, count);
    return packet;
}

/* ---- every type, flag and length ------------------------------------------------------------ */

static bool is_good_form(const struct form *form, uint8_t flags, size_t length)
{
    return form->is_sent_by_brokers && flags == form->flags && length == form->length;
}

static void test_types_flags_and_lengths(void **state)
{
    for (size_t i = 0; i < FORMS; i++)
        for (uint8_t flags = 0; flags < 16; flags++)
            for (size_t length = 0; length <= forms[i].length + 3U; length++) {
                struct bytes body = bytes_of(forms[i].body);
                struct bytes packet =
                    packet_of((uint8_t)(forms[i].type << 4 | flags), &body, length);
                check(*state, forms[i].name, &packet, is_good_form(&forms[i], flags, length));
            }
    assert_in_range(cases, 1000, 2000);
}

/* A packet that is cut short waits for the rest: nothing is believed before it is there. */
static void test_packets_cut_short(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < FORMS; i++) {
        struct bytes body = bytes_of(forms[i].body);
        uint8_t first = (uint8_t)(forms[i].type << 4 | forms[i].flags);
        struct bytes packet = packet_of(first, &body, forms[i].length);
        for (size_t count = 1; forms[i].is_sent_by_brokers && count < packet.count; count++) {
            be_online(f);
            feed_bytes(f, packet.bytes, count, count);
            assert_int_equal(mqtt_client_state(&f->client), MQTT_ONLINE);
            assert_int_equal(f->event_count - f->first_event, 0);
            assert_int_equal(f->sent_count, 0);
            leave(f);
        }
    }
}

/* ---- lengths of the fixed header ------------------------------------------------------------ */

static void test_remaining_lengths(void **state)
{
    static const struct {
        const char *bytes;
        bool is_good;
    } lengths[] = {
        {"D0 00", true},           {"D0 80 00", true}, /* not forbidden to receive */
        {"D0 80 80 00", true},     {"D0 80 80 80 00", true},
        {"D0 80 80 80 80", false}, {"D0 FF FF FF FF 7F", false},
        {"D0 01 00", false},       {"40 82 00 00 02", true},
        {"40 FF 7F", false},       {"40 FF FF FF 7F", false},
    };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct bytes packet = bytes_of(lengths[i].bytes);
        check(*state, lengths[i].bytes, &packet, lengths[i].is_good);
    }
}

/* ---- PUBLISH -------------------------------------------------------------------------------- */

static const struct {
    const char *body;
    bool good_without_id, good_with_id; /* for QoS 0; for QoS 1 and 2 */
} bodies[] = {
    {"", false, false},
    {"00", false, false},
    {"00 00", false, false},
    {"00 00 00 07", false, false},
    {"00 01", false, false},
    {"00 01 't'", true, false},
    {"00 01 't' 00", true, false},
    {"00 01 't' 00 00", true, false}, /* id 0 */
    {"00 01 't' 00 07", true, true},
    {"00 01 't' FF FF 'payload'", true, true},
    {"00 02 't' 00 07", false, false}, /* the topic takes the id's first byte, a NUL */
    {"00 05 't' 00 07", false, false},
    {"FF FF 't' 00 07", false, false},
    {"00 01 00 00 07", false, false},
    {"00 01 '#' 00 07", false, false},
    {"00 01 '+' 00 07", false, false},
    {"00 03 'a/#' 00 07", false, false},
    {"00 02 C3 A4 00 07", true, true},
    {"00 01 C3 00 07", false, false},
    {"00 02 C0 AF 00 07", false, false},
    {"00 03 ED A0 80 00 07", false, false},
    {"00 03 EF BB BF 00 07", true, true},
    {"00 04 F4 90 80 80 00 07", false, false},
    /* MQTT 5: no properties, and one property of two bytes, where 3.1.1 has payload. */
    {"00 01 't' 00 07 00 'x'", true, true},
    {"00 01 't' 00 07 02 01 01 'x'", true, true},
    {"00 00 00 07 03 23 00 01", false, false}, /* an alias in place of the topic */
};

static void test_publish_of_every_kind(void **state)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        for (uint8_t flags = 0; flags < 16; flags++) {
            uint8_t qos = flags >> 1 & 3;
            bool may_be = qos < 3 && !(qos == 0 && (flags & MQTT_DUP) != 0);
            bool is_good =
                may_be && (qos == 0 ? bodies[i].good_without_id : bodies[i].good_with_id);
            struct bytes body = bytes_of(bodies[i].body);
            struct bytes packet = packet_of((uint8_t)(0x30 | flags), &body, body.count);
            check(*state, bodies[i].body, &packet, is_good);
        }
}

/* ---- answers -------------------------------------------------------------------------------- */

static const struct {
    const char *packet;
    bool is_good;
} answers[] = {
    {"40 02 00 00", false},
    {"50 02 00 00", false},
    {"62 02 00 00", false},
    {"70 02 00 00", false},
    {"90 03 00 00 00", false},
    {"B0 02 00 00", false},
    {"40 02 00 63", true},
    {"50 02 00 63", true},
    {"62 02 00 63", true},
    {"70 02 00 63", true},
    {"90 03 00 63 00", true},
    {"B0 02 00 63", true},
    {"40 02 00 02", true},
    {"50 02 00 02", false},
    {"70 02 00 02", false},
    {"90 03 00 02 00", false},
    {"B0 02 00 02", false},
    {"40 02 00 03", true},
    {"50 02 00 03", true},
    {"70 02 00 03", false},
    {"90 03 00 03 00", false},
    {"B0 02 00 03", false},
    {"40 02 00 04", false},
    {"50 02 00 04", false},
    {"70 02 00 04", false},
    {"90 03 00 04 00", true},
    {"90 03 00 04 01", true},
    {"90 03 00 04 02", true},
    {"90 03 00 04 80", true},
    {"90 03 00 04 03", false},
    {"90 03 00 04 7F", false},
    {"90 03 00 04 81", false},
    {"90 03 00 04 87", false},
    {"90 03 00 04 FF", false},
    {"90 04 00 04 00 00", false},
    {"90 02 00 04", false},
    {"B0 02 00 04", false},
    {"40 02 00 05", false},
    {"B0 02 00 05", true},
    /* MQTT 5: reason codes, and properties behind the id. */
    {"40 03 00 02 00", false},
    {"40 04 00 02 10 00", false},
    {"50 03 00 03 00", false},
    {"62 03 00 63 92", false},
    {"70 04 00 63 00 00", false},
    {"90 04 00 04 00 00", false},
    {"B0 04 00 05 00 00", false},
    {"E0 02 8D 00", false},
    {"F0 02 18 00", false},
    {"20 03 00 00 00", false},
};

static void test_answers_of_every_kind(void **state)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct bytes packet = bytes_of(answers[i].packet);
        check(*state, answers[i].packet, &packet, answers[i].is_good);
    }
}

/* ---- before CONNACK ------------------------------------------------------------------------- */

/* The stage at which the link ends; IMQTT_STAGE_NONE: the client is online. */
static enum imqtt_stage first_packet(struct fixture *f, const struct bytes *packet)
{
    struct mqtt_connect options = clean_options();
    begin_and_open(f, &options);
    f->client.link.failure.stage = IMQTT_STAGE_NONE;
    feed_bytes(f, packet->bytes, packet->count, packet->count);
    enum imqtt_stage stage = f->client.link.failure.stage;
    assert_int_equal(mqtt_client_state(&f->client) == MQTT_ONLINE, stage == IMQTT_STAGE_NONE);
    leave(f);
    return stage;
}

static void test_only_connack_may_come_first(void **state)
{
    for (size_t i = 0; i < FORMS; i++)
        for (uint8_t flags = 0; flags < 16; flags++)
            for (size_t length = 0; length <= forms[i].length + 3U; length++) {
                struct bytes body = bytes_of(forms[i].body);
                struct bytes packet =
                    packet_of((uint8_t)(forms[i].type << 4 | flags), &body, length);
                bool is_good = forms[i].type == MQTT_CONNACK && flags == 0 && length == 2;
                assert_int_equal(first_packet(*state, &packet),
                                 is_good ? IMQTT_STAGE_NONE : IMQTT_STAGE_PEER);
            }
}

static void test_no_message_comes_before_connack(void **state)
{
    struct bytes body = bytes_of("00 01 't' 00 07");
    for (uint8_t flags = 0; flags < 16; flags++) {
        struct bytes packet = packet_of((uint8_t)(0x30 | flags), &body, body.count);
        assert_int_equal(first_packet(*state, &packet), IMQTT_STAGE_PEER);
    }
}

/* Each value of both bytes of CONNACK, to a client that wants a clean session. */
static void test_connack_of_every_kind(void **state)
{
    for (unsigned flags = 0; flags < 256; flags++)
        for (unsigned code = 0; code < 256; code++) {
            struct bytes packet = {.bytes = {0x20, 2, (uint8_t)flags, (uint8_t)code}, .count = 4};
            enum imqtt_stage stage = first_packet(*state, &packet);
            enum imqtt_stage expected = IMQTT_STAGE_PEER;
            if (flags == 0 && code <= 5)
                expected = code == 0 ? IMQTT_STAGE_NONE : IMQTT_STAGE_CONNACK;
            if (stage != expected)
                fail_msg("CONNACK %02X %02X: stage %d", flags, code, stage);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_types_flags_and_lengths),
        MQTT_TEST(test_packets_cut_short),
        MQTT_TEST(test_remaining_lengths),
        MQTT_TEST(test_publish_of_every_kind),
        MQTT_TEST(test_answers_of_every_kind),
        MQTT_TEST(test_only_connack_may_come_first),
        MQTT_TEST(test_no_message_comes_before_connack),
        MQTT_TEST(test_connack_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
