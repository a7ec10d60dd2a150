#include "core/mqtt/id_marks.h"

#include "tests/unit/mqtt_fixture.h"

/* Of a stored record: its version, then a hash and an id for each. */
#define ID_MARKS_RECORD_BYTES (1 + ID_MARKS_PLACES * 10)

#define UNKNOWN_ID 30000

/* ---- the marks ------------------------------------------------------------------------------ */

static void test_sessions_have_hashes_of_their_own(void **state)
{
    (void)state;
    uint64_t hash = id_marks_hash(span_text("broker"), 1883, span_text("c"));
    assert_true(hash == id_marks_hash(span_text("broker"), 1883, span_text("c")));
    assert_true(hash != id_marks_hash(span_text("broker"), 1884, span_text("c")));
    assert_true(hash != id_marks_hash(span_text("other"), 1883, span_text("c")));
    assert_true(hash != id_marks_hash(span_text("broker"), 1883, span_text("d")));
    assert_true(hash != id_marks_hash(span_text("broke"), 1883, span_text("rc")));
}

static void test_the_oldest_session_is_forgotten(void **state)
{
    (void)state;
    struct id_marks marks = {0};
    for (uint16_t i = 1; i <= IMQTT_ID_MARKS; i++) {
        assert_int_equal(id_marks_begin(&marks, i), 0);
        id_marks_set_last(&marks, 100 * i);
    }
    assert_int_equal(id_marks_begin(&marks, 1), 101); /* the latest now */
    assert_int_equal(id_marks_begin(&marks, 1000), 0);
    assert_int_equal(id_marks_begin(&marks, 1), 101);
    assert_int_equal(id_marks_begin(&marks, 2), 0);
    assert_int_equal(id_marks_begin(&marks, IMQTT_ID_MARKS), 100 * IMQTT_ID_MARKS + 1);
}

static void test_the_last_id_is_followed_by_one(void **state)
{
    (void)state;
    struct id_marks marks = {0};
    id_marks_begin(&marks, 5);
    id_marks_set_last(&marks, UINT16_MAX);
    assert_int_equal(id_marks_begin(&marks, 5), 1);
}

static struct out record_of(struct id_marks *marks, uint16_t next_id, uint8_t *bytes)
{
    struct out record = out_on(bytes, ID_MARKS_RECORD_BYTES);
    id_marks_put(marks, next_id, &record);
    id_marks_begun(marks, next_id);
    assert_false(record.overflowed);
    return record;
}

static void test_blocks_are_reserved_before_they_are_used(void **state)
{
    (void)state;
    uint8_t bytes[ID_MARKS_RECORD_BYTES];
    struct id_marks marks, later;
    assert_true(id_marks_load(&marks, SPAN_EMPTY));
    id_marks_begin(&marks, 5);
    for (uint32_t next = 2, lap = 0; lap < 100; lap++) { /* across the end of the ids, too */
        assert_false(id_marks_allow(&marks, (uint16_t)next) && lap == 0);
        assert_true(id_marks_want_save(&marks, (uint16_t)next));
        struct out record = record_of(&marks, (uint16_t)next, bytes);
        assert_false(id_marks_want_save(&marks, (uint16_t)next));
        id_marks_saved(&marks);
        assert_true(id_marks_load(&later, out_written(&record)));
        while (!id_marks_want_save(&marks, (uint16_t)next)) {
            assert_true(id_marks_allow(&marks, (uint16_t)next));
            next = next == UINT16_MAX ? 1 : next + 1;
        }
        uint16_t after_restart = id_marks_begin(&later, 5);
        uint16_t ahead = (uint16_t)(after_restart >= next ? after_restart - next
                                                          : UINT16_MAX - next + after_restart);
        assert_in_range(ahead, 1, IMQTT_ID_BLOCK);
        assert_true(id_marks_allow(&marks, (uint16_t)next)); /* half a block is still there */
    }
}

static void test_without_a_store_every_id_is_allowed(void **state)
{
    (void)state;
    struct id_marks marks = {0};
    id_marks_begin(&marks, 5);
    assert_true(id_marks_allow(&marks, 2));
    assert_false(id_marks_want_save(&marks, 2));
}

