/* What a message of the platform means: every way to write the same JSON, and all that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/aliyun/json.h"
#include "core/aliyun/push.h"

#define SECRET "8f920db5114396521af911861d60886d"
#define CLIENT "CjM0zO9QT3qPCejlkMYv000100"
#define TOKEN  "^1^1684838886568^a073eaabcf8a7f3"

#define REGISTER_TOPIC "/ext/register"
#define REGNWL_TOPIC   "/ext/regnwl"

/* Reads a copy of exactly that size, so that the sanitizer sees a step beyond its end. */
static bool read_bytes(enum aliyun_mode mode, const char *topic, struct span payload,
                       struct aliyun_answer *answer)
{
    uint8_t *copy = malloc(payload.count > 0 ? payload.count : 1);
    assert_non_null(copy);
    if (payload.count > 0)
        memcpy(copy, payload.bytes, payload.count);
    bool is_answer = aliyun_read_push(mode, span_text(topic), span_of(copy, payload.count), answer);
    free(copy);
    return is_answer;
}

static bool read_text(enum aliyun_mode mode, const char *payload, struct aliyun_answer *answer)
{
    const char *topic = mode == ALIYUN_PRE_REGISTERED ? REGISTER_TOPIC : REGNWL_TOPIC;
    return read_bytes(mode, topic, span_text(payload), answer);
}

static void assert_span(struct span actual, const char *expected)
{
    assert_int_equal(actual.count, strlen(expected));
    assert_memory_equal(actual.bytes, expected, actual.count);
}

static void assert_secret(const char *payload, const char *expected)
{
    struct aliyun_answer answer;
    if (!read_text(ALIYUN_PRE_REGISTERED, payload, &answer))
        fail_msg("not taken: %s", payload);
    assert_span(aliyun_device_secret(&answer), expected);
}

static void assert_ignored(enum aliyun_mode mode, const char *payload)
{
    struct aliyun_answer answer;
    if (read_text(mode, payload, &answer))
        fail_msg("taken: %s", payload);
}

/* ---- what is taken -------------------------------------------------------------------------- */

static void test_secret_in_any_spelling(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "{\"deviceSecret\":\"" SECRET "\",\"productKey\":\"pk\",\"deviceName\":\"dn\"}",
        "{\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceSecret\":\"" SECRET "\"}",
        "{\"deviceSecret\":\"" SECRET "\"}",
        "\r\n{\r\n\t\"productKey\" : \"pk\" ,\r\n\t\"deviceSecret\" : \"" SECRET "\"\r\n}\r\n",
        "{\"code\":200,\"ok\":true,\"no\":null,\"deviceSecret\":\"" SECRET "\",\"x\":-1.5e3}",
        "{\"data\":{\"deviceSecret\":\"inner\"},\"deviceSecret\":\"" SECRET "\"}",
        "{\"deviceSecret\":\"" SECRET "\",\"data\":{\"deviceSecret\":\"inner\"}}",
        "{\"deviceSecret\":\"" SECRET "\",\"list\":[\"deviceSecret\",\"inner\",{},[]]}",
        "{\"x\":\"deviceSecret\",\"deviceSecret\":\"" SECRET "\"}",
        "{\"devicesecret\":\"no\",\"deviceSecret\":\"" SECRET "\",\"deviceSecret2\":\"no\"}",
        "{\"deviceSecret\":\"old\",\"deviceSecret\":\"" SECRET "\"}",
        "{\"device\\u0053ecret\":\"" SECRET "\"}",
        "{\"deviceSecret\":\"\\u0038f920db5114396521af911861d60886\\u0064\"}",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        assert_secret(payloads[i], SECRET);
}

