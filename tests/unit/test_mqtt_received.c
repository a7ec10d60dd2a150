#include "core/mqtt/received.h"

#include "imqtt/limits.h"
#include "tests/unit/mqtt_fixture.h"

#define ID       8
#define OTHER_ID 9

/* Of a stored record: how many there are, then each id. */
#define RECORD_BYTES (2 + 2 * IMQTT_INBOUND_QOS2)

static void init(struct fixture *f, struct received *received)
{
    received_init(received, &f->memory);
}

static void publish_expecting(struct received *received, uint16_t id, enum received_result result)
{
    assert_int_equal(received_publish(received, id), result);
}

/* ---- an id that is in use twice ------------------------------------------------------------- */

/* The older one has its PUBREL and still owes its PUBREC; the newer one only came. */
static void use_id_twice(struct received *received)
{
    publish_expecting(received, ID, RECEIVED_NEW);
    assert_false(received_release(received, ID));
    publish_expecting(received, ID, RECEIVED_NEW);
}

static void test_the_older_one_is_answered_first(void **state)
{
    struct received received;
    init(*state, &received);
    use_id_twice(&received);
    assert_true(received_acknowledge(&received, ID)); /* its PUBCOMP follows */
    assert_int_equal(received.count, 1);
    assert_false(received_acknowledge(&received, ID)); /* no PUBREL has come for the newer one */
    assert_true(received_release(&received, ID));
    assert_int_equal(received.count, 0);
    received_clear(&received);
}

static void test_a_pubrel_is_for_the_newer_one(void **state)
{
    struct received received;
    init(*state, &received);
    use_id_twice(&received);
    assert_false(received_release(&received, ID));
    assert_true(received_acknowledge(&received, ID));
    assert_true(received_acknowledge(&received, ID));
    assert_int_equal(received.count, 0);
    received_clear(&received);
}

/* One PUBCOMP is enough: it leaves behind the PUBREC. */
static void test_a_second_pubrel_waits_with_the_first(void **state)
{
    struct received received;
    init(*state, &received);
    publish_expecting(&received, ID, RECEIVED_NEW);
    assert_false(received_release(&received, ID));
    assert_false(received_release(&received, ID));
    assert_true(received_release(&received, OTHER_ID)); /* nobody knows it: PUBCOMP at once */
    assert_true(received_acknowledge(&received, ID));
    assert_true(received_release(&received, ID));
    assert_false(received_acknowledge(&received, ID));
    received_clear(&received);
}

static void test_of_an_id_in_use_twice_a_lost_link_leaves_the_newer_one(void **state)
{
    struct received received;
    init(*state, &received);
    publish_expecting(&received, OTHER_ID, RECEIVED_NEW);
    use_id_twice(&received);
    received_lose_link(&received);
    assert_int_equal(received.count, 2);
    publish_expecting(&received, ID, RECEIVED_AGAIN);
    publish_expecting(&received, OTHER_ID, RECEIVED_AGAIN);
    received_clear(&received);
}

/* What was owed to the lost link is not: PUBREL is answered at once. */
static void test_a_lost_link_takes_what_was_owed(void **state)
{
    struct received received;
    init(*state, &received);
    publish_expecting(&received, ID, RECEIVED_NEW);
    publish_expecting(&received, ID, RECEIVED_AGAIN);
    received_lose_link(&received);
    assert_true(received_release(&received, ID));
    publish_expecting(&received, ID, RECEIVED_NEW);
    assert_false(received_release(&received, ID));
    received_lose_link(&received); /* a PUBREL that was not answered comes again */
    publish_expecting(&received, ID, RECEIVED_AGAIN);
    received_clear(&received);
}

/* ---- memory --------------------------------------------------------------------------------- */