static void test_a_record_of_all_sessions(void **state)
{
    (void)state;
    uint8_t bytes[ID_MARKS_RECORD_BYTES];
    struct id_marks marks, loaded;
    id_marks_load(&marks, SPAN_EMPTY);
    for (uint16_t i = 1; i <= IMQTT_ID_MARKS; i++) {
        id_marks_begin(&marks, 0x1122334455667700 + i);
        record_of(&marks, 1000 * i, bytes);
        id_marks_saved(&marks);
    }
    struct out record = record_of(&marks, 1, bytes);
    assert_int_equal(record.count, ID_MARKS_RECORD_BYTES);
    assert_true(id_marks_load(&loaded, out_written(&record)));
    assert_int_equal(id_marks_begin(&loaded, 0x1122334455667701), 1000 + IMQTT_ID_BLOCK);
}

static void test_unreadable_records(void **state)
{
    (void)state;
    uint8_t bytes[ID_MARKS_RECORD_BYTES + 10] = {1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9};
    struct id_marks marks;
    assert_true(id_marks_load(&marks, span_of(bytes, 11)));
    for (size_t count = 1; count < 11; count++)
        assert_int_equal(id_marks_load(&marks, span_of(bytes, count)), count == 1);
    assert_false(id_marks_load(&marks, span_of(bytes, 21))); /* no session has the hash 0 */
    bytes[0] = 2;
    assert_false(id_marks_load(&marks, span_of(bytes, 11)));
    assert_true(marks.has_store);
    memset(bytes, 1, sizeof bytes);
    assert_false(id_marks_load(&marks, span_of(bytes, ID_MARKS_RECORD_BYTES + 1)));
    assert_false(
        id_marks_load(&marks, span_of(bytes, ID_MARKS_RECORD_BYTES + 10))); /* one session more */
}

/* ---- the client ----------------------------------------------------------------------------- */

static struct mqtt_connect options_of(const char *client_id)
{
    struct mqtt_connect options = kept_options();
    options.packet.client_id = span_text(client_id);
    options.unknown_id = UNKNOWN_ID;
    return options;
}

static void connect_as(struct fixture *f, const char *client_id, bool session_present)
{
    struct mqtt_connect options = options_of(client_id);
    connect_with(f, &options, session_present);
}

