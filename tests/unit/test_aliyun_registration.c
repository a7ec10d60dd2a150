/* The registration's states: each way through, and every event in every state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/aliyun/registration.h"

#define NOW_MS 1000

static const char secret_payload[] = "{\"deviceSecret\":\"s3cret\"}";

static enum aliyun_step push(struct aliyun_registration *registration, const char *payload)
{
    return aliyun_registration_message(registration, span_text("/ext/register"),
                                       span_text(payload));
}

static enum aliyun_step lose_link(struct aliyun_registration *registration, enum imqtt_stage stage,
                                  int32_t code)
{
    struct imqtt_failure failure = {stage, code, "link text"};
    return aliyun_registration_disconnected(registration, &failure);
}

static struct aliyun_registration connecting(bool stored)
{
    struct aliyun_registration registration;
    aliyun_registration_begin(&registration, ALIYUN_PRE_REGISTERED, stored);
    return registration;
}

static struct aliyun_registration waiting(bool stored)
{
    struct aliyun_registration registration = connecting(stored);
    aliyun_registration_connected(&registration, NOW_MS);
    return registration;
}

static void assert_failed(const struct aliyun_registration *registration, int32_t code,
                          const char *text)
{
    assert_false(registration->succeeded);
    assert_false(aliyun_registration_is_under_way(registration));
    assert_int_equal(registration->failure.stage, IMQTT_STAGE_REGISTER);
    assert_int_equal(registration->failure.code, code);
    assert_string_equal(registration->failure.text, text);
}

static void assert_succeeded(const struct aliyun_registration *registration)
{
    assert_true(registration->succeeded);
    assert_false(aliyun_registration_is_under_way(registration));
    assert_int_equal(registration->failure.stage, IMQTT_STAGE_NONE);
    assert_true(span_equal(aliyun_device_secret(&registration->answer), span_text("s3cret")));
}

/* ---- good ends ------------------------------------------------------------------------------ */

static void test_kept_until_power_off(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(false);
    assert_true(aliyun_registration_is_under_way(&registration));
    assert_int_equal(push(&registration, secret_payload), ALIYUN_LEAVE);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_succeeded(&registration);
}

static void test_stored_before_it_is_reported(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    assert_int_equal(push(&registration, secret_payload), ALIYUN_SAVE);
    assert_int_equal(aliyun_registration_saved(&registration, true), ALIYUN_LEAVE);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_succeeded(&registration);
}

static void test_link_lost_while_storing(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    assert_int_equal(push(&registration, secret_payload), ALIYUN_SAVE);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_PEER, 104), ALIYUN_STAY);
    assert_int_equal(aliyun_registration_saved(&registration, true), ALIYUN_REPORT);
    assert_succeeded(&registration);
}

static void test_other_messages_are_passed_over(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(false);
    assert_int_equal(push(&registration, "garbage"), ALIYUN_STAY);
    assert_int_equal(push(&registration, "{\"deviceSecret\":\"\"}"), ALIYUN_STAY);
    assert_int_equal(push(&registration, secret_payload), ALIYUN_LEAVE);
}

static void test_token(void **state)
{
    (void)state;
    struct aliyun_registration registration;
    aliyun_registration_begin(&registration, ALIYUN_NOT_PRE_REGISTERED, false);
    aliyun_registration_connected(&registration, NOW_MS);
    assert_int_equal(push(&registration, secret_payload), ALIYUN_STAY);
    assert_int_equal(push(&registration, "{\"clientId\":\"c\",\"deviceToken\":\"t\"}"),
                     ALIYUN_LEAVE);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_true(registration.succeeded);
    assert_true(span_equal(aliyun_client_id(&registration.answer), span_text("c")));
    assert_true(span_equal(aliyun_device_token(&registration.answer), span_text("t")));
}

/* ---- bad ends ------------------------------------------------------------------------------- */

static void test_refusals_keep_the_code(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "link text",
        "refused: a field is missing, or not over TLS",
        "refused: the service is unavailable",
        "refused: the signature is wrong",
        "refused: not allowed, or already activated",
        "link text",
    };
    for (int32_t code = 1; code <= 6; code++) {
        struct aliyun_registration registration = connecting(true);
        assert_int_equal(lose_link(&registration, IMQTT_STAGE_CONNACK, code), ALIYUN_REPORT);
        assert_failed(&registration, code, texts[code - 1]);
    }
}

static void test_no_way_to_the_broker(void **state)
{
    (void)state;
    struct aliyun_registration registration = connecting(false);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_TCP, 111), ALIYUN_REPORT);
    assert_failed(&registration, 111, "link text");
    registration = connecting(false);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_DNS, -2), ALIYUN_REPORT);
    assert_failed(&registration, -2, "link text");
}

static void test_closed_before_the_answer(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_PEER, 104), ALIYUN_REPORT);
    assert_failed(&registration, 104, "link text");
}

