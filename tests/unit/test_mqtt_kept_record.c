/* What comes back from a store: a record of a kept session is taken whole, and any damage is found. */
#include "tests/unit/mqtt_fixture.h"

#include "core/mqtt/kept_session.h"

struct kept {
    struct delivery delivery;
    struct received received;
};

static void begin(struct kept *kept, const struct fixture *f)
{
    *kept = (struct kept){0};
    outbox_init(&kept->delivery.outbox, &f->memory);
    received_init(&kept->received, &f->memory);
}

static bool take(struct kept *kept, const struct fixture *f, const char *text)
{
    struct bytes record = bytes_of(text);
    struct span rest = span_of(record.bytes, record.count);
    begin(kept, f);
    return kept_session_take(&kept->delivery, &kept->received, &rest);
}

static void forget(struct kept *kept)
{
    outbox_clear(&kept->delivery.outbox);
    received_clear(&kept->received);
}

static void expect_damaged(const struct fixture *f, const char *text)
{
    struct kept kept;
    if (take(&kept, f, text))
        fail_msg("taken: %s", text);
    forget(&kept);
}

#define WHOLE                                                                                      \
    "00 01 00 05"                           /* PUBREC had come for 5 */                            \
    "00 02 00 06 00 06 32 04 00 00 00 06"   /* QoS 1, without topic and payload */                 \
    "00 07 00 08 3D 06 00 01 't' 00 07 'x'" /* QoS 2 */                                            \
    "00 01 00 09"                           /* inbound, QoS 2 */

static void test_a_record_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct kept kept;
    uint8_t bytes[64];
    struct bytes before = bytes_of(WHOLE);
    assert_true(take(&kept, f, WHOLE));
    assert_int_equal(outbox_find(&kept.delivery.outbox, 5)->exchange, EXCHANGE_RELEASED);
    assert_int_equal(outbox_find(&kept.delivery.outbox, 6)->qos, 1);
    assert_int_equal(outbox_find(&kept.delivery.outbox, 7)->qos, 2);
    struct out out = out_on(bytes, sizeof bytes);
    kept_session_put(&kept.delivery, &kept.received, &out);
    before.bytes[10] |= MQTT_DUP; /* it may have been sent */
    assert_int_equal(out.count, before.count);
    assert_memory_equal(bytes, before.bytes, before.count);
    forget(&kept);
}

static void test_every_record_that_is_cut_is_damaged(void **state)
{
    struct fixture *f = *state;
    struct bytes whole = bytes_of(WHOLE);
    for (size_t count = 0; count < whole.count; count++) {
        struct kept kept;
        struct span rest = span_of(whole.bytes, count);
        begin(&kept, f);
        assert_false(kept_session_take(&kept.delivery, &kept.received, &rest));
        forget(&kept);
    }
}

static void test_ids_that_cannot_be(void **state)
{
    struct fixture *f = *state;
    expect_damaged(f, "00 01 00 00 00 00 00 00");
    expect_damaged(f, "00 02 00 05 00 05 00 00 00 00");
    expect_damaged(f, "00 01 00 06 00 01 00 06 00 06 32 04 00 00 00 06 00 00");
    expect_damaged(f, "00 00 00 01 00 00 00 06 32 04 00 00 00 00 00 00");
    expect_damaged(f, "00 00 00 00 00 01 00 00");
    expect_damaged(f, "00 00 00 00 00 02 00 09 00 09");
}

static void test_packets_that_are_no_publish(void **state)
{
    struct fixture *f = *state;
    expect_damaged(f, "00 00 00 01 00 06 00 00 00 00");                      /* nothing */
    expect_damaged(f, "00 00 00 01 00 06 00 01 32 00 00");                   /* no length */
    expect_damaged(f, "00 00 00 01 00 06 00 06 82 04 00 00 00 06 00 00");    /* SUBSCRIBE */
    expect_damaged(f, "00 00 00 01 00 06 00 06 30 04 00 00 00 06 00 00");    /* QoS 0 */
    expect_damaged(f, "00 00 00 01 00 06 00 06 36 04 00 00 00 06 00 00");    /* QoS 3 */
    expect_damaged(f, "00 00 00 01 00 06 00 06 32 05 00 00 00 06 00 00");    /* longer than it is */
    expect_damaged(f, "00 00 00 01 00 06 00 06 32 04 00 01 00 06 00 00");    /* the id is cut */
    expect_damaged(f, "00 00 00 01 00 06 00 06 32 04 00 09 00 06 00 00");    /* the topic is cut */
    expect_damaged(f, "00 00 00 01 00 06 00 06 32 04 00 00 00 07 00 00");    /* another's id */
    expect_damaged(f, "00 00 00 01 00 06 00 03 32 01 00 00 00");             /* no topic */
    expect_damaged(f, "00 00 00 01 00 06 00 07 32 FF FF FF FF 00 00 00 00"); /* no such length */
}

static void test_without_memory_nothing_is_taken(void **state)
{
    struct fixture *f = *state;
    f->refused = 1U << IMQTT_MEMORY_OUTBOX;
    expect_damaged(f, WHOLE);
    f->refused = 1U << IMQTT_MEMORY_INBOUND_QOS2;
    expect_damaged(f, "00 00 00 00 00 01 00 09");
}

static void test_what_was_saved_lets_packets_leave(void **state)
{
    const struct session_mark none = {0};
    const struct session_mark now = {.session = 1, .changes = 2, .position = 30};
    struct session_mark later = now;
    struct kept_session kept = {0};
    (void)state;
    assert_false(kept_session_has_changed(&kept, &now)); /* it is off */
    kept.is_on = true;
    assert_false(kept_session_has_changed(&kept, &none));
    assert_true(kept_session_has_changed(&kept, &now));
    kept_session_end(&kept); /* nothing was under way */
    assert_true(kept_session_has_changed(&kept, &now));
    kept_session_begin(&kept, &now);
    kept_session_end(&kept);
    assert_false(kept_session_has_changed(&kept, &now));
    assert_true(kept_session_has_changed(&kept, &none));
    later.changes++;
    assert_int_equal(kept_session_limit(&kept, &later), 30);
    later.session++;
    assert_int_equal(kept_session_limit(&kept, &later), 30);
    assert_int_equal(kept_session_limit(&kept, &now), UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_a_record_comes_back_as_it_was),
        MQTT_TEST(test_every_record_that_is_cut_is_damaged),
        MQTT_TEST(test_ids_that_cannot_be),
        MQTT_TEST(test_packets_that_are_no_publish),
        MQTT_TEST(test_without_memory_nothing_is_taken),
        MQTT_TEST(test_what_was_saved_lets_packets_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