static void test_escapes(void **state)
{
    (void)state;
    assert_secret("{\"deviceSecret\":\"a\\\"b\\\\c\\/d\"}", "a\"b\\c/d");
    assert_secret("{\"deviceSecret\":\"\\u0041\\u00e4\\u20AC\\uD83D\\ude00\"}",
                  "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_secret("{\"deviceSecret\":\"\xC3\xA4\"}", "\xC3\xA4");
    assert_secret("{\"deviceSecret\":\"\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\"}",
                  "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80");
}

static void test_token(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "{\"clientId\":\"" CLIENT "\",\"productKey\":\"pk\",\"deviceName\":\"dn\",\"deviceToken\":"
        "\"" TOKEN "\"}",
        "{ \"deviceToken\" : \"" TOKEN "\", \"clientId\" : \"" CLIENT "\" }",
        "{\"deviceToken\":\"\\u005e1\\u005e1684838886568\\u005ea073eaabcf8a7f3\","
        "\"clientId\":\"" CLIENT "\",\"deviceSecret\":\"other\"}",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        struct aliyun_answer answer;
        assert_true(read_text(ALIYUN_NOT_PRE_REGISTERED, payloads[i], &answer));
        assert_span(aliyun_client_id(&answer), CLIENT);
        assert_span(aliyun_device_token(&answer), TOKEN);
        assert_int_equal(answer.device_secret_bytes, 0);
    }
}

static void test_keys_decide_not_the_topic(void **state)
{
    (void)state;
    struct aliyun_answer answer;
    struct span secret = span_text("{\"deviceSecret\":\"s\"}");
    struct span token = span_text("{\"clientId\":\"c\",\"deviceToken\":\"t\"}");
    assert_true(read_bytes(ALIYUN_PRE_REGISTERED, REGNWL_TOPIC, secret, &answer));
    assert_true(read_bytes(ALIYUN_NOT_PRE_REGISTERED, REGISTER_TOPIC, token, &answer));
    assert_false(read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC, token, &answer));
    assert_false(read_bytes(ALIYUN_NOT_PRE_REGISTERED, REGNWL_TOPIC, secret, &answer));
}

/* ---- sizes ---------------------------------------------------------------------------------- */

/* {"<name>":"xxx…"} with a value of `bytes`. */
static const char *with_value_of(const char *name, size_t bytes)
{
    static char text[IMQTT_ALIYUN_PUSH_BYTES];
    char *at = text;
    at += sprintf(at, "{\"clientId\":\"c\",\"deviceToken\":\"t\",\"%s\":\"", name);
    memset(at, 'x', bytes);
    strcpy(at + bytes, "\"}");
    return text;
}

static void test_longest_values(void **state)
{
    (void)state;
    static const struct {
        enum aliyun_mode mode;
        const char *name;
        size_t longest;
    } cases[] = {
        {ALIYUN_PRE_REGISTERED, "deviceSecret", 64},
        {ALIYUN_NOT_PRE_REGISTERED, "clientId", 64},
        {ALIYUN_NOT_PRE_REGISTERED, "deviceToken", 128},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct aliyun_answer answer;
        assert_true(
            read_text(cases[i].mode, with_value_of(cases[i].name, cases[i].longest), &answer));
        assert_ignored(cases[i].mode, with_value_of(cases[i].name, cases[i].longest + 1));
        assert_ignored(cases[i].mode, with_value_of(cases[i].name, 0));
    }
}

/* An object of exactly `bytes` with as many members as fit before the one that counts. */
static void fill_object(char *text, size_t bytes, const char *member)
{
    const char *end = "\"deviceSecret\":\"" SECRET "\"}";
    size_t used = 1;
    text[0] = '{';
    for (; used + strlen(member) + strlen(end) <= bytes; used += strlen(member))
        memcpy(text + used, member, strlen(member));
    memset(text + used, ' ', bytes - used);
    memcpy(text + bytes - strlen(end), end, strlen(end));
}

static void test_many_unknown_members(void **state)
{
    (void)state;
    static const char *const members[] = {"\"\":\"\",", "\"a\":1,", "\"b\":[0,0,0,0,0],",
                                          "\"c\":{\"deviceSecret\":{\"d\":[[],{}]}},"};
    char text[IMQTT_ALIYUN_PUSH_BYTES + 1];
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct aliyun_answer answer;
        fill_object(text, IMQTT_ALIYUN_PUSH_BYTES, members[i]);
        struct span all = span_of((const uint8_t *)text, IMQTT_ALIYUN_PUSH_BYTES);
        assert_true(read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC, all, &answer));
        assert_span(aliyun_device_secret(&answer), SECRET);

        fill_object(text, sizeof text, members[i]);
        struct span over = span_of((const uint8_t *)text, sizeof text);
        assert_false(read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC, over, &answer));
    }
}