static void test_a_large_block_is_given_back_with_the_last_one(void **state)
{
    struct fixture *f = *state;
    struct received received;
    init(f, &received);
    publish_expecting(&received, ID, RECEIVED_NEW);
    received_acknowledge(&received, ID);
    assert_true(received_release(&received, ID));
    assert_int_equal(f->blocks, 1); /* a small one stays */
    for (uint16_t id = 1; id <= IMQTT_INBOUND_QOS2; id++)
        publish_expecting(&received, id, RECEIVED_NEW);
    publish_expecting(&received, IMQTT_INBOUND_QOS2 + 1, RECEIVED_TOO_MANY);
    for (uint16_t id = 1; id <= IMQTT_INBOUND_QOS2; id++) {
        assert_int_equal(f->blocks, 1);
        received_acknowledge(&received, id);
        assert_true(received_release(&received, id));
    }
    assert_int_equal(f->blocks, 0);
}

/* ---- over a power cut ----------------------------------------------------------------------- */

static void test_changes_are_those_of_what_is_stored(void **state)
{
    struct received received;
    init(*state, &received);
    publish_expecting(&received, ID, RECEIVED_NEW);
    assert_int_equal(received.changes,
                     0); /* the broker sends it again: nobody said that it is here */
    received_acknowledge(&received, ID);
    assert_int_equal(received.changes, 1);
    publish_expecting(&received, ID, RECEIVED_AGAIN);
    received_acknowledge(&received, ID);
    assert_int_equal(received.changes, 1);
    received_release(&received, ID);
    assert_int_equal(received.changes, 2);
    received_clear(&received);
    assert_int_equal(received.changes, 2);
    publish_expecting(&received, ID, RECEIVED_NEW);
    received_clear(&received);
    assert_int_equal(received.changes, 3);
}

static void test_what_was_handed_on_is_stored(void **state)
{
    struct received received, later;
    uint8_t bytes[RECORD_BYTES];
    struct out record = out_on(bytes, sizeof bytes);
    init(*state, &received);
    for (uint16_t id = 1; id <= 4; id++)
        publish_expecting(&received, id, RECEIVED_NEW);
    received_acknowledge(&received, 2);
    received_acknowledge(&received, 4);
    received_put(&received, &record);
    received_clear(&received);
    assert_memory_equal(bytes, "\0\2\0\2\0\4", 6);
    struct span stored = out_written(&record);
    init(*state, &later);
    assert_true(received_take(&later, &stored));
    assert_int_equal(stored.count, 0);
    publish_expecting(&later, 2, RECEIVED_AGAIN);
    publish_expecting(&later, 3, RECEIVED_NEW);
    record = out_on(bytes, sizeof bytes);
    received_put(&later, &record); /* what came from a store goes there again */
    assert_memory_equal(bytes, "\0\2\0\2\0\4", 6);
    received_clear(&later);
}

static bool is_taken(struct fixture *f, const char *record, size_t count)
{
    struct received received;
    struct span stored = span_of((const uint8_t *)record, count);
    init(f, &received);
    bool taken = received_take(&received, &stored);
    received_clear(&received);
    return taken;
}

static void test_damaged_records(void **state)
{
    struct fixture *f = *state;
    assert_true(is_taken(f, "\0\0", 2));
    assert_true(is_taken(f, "\0\2\0\1\0\2", 6));
    for (size_t count = 0; count < 6; count++)
        assert_false(is_taken(f, "\0\2\0\1\0\2", count));
    assert_false(is_taken(f, "\0\2\0\1\0\0", 6)); /* there is no id 0 */
    assert_false(is_taken(f, "\0\2\0\1\0\1", 6)); /* twice the same */
    f->refused = 1U << IMQTT_MEMORY_INBOUND_QOS2;
    assert_false(is_taken(f, "\0\1\0\1", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_the_older_one_is_answered_first),
        MQTT_TEST(test_a_pubrel_is_for_the_newer_one),
        MQTT_TEST(test_a_second_pubrel_waits_with_the_first),
        MQTT_TEST(test_of_an_id_in_use_twice_a_lost_link_leaves_the_newer_one),
        MQTT_TEST(test_a_lost_link_takes_what_was_owed),
        MQTT_TEST(test_a_large_block_is_given_back_with_the_last_one),
        MQTT_TEST(test_changes_are_those_of_what_is_stored),
        MQTT_TEST(test_what_was_handed_on_is_stored),
        MQTT_TEST(test_damaged_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
