#include "core/mqtt/exchange.h"
#include "tests/unit/mqtt_fixture.h"

static const enum mqtt_packet_type answers[] = {MQTT_PUBACK, MQTT_PUBREC, MQTT_PUBCOMP, MQTT_SUBACK,
                                                MQTT_UNSUBACK};

struct row {
    enum mqtt_packet_type request;
    uint8_t qos;
    enum exchange_state state;
    enum exchange_verdict verdicts[5]; /* in the order of answers */
};

#define NO    EXCHANGE_FORBIDDEN
#define YES   EXCHANGE_COMPLETE
#define EARLY EXCHANGE_COMPLETE_EARLY
#define GO_ON EXCHANGE_RELEASE

static void test_every_answer_in_every_state(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {MQTT_PUBLISH, 1, EXCHANGE_OFFERED, {YES, NO, NO, NO, NO}},
        {MQTT_PUBLISH, 2, EXCHANGE_OFFERED, {EARLY, GO_ON, NO, NO, NO}},
        {MQTT_PUBLISH, 2, EXCHANGE_RELEASED, {NO, GO_ON, YES, NO, NO}},
        {MQTT_SUBSCRIBE, 0, EXCHANGE_OFFERED, {NO, NO, NO, YES, NO}},
        {MQTT_UNSUBSCRIBE, 0, EXCHANGE_OFFERED, {NO, NO, NO, NO, YES}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t j = 0; j < sizeof answers / sizeof answers[0]; j++)
            assert_int_equal(
                exchange_answer(rows[i].request, rows[i].qos, rows[i].state, answers[j]),
                rows[i].verdicts[j]);
}

static void test_what_survives_a_lost_link(void **state)
{
    (void)state;
    assert_false(exchange_survives(MQTT_PUBLISH, 0));
    assert_true(exchange_survives(MQTT_PUBLISH, 1));
    assert_true(exchange_survives(MQTT_PUBLISH, 2));
    assert_false(exchange_survives(MQTT_SUBSCRIBE, 0));
    assert_false(exchange_survives(MQTT_UNSUBSCRIBE, 0));
}

static void test_how_messages_are_acknowledged(void **state)
{
    (void)state;
    assert_int_equal(exchange_acknowledgement(1), MQTT_PUBACK);
    assert_int_equal(exchange_acknowledgement(2), MQTT_PUBREC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_answer_in_every_state),
        cmocka_unit_test(test_what_survives_a_lost_link),
        cmocka_unit_test(test_how_messages_are_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