static void test_long_list_beside_the_secret(void **state)
{
    (void)state;
    char text[IMQTT_ALIYUN_PUSH_BYTES + 1];
    char *at = text + sprintf(text, "{\"list\":[0");
    while (at < text + IMQTT_ALIYUN_PUSH_BYTES - 100)
        at += sprintf(at, ",\"deviceSecret\"");
    strcpy(at, "],\"deviceSecret\":\"" SECRET "\"}");
    assert_secret(text, SECRET);
}

static void test_nesting(void **state)
{
    (void)state;
    char text[IMQTT_ALIYUN_PUSH_BYTES];
    for (int depth = 1; depth < 60; depth++) {
        char *at = text + sprintf(text, "{\"x\":");
        for (int i = 1; i < depth; i++)
            at += sprintf(at, "{\"x\":");
        at += sprintf(at, "0");
        for (int i = 1; i < depth; i++)
            at += sprintf(at, "}");
        sprintf(at, ",\"deviceSecret\":\"" SECRET "\"}");
        if (depth <= 15)
            assert_secret(text, SECRET);
        else if (depth > 16)
            assert_ignored(ALIYUN_PRE_REGISTERED, text);
    }
}

/* ---- what is ignored ------------------------------------------------------------------------ */

static void test_values_that_are_of_no_use(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "{\"deviceSecret\":\"\"}",
        "{\"deviceSecret\":null}",
        "{\"deviceSecret\":12345678}",
        "{\"deviceSecret\":true}",
        "{\"deviceSecret\":{\"deviceSecret\":\"x\"}}",
        "{\"deviceSecret\":[\"x\"]}",
        "{\"deviceSecret\":\"x\",\"deviceSecret\":null}",
        "{\"deviceSecret\":\"x\",\"deviceSecret\":\"\"}",
        "{\"data\":{\"deviceSecret\":\"x\"}}",
        "{\"DeviceSecret\":\"x\"}",
        "{\"deviceSecret\\u0000\":\"x\"}",
        "{}",
        /* control bytes would let the platform write lines of its own to the host */
        "{\"deviceSecret\":\"x\\r\\n+IMQTTCONN:0\"}",
        "{\"deviceSecret\":\"x\r\n+IMQTTCONN:0\"}",
        "{\"deviceSecret\":\"x\\u0000\"}",
        "{\"deviceSecret\":\"\\t\"}",
        "{\"deviceSecret\":\"\x7F\"}",
        "{\"deviceSecret\":\"\\b\"}",
        "{\"deviceSecret\":\"\\f\"}",
        /* no UTF-8 */
        "{\"deviceSecret\":\"\xFF\"}",
        "{\"deviceSecret\":\"\\ud800\"}",
        "{\"deviceSecret\":\"\\udc00\"}",
        "{\"deviceSecret\":\"\\ud800\\u0041\"}",
        "{\"deviceSecret\":\"\\ud800x\"}",
        "{\"deviceSecret\":\"\\ud800\\n\"}",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        assert_ignored(ALIYUN_PRE_REGISTERED, payloads[i]);
}

static void test_half_an_answer(void **state)
{
    (void)state;
    assert_ignored(ALIYUN_NOT_PRE_REGISTERED, "{\"clientId\":\"c\"}");
    assert_ignored(ALIYUN_NOT_PRE_REGISTERED, "{\"deviceToken\":\"t\"}");
    assert_ignored(ALIYUN_NOT_PRE_REGISTERED, "{\"clientId\":\"c\",\"deviceToken\":\"\"}");
    assert_ignored(ALIYUN_NOT_PRE_REGISTERED, "{\"clientId\":\"\",\"deviceToken\":\"t\"}");
    assert_ignored(ALIYUN_NOT_PRE_REGISTERED, "{\"clientId\":\"c\\n\",\"deviceToken\":\"t\"}");
}

