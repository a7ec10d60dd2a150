/* Whose session a kept one is: of one broker and one client id. */
#include "tests/unit/mqtt_fixture.h"

static void keep_one(struct fixture *f)
{
    connect_kept(f, false);
    publish(f, 1, "t", "a");
    forget_sent(f);
    feed(f, "34 05 00 01 't' 00 09");
    expect_event(f, MQTT_MESSAGE);
    lose_link(f);
    expect_published(f, 2, false);
    expect_end(f, IMQTT_STAGE_TCP, "reset");
}

static void expect_forgotten(struct fixture *f, const struct mqtt_connect *options)
{
    connect_with(f, options, false);
    expect_nothing_sent(f);
    assert_int_equal(publish(f, 1, "t", ""), 2);
    forget_sent(f);
    feed(f, "40 02 00 02");
    expect_published(f, 2, true);
    lose_with_reset(f);
}

static void test_another_broker_or_client_id_gets_nothing(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    keep_one(f);
    options.host = "other";
    expect_forgotten(f, &options);
    keep_one(f);
    options = kept_options();
    options.port = 1884;
    expect_forgotten(f, &options);
    keep_one(f);
    options = kept_options();
    options.packet.client_id = span_text("cc");
    expect_forgotten(f, &options);
    keep_one(f);
    options.host = "roker"; /* not the same text cut at another place */
    options.packet.client_id = span_text("cb");
    expect_forgotten(f, &options);
}

static void test_other_options_do_not_matter(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    keep_one(f);
    options.tls = true;
    options.packet.keep_alive_s = 90;
    options.packet.has_user_name = true;
    options.packet.user_name = span_text("u");
    connect_with(f, &options, true);
    expect_sent(f, "3A 06 00 01 't' 00 02 'a'");
}

static void test_mqtt_3_1_takes_a_kept_session_as_present(void **state)
{
    struct fixture *f = *state;
    struct mqtt_connect options = kept_options();
    options.packet.version = MQTT_3_1;
    for (unsigned i = 0; i < 2; i++) {
        begin_and_open(f, &options);
        feed(f, "20 02 00 00");
        assert_true(expect_event(f, MQTT_CONNECTED)->session_present);
        if (i == 1)
            break;
        publish(f, 2, "t", "a");
        forget_sent(f);
        feed(f, "50 02 00 02");
        lose_link(f);
        expect_published(f, 2, false);
        expect_end(f, IMQTT_STAGE_TCP, "reset");
    }
    expect_sent(f, "62 02 00 02");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MQTT_TEST(test_another_broker_or_client_id_gets_nothing),
        MQTT_TEST(test_other_options_do_not_matter),
        MQTT_TEST(test_mqtt_3_1_takes_a_kept_session_as_present),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
