#include "core/mqtt/outbox.h"

#include "tests/unit/mqtt_fixture.h"

static void use(struct outbox *outbox, uint16_t packet_id)
{
    outbox_begin(outbox, 8)->packet_id = packet_id;
    outbox_commit(outbox);
}

static uint16_t take_id(struct outbox *outbox)
{
    uint16_t id = outbox_next_id(outbox);
    outbox_use_id(outbox);
    return id;
}

static void test_ids_begin_at_two(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    assert_int_equal(outbox_next_id(&outbox), 2);
    assert_int_equal(outbox_next_id(&outbox), 2);
    assert_int_equal(take_id(&outbox), 2);
    assert_int_equal(take_id(&outbox), 3);
    outbox_clear(&outbox);
    assert_int_equal(take_id(&outbox), 2);
}

static void test_ids_wrap_to_one(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    for (uint32_t id = 2; id <= UINT16_MAX; id++)
        assert_int_equal(take_id(&outbox), id);
    assert_int_equal(take_id(&outbox), 1);
    assert_int_equal(take_id(&outbox), 2);
}

static void test_ids_in_use_are_skipped(void **state)
{
    struct fixture *f = *state;
    struct outbox outbox;
    outbox_init(&outbox, &f->memory);
    static const uint16_t open[] = {1, 2, 5, 6, 7, 300, UINT16_MAX};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        use(&outbox, open[i]);
    outbox.next_id = UINT16_MAX - 1;
    assert_int_equal(take_id(&outbox), UINT16_MAX - 1);
    assert_int_equal(take_id(&outbox), 3);
    assert_int_equal(take_id(&outbox), 4);
    assert_int_equal(take_id(&outbox), 8);
    for (uint16_t id = 9; id < 300; id++)
        assert_int_equal(take_id(&outbox), id);
    assert_int_equal(take_id(&outbox), 301);
    outbox_clear(&outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_ids_begin_at_two),
        MQTT_TEST(test_ids_wrap_to_one),
        MQTT_TEST(test_ids_in_use_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