static void leave(struct fixture *f)
{
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void publish_and_leave(struct fixture *f, uint16_t packet_id)
{
    assert_int_equal(publish(f, 2, "t", ""), packet_id);
    lose_link(f);
    expect_published(f, packet_id, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void test_a_session_goes_on_behind_its_last_id(void **state)
{
    struct fixture *f = *state;
    connect_as(f, "a", false);
    publish_and_leave(f, 2);
    connect_as(f, "b", false);
    publish_and_leave(f, 2);
    connect_as(f, "a", true);
    publish_and_leave(f, 3);
    connect_as(f, "a", true); /* the same once more, without another one in between */
    publish_and_leave(f, 4);
    connect_clean(f);
    assert_int_equal(publish(f, 1, "t", ""), 2);
    lose_link(f);
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    connect_as(f, "a", true);
    assert_int_equal(publish(f, 2, "t", ""), 5);
}

static void test_a_session_that_the_broker_lost_begins_with_two(void **state)
{
    struct fixture *f = *state;
    connect_as(f, "a", false);
    for (uint16_t id = 2; id < 6; id++)
        publish(f, 0, "t", "");
    assert_int_equal(publish(f, 1, "t", ""), 2);
    forget_sent(f);
    feed(f, "40 02 00 02");
    for (unsigned i = 0; i < 4; i++)
        expect_published(f, 0, true);
    expect_published(f, 2, true);
    leave(f);
    connect_as(f, "a", false);
    assert_int_equal(publish(f, 1, "t", ""), 2);
}

static void test_a_session_that_nobody_here_knows_begins_anywhere(void **state)
{
    struct fixture *f = *state;
    connect_as(f, "a", true);
    assert_int_equal(publish(f, 1, "t", ""), UNKNOWN_ID);
}

/* The one that follows the last id of all is an id like others. */
static void test_a_message_with_the_id_1_can_end_every_connection(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = options_of("a");
    options.unknown_id = 1;
    connect_with(f, &options, true);
    assert_int_equal(publish(f, 1, "t", ""), 1);
    forget_sent(f);
    lose_link(f);
    expect_published(f, 1, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
    for (unsigned repetition = 1; repetition < 3; repetition++) {
        connect_with(f, &options, true);
        forget_sent(f);
        leave(f);
    }
    connect_with(f, &options, true);
    forget_sent(f);
    lose_link(f);
    expect_end(f, IMQTT_STAGE_TCP,
               "message 1 of 7 bytes ended 3 connections; connecting once with CLEAN,1 drops it");
}

/* What its broker has it does not tell. */
static void test_a_kept_session_of_mqtt_3_1_may_be_known_to_the_broker(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = options_of("a");
    options.packet.version = MQTT_3_1;
    begin_and_open(f, &options);
    feed(f, "20 02 00 00");
    expect_event(f, MQTT_CONNECTED);
    assert_int_equal(publish(f, 1, "t", ""), UNKNOWN_ID);
}

static void save(struct fixture *f, struct out *record)
{
    assert_true(mqtt_client_wants_save(&f->client));
    mqtt_client_put_ids(&f->client, record);
    mqtt_client_ids_begun(&f->client);
    assert_false(mqtt_client_wants_save(&f->client));
}

static bool may_publish(struct fixture *f)
{
    struct mqtt_publish options = {.qos = 1, .tag = TAG, .topic_bytes = 1};
    struct mqtt_draft draft;
    bool may = mqtt_client_begin_publish(&f->client, &options, &draft);
    mqtt_client_abandon(&f->client);
    return may;
}

/* The store holds the ids before they are used: what is not saved yet waits. */
static void test_a_restart_goes_on_behind_the_block(void **state)
{
    struct fixture *f = *state;
    uint8_t bytes[ID_MARKS_RECORD_BYTES];
    struct out record = out_on(bytes, sizeof bytes);
    assert_true(mqtt_client_load_ids(&f->client, SPAN_EMPTY));
    connect_as(f, "a", false);
    assert_false(may_publish(f));
    assert_int_equal(publish(f, 0, "t", ""), 0); /* it has no id */
    turn(f);
    expect_published(f, 0, true);
    save(f, &record);
    assert_false(may_publish(f));
    mqtt_client_ids_saved(&f->client);
    assert_true(may_publish(f));
    publish_and_leave(f, 2);
    mqtt_client_end(&f->client); /* a power cut */
    assert_true(mqtt_client_load_ids(&f->client, out_written(&record)));
    connect_as(f, "a", true);
    record = out_on(bytes, sizeof bytes);
    save(f, &record);
    mqtt_client_ids_saved(&f->client);
    assert_int_equal(publish(f, 2, "t", ""), 2 + IMQTT_ID_BLOCK);
}

static void test_a_clean_session_needs_no_store(void **state)
{
    struct fixture *f = *state;
    mqtt_client_load_ids(&f->client, SPAN_EMPTY);
    connect_clean(f);
    assert_false(mqtt_client_wants_save(&f->client));
    assert_int_equal(publish(f, 1, "t", ""), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions_have_hashes_of_their_own),
        cmocka_unit_test(test_the_oldest_session_is_forgotten),
        cmocka_unit_test(test_the_last_id_is_followed_by_one),
        cmocka_unit_test(test_blocks_are_reserved_before_they_are_used),
        cmocka_unit_test(test_without_a_store_every_id_is_allowed),
        cmocka_unit_test(test_a_record_of_all_sessions),
        cmocka_unit_test(test_unreadable_records),
        MQTT_TEST(test_a_session_goes_on_behind_its_last_id),
        MQTT_TEST(test_a_session_that_the_broker_lost_begins_with_two),
        MQTT_TEST(test_a_session_that_nobody_here_knows_begins_anywhere),
        MQTT_TEST(test_a_message_with_the_id_1_can_end_every_connection),
        MQTT_TEST(test_a_kept_session_of_mqtt_3_1_may_be_known_to_the_broker),
        MQTT_TEST(test_a_restart_goes_on_behind_the_block),
        MQTT_TEST(test_a_clean_session_needs_no_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