static void test_no_json_object(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "",
        " ",
        "garbage",
        "\"deviceSecret\"",
        "[\"deviceSecret\",\"x\"]",
        "[{\"deviceSecret\":\"x\"}]",
        "{deviceSecret:\"x\"}",
        "{'deviceSecret':'x'}",
        "{\"deviceSecret\":x}",
        "{\"deviceSecret\",\"x\"}",
        "{\"deviceSecret\" \"x\"}",
        "{\"deviceSecret\":\"x\" \"y\"}",
        "{\"deviceSecret\":\"x\" \"productKey\":\"y\"}",
        "{\"deviceSecret\":\"x\"]",
        "{\"deviceSecret\":\"x\"}}",
        "{\"deviceSecret\":\"x\"}{}",
        "{\"deviceSecret\":\"x\"} \"y\"",
        "{\"deviceSecret\":\"x\"} trailing",
        "{} {\"deviceSecret\":\"x\"}",
        "{\"deviceSecret\":\"\\x41\"}",
        "{\"deviceSecret\":\"\\u00g0\"}",
        "\xEF\xBB\xBF{\"deviceSecret\":\"x\"}",
    };
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        assert_ignored(ALIYUN_PRE_REGISTERED, payloads[i]);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"a\":{\"b\":[1,true,\"\\u00e4\"]},\"deviceSecret\":\"\\u0041\\\\\"}";
    for (size_t count = 0; count < sizeof whole - 1; count++) {
        struct aliyun_answer answer;
        struct span cut = span_of((const uint8_t *)whole, count);
        assert_false(read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC, cut, &answer));
    }
    assert_secret(whole, "A\\");
}

static void test_nul_is_not_the_end(void **state)
{
    (void)state;
    static const char text[] = "{\"deviceSecret\":\"x\"}\0garbage";
    struct aliyun_answer answer;
    struct span all = span_of((const uint8_t *)text, sizeof text - 1);
    assert_false(read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC, all, &answer));
}

/* Every byte of a good message replaced by every value: nothing breaks, and what is taken has
 * usable fields. */
static void test_any_byte_changed(void **state)
{
    (void)state;
    char text[] = "{\"a\":[{\"b\":1}],\"deviceSecret\":\"\\u00e4\\\"x\",\"c\":\"d\"}";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        for (int value = 0; value < 256; value++) {
            struct aliyun_answer answer;
            text[i] = (char)value;
            if (!read_bytes(ALIYUN_PRE_REGISTERED, REGISTER_TOPIC,
                            span_of((const uint8_t *)text, sizeof text - 1), &answer))
                continue;
            struct span secret = aliyun_device_secret(&answer);
            assert_in_range(secret.count, 1, IMQTT_ALIYUN_FIELD_BYTES);
            for (size_t k = 0; k < secret.count; k++)
                assert_true(secret.bytes[k] >= 0x20);
        }
        text[i] = kept;
    }
}

static void test_other_topics(void **state)
{
    (void)state;
    static const char *const topics[] = {"",
                                         "/ext/regist",
                                         "/ext/register/",
                                         "/ext/registered",
                                         "ext/register",
                                         "/EXT/REGISTER",
                                         "/sys/a1m8qO1ceKE/SDK_0004/thing/register"};
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        struct aliyun_answer answer;
        assert_false(read_bytes(ALIYUN_PRE_REGISTERED, topics[i],
                                span_text("{\"deviceSecret\":\"x\"}"), &answer));
    }
}

/* A reader with room for nothing finds nothing, and says so. */
static void test_reader_without_members(void **state)
{
    (void)state;
    assert_true(json_read_strings(span_text("{\"a\":\"b\"}"), NULL, 0));
    assert_false(json_read_strings(SPAN_EMPTY, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_in_any_spelling),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_keys_decide_not_the_topic),
        cmocka_unit_test(test_longest_values),
        cmocka_unit_test(test_many_unknown_members),
        cmocka_unit_test(test_long_list_beside_the_secret),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_values_that_are_of_no_use),
        cmocka_unit_test(test_half_an_answer),
        cmocka_unit_test(test_no_json_object),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_nul_is_not_the_end),
        cmocka_unit_test(test_any_byte_changed),
        cmocka_unit_test(test_other_topics),
        cmocka_unit_test(test_reader_without_members),
    };
    return cmocka_run_group_tests_name("aliyun push", tests, NULL, NULL);
}
