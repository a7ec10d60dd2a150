/* What a broker must not send ends the link once, behind what was good. */
#include "tests/unit/mqtt_fixture.h"

static const char *const malformed[] = {
    "00 00",
    "10 00",
    "36 07 00 01 't' 00 02",
    "38 03 00 01 't'",
    "30 03 00 00 'x'",
    "30 05 00 03 'a/#'",
    "30 04 00 02 C3 28",
    "32 05 00 01 't' 00 00",
    "30 05 FF FF 'abc'",
    "30 FF FF FF FF 01",
    "41 02 00 02",
    "40 03 00 02 00",
    "40 02 00 00",
    "50 02 00 00",
    "60 02 00 02",
    "70 01 00",
    "80 06 00 02 00 01 't' 00",
    "90 03 00 02 03",
    "A2 05 00 02 00 01 't'",
    "B0 03 00 02 00",
    "C0 00",
    "D0 01 00",
    "E0 00",
    "F0 00",
};

/* Whole, and in two pieces cut at every byte; with a request open, and more bytes behind. */
static void test_malformed_packets_end_the_link_once(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct bytes bytes = bytes_of(malformed[i]);
        for (size_t split = 1; split <= bytes.count; split++) {
            connect_clean(f);
            publish(f, 1, "t", "");
            forget_sent(f);
            feed_bytes(f, bytes.bytes, split, split);
            feed_bytes(f, bytes.bytes + split, bytes.count - split, bytes.count);
            feed(f, "30 03 00 01 't'");
            const struct mqtt_event *event = expect_event(f, MQTT_PUBLISHED);
            assert_false(event->acknowledged);
            assert_int_equal(event->failure.stage, IMQTT_STAGE_PEER);
            assert_int_equal(expect_event(f, MQTT_DISCONNECTED)->failure.code, 0);
            expect_no_event(f);
            expect_nothing_sent(f);
            assert_int_equal(f->closes, f->opens);
        }
    }
}

/* What came before the fault in the same piece counts. */
static void test_good_packets_before_a_fault_count(void **state)
{
    struct fixture *f = *state;
    connect_clean(f);
    publish(f, 1, "t", "");
    forget_sent(f);
    feed(f, "40 02 00 02 30 03 00 01 't' F0 00 30 03 00 01 'u'");
    expect_published(f, 2, true);
    expect_message(f, 0, 0, "'t'", "");
    expect_end(f, IMQTT_STAGE_PEER, "malformed packet: reserved type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_malformed_packets_end_the_link_once),
        MQTT_TEST(test_good_packets_before_a_fault_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