static void test_no_answer_in_time(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    uint64_t due_ms = NOW_MS + IMQTT_REGISTER_TIMEOUT_MS;
    assert_int_equal(aliyun_registration_next_deadline(&registration), due_ms);
    assert_int_equal(aliyun_registration_tick(&registration, due_ms - 1), ALIYUN_STAY);
    assert_int_equal(push(&registration, "garbage"), ALIYUN_STAY);
    assert_int_equal(aliyun_registration_tick(&registration, due_ms), ALIYUN_LEAVE);
    assert_int_equal(push(&registration, secret_payload), ALIYUN_STAY);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_failed(&registration, 0, "connected, but no answer came");
}

static void test_not_stored_is_a_failure(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    push(&registration, secret_payload);
    assert_int_equal(aliyun_registration_saved(&registration, false), ALIYUN_LEAVE);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_failed(&registration, 0, "the result could not be stored");
}

static void test_given_up(void **state)
{
    (void)state;
    struct aliyun_registration both[] = {connecting(true), waiting(true)};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(aliyun_registration_give_up(&both[i]), ALIYUN_LEAVE);
        assert_int_equal(lose_link(&both[i], IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
        assert_false(both[i].succeeded);
        assert_int_equal(both[i].failure.stage, IMQTT_STAGE_NONE);
    }
}

static void test_given_up_too_late(void **state)
{
    (void)state;
    struct aliyun_registration registration = waiting(true);
    push(&registration, secret_payload);
    assert_int_equal(aliyun_registration_give_up(&registration), ALIYUN_STAY);
    assert_int_equal(aliyun_registration_saved(&registration, true), ALIYUN_LEAVE);
    assert_int_equal(aliyun_registration_give_up(&registration), ALIYUN_STAY);
    assert_int_equal(lose_link(&registration, IMQTT_STAGE_NONE, 0), ALIYUN_REPORT);
    assert_succeeded(&registration);
}

/* ---- any order of events -------------------------------------------------------------------- */

enum event { CONNECTED, MESSAGE, LINK_LOST, SAVED, NOT_SAVED, GIVEN_UP, TIME_PASSED, EVENTS };

static enum aliyun_step handle(struct aliyun_registration *registration, enum event event)
{
    switch (event) {
    case CONNECTED:
        aliyun_registration_connected(registration, NOW_MS);
        return ALIYUN_STAY;
    case MESSAGE:
        return push(registration, secret_payload);
    case LINK_LOST:
        return lose_link(registration, IMQTT_STAGE_PEER, 0);
    case SAVED:
    case NOT_SAVED:
        return aliyun_registration_saved(registration, event == SAVED);
    case GIVEN_UP:
        return aliyun_registration_give_up(registration);
    default:
        return aliyun_registration_tick(registration, NOW_MS + IMQTT_REGISTER_TIMEOUT_MS);
    }
}

/* Any five events in any order: reported at most once, and at the latest when the link is gone and
 * the store has answered. */
static void test_any_order_reports_once(void **state)
{
    (void)state;
    static const enum event ending[] = {SAVED, LINK_LOST};
    for (unsigned order = 0; order < EVENTS * EVENTS * EVENTS * EVENTS * EVENTS; order++) {
        struct aliyun_registration registration = connecting(true);
        unsigned reports = 0;
        for (unsigned i = 0, rest = order; i < 5; i++, rest /= EVENTS)
            reports += handle(&registration, (enum event)(rest % EVENTS)) == ALIYUN_REPORT;
        assert_int_equal(reports, !aliyun_registration_is_under_way(&registration));
        for (size_t i = 0; i < 2; i++)
            reports += handle(&registration, ending[i]) == ALIYUN_REPORT;
        assert_int_equal(reports, 1);
        assert_false(aliyun_registration_is_under_way(&registration));
    }
}

static void test_idle_ignores_everything(void **state)
{
    (void)state;
    struct aliyun_registration registration;
    memset(&registration, 0, sizeof registration);
    for (int event = 0; event < EVENTS; event++) {
        assert_int_equal(handle(&registration, (enum event)event), ALIYUN_STAY);
        assert_false(aliyun_registration_is_under_way(&registration));
    }
    assert_true(aliyun_registration_next_deadline(&registration) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_until_power_off),
        cmocka_unit_test(test_stored_before_it_is_reported),
        cmocka_unit_test(test_link_lost_while_storing),
        cmocka_unit_test(test_other_messages_are_passed_over),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_refusals_keep_the_code),
        cmocka_unit_test(test_no_way_to_the_broker),
        cmocka_unit_test(test_closed_before_the_answer),
        cmocka_unit_test(test_no_answer_in_time),
        cmocka_unit_test(test_not_stored_is_a_failure),
        cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_given_up_too_late),
        cmocka_unit_test(test_any_order_reports_once),
        cmocka_unit_test(test_idle_ignores_everything),
    };
    return cmocka_run_group_tests_name("aliyun registration", tests, NULL, NULL);
}
