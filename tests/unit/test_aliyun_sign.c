/* What the modem signs, against the vectors: client id, user name, password, and the CONNECT they
 * make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/aliyun/sign.h"
#include "core/bytes/hex.h"
#include "core/mqtt/wire/packet.h"
#include "tests/unit/aliyun_vectors.h"

#define PACKET_BYTES 1024

/* ---- a crypto port: OpenSSL's HMAC, and a random number that the test chooses --------------- */

struct fake_crypto {
    uint32_t random;
    bool fails;
};

static bool hmac_sha256(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32])
{
    const struct fake_crypto *fake = context;
    return !fake->fails &&
           HMAC(EVP_sha256(), key, (int)key_bytes, text, text_bytes, mac, NULL) != NULL;
}

static bool chosen_random(void *context, uint8_t *bytes, size_t count)
{
    const struct fake_crypto *fake = context;
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(fake->random >> (24 - 8 * i));
    return !fake->fails;
}

static struct imqtt_crypto_port port_of(struct fake_crypto *fake)
{
    return (struct imqtt_crypto_port){fake, hmac_sha256, chosen_random};
}

/* ---- comparing with a vector --------------------------------------------------------------- */

static json_t *vectors;

static int load_vectors(void **state)
{
    (void)state;
    vectors = aliyun_vectors_load();
    return 0;
}

static int drop_vectors(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

static void assert_span(struct span actual, const char *expected)
{
    assert_int_equal(actual.count, strlen(expected));
    assert_memory_equal(actual.bytes, expected, actual.count);
}

static struct mqtt_connect_packet connect_of(const struct aliyun_login *login)
{
    return (struct mqtt_connect_packet){.version = MQTT_3_1_1,
                                        .clean_session = true,
                                        .keep_alive_s = 60,
                                        .client_id = login->client_id,
                                        .has_user_name = true,
                                        .user_name = login->user_name,
                                        .has_password = true,
                                        .password = login->password};
}

static void assert_connect(const struct aliyun_login *login, const char *expected_hex)
{
    uint8_t actual[PACKET_BYTES], expected[PACKET_BYTES];
    struct out actual_out = out_on(actual, sizeof actual);
    struct out expected_out = out_on(expected, sizeof expected);
    struct mqtt_connect_packet connect = connect_of(login);
    packet_put_connect(&actual_out, &connect);
    hex_decode(span_text(expected_hex), &expected_out);
    assert_true(span_equal(out_written(&actual_out), out_written(&expected_out)));
}

static void assert_login(const struct aliyun_login *login, const char *vector_id)
{
    const json_t *vector = aliyun_vector(vectors, vector_id);
    assert_span(login->client_id, aliyun_vector_text(vector, "clientId"));
    assert_span(login->user_name, aliyun_vector_text(vector, "username"));
    assert_span(login->password, aliyun_vector_text(vector, "password"));
    assert_connect(login, aliyun_vector_text(vector, "connect_clean1_ka60"));
}

static struct aliyun_identity identity(const char *product_key, const char *device_name,
                                       const char *secret)
{
    return (struct aliyun_identity){span_text(product_key), span_text(device_name),
                                    span_text(secret)};
}

/* ---- the triple ----------------------------------------------------------------------------- */

static void check_login(const char *vector_id, const struct aliyun_identity *who, bool tls)
{
    struct fake_crypto fake = {0, false};
    struct imqtt_crypto_port port = port_of(&fake);
    uint8_t bytes[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(bytes, sizeof bytes);
    struct aliyun_login login;
    assert_true(aliyun_sign_login(who, tls, &port, &out, &login));
    assert_login(&login, vector_id);
}

static void test_login_over_tls_is_t1(void **state)
{
    (void)state;
    struct aliyun_identity who =
        identity("a1m8qO1ceKE", "SDK_0004", "8f920db5114396521af911861d60886d");
    check_login("T1", &who, true);
}

static void test_login_over_tcp_is_t2(void **state)
{
    (void)state;
    struct aliyun_identity who =
        identity("a1R3d3WsBI0", "test1", "c75b6a4e39342f02ec161ba682566054");
    check_login("T2", &who, false);
}

/* ---- dynamic registration ------------------------------------------------------------------- */

static void check_registration(const char *vector_id, const char *device_name,
                               enum aliyun_mode mode, const char *host, uint32_t random)
{
    struct fake_crypto fake = {random, false};
    struct imqtt_crypto_port port = port_of(&fake);
    struct aliyun_identity who = identity("a1m8qO1ceKE", device_name, "VPCTjT8dGTXr5Jpg");
    uint8_t bytes[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(bytes, sizeof bytes);
    struct aliyun_login login;
    assert_true(aliyun_sign_registration(&who, mode, span_text(host), &port, &out, &login));
    assert_login(&login, vector_id);
}

static void test_registration_with_pre_registration_is_d1(void **state)
{
    (void)state;
    check_registration("D1", "SDK_0004", ALIYUN_PRE_REGISTERED,
                       "a1m8qO1ceKE.iot-as-mqtt.cn-shanghai.aliyuncs.com", 3232235777);
}

static void test_registration_without_is_d2(void **state)
{
    (void)state;
    check_registration("D2", "SDK_0007", ALIYUN_NOT_PRE_REGISTERED, "127.0.0.1", 1684838886);
}

static void test_registration_at_an_instance_is_d3(void **state)
{
    (void)state;
    check_registration("D3", "SDK_0007", ALIYUN_NOT_PRE_REGISTERED,
                       "iot-060a0000.mqtt.iothub.aliyuncs.com", 1684838886);
    check_registration("D3", "SDK_0007", ALIYUN_NOT_PRE_REGISTERED,
                       "iot-060a0000.MQTT.iothub.AliyunCS.com", 1684838886);
}

static void test_other_hosts_name_no_instance(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "",
        "localhost",
        "mqtt.iothub.aliyuncs.com",
        ".mqtt.iothub.aliyuncs.com",
        "iot-060a0000.mqtt.iothub.aliyuncs.com.example.org",
        "a.iot-060a0000.mqtt.iothub.aliyuncs.com",
        "a|b.mqtt.iothub.aliyuncs.com",
        "a,b.mqtt.iothub.aliyuncs.com",
    };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        check_registration("D2", "SDK_0007", ALIYUN_NOT_PRE_REGISTERED, hosts[i], 1684838886);
}

static void test_random_is_unsigned_decimal(void **state)
{
    (void)state;
    static const struct {
        uint32_t random;
        const char *client_id;
    } cases[] = {
        {0, "d.p|random=0,authType=register,securemode=2,signmethod=hmacsha256|"},
        {UINT32_MAX, "d.p|random=4294967295,authType=register,securemode=2,signmethod=hmacsha256|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fake_crypto fake = {cases[i].random, false};
        struct imqtt_crypto_port port = port_of(&fake);
        struct aliyun_identity who = identity("p", "d", "s");
        uint8_t bytes[ALIYUN_LOGIN_BYTES];
        struct out out = out_on(bytes, sizeof bytes);
        struct aliyun_login login;
        assert_true(
            aliyun_sign_registration(&who, ALIYUN_PRE_REGISTERED, SPAN_EMPTY, &port, &out, &login));
        assert_span(login.client_id, cases[i].client_id);
    }
}

/* ---- the result of a registration without pre-registration ---------------------------------- */

static void test_connwl_is_c1(void **state)
{
    (void)state;
    struct aliyun_identity who = identity("a1m8qO1ceKE", "SDK_0007", "");
    uint8_t client_id[ALIYUN_CONNWL_CLIENT_ID_BYTES], user_name[64];
    struct out client_id_out = out_on(client_id, sizeof client_id);
    struct out user_name_out = out_on(user_name, sizeof user_name);
    aliyun_put_connwl_client_id(span_text("CjM0zO9QT3qPCejlkMYv000100"), &client_id_out);
    aliyun_put_user_name(&who, &user_name_out);
    struct aliyun_login login = {out_written(&client_id_out), out_written(&user_name_out),
                                 span_text("^1^1684838886568^a073eaabcf8a7f3")};
    assert_login(&login, "C1");
}

static void test_default_host(void **state)
{
    (void)state;
    uint8_t host[IMQTT_ALIYUN_FIELD_BYTES + 37];
    struct out out = out_on(host, sizeof host);
    aliyun_put_default_host(span_text("a1R3d3WsBI0"), &out);
    assert_span(out_written(&out), "a1R3d3WsBI0.iot-as-mqtt.cn-shanghai.aliyuncs.com");
}

/* ---- limits and failures -------------------------------------------------------------------- */

static void test_longest_fields_fit(void **state)
{
    (void)state;
    char longest[IMQTT_ALIYUN_FIELD_BYTES + 1], host[IMQTT_ADDRESS_BYTES + 1];
    memset(longest, 'x', IMQTT_ALIYUN_FIELD_BYTES);
    longest[IMQTT_ALIYUN_FIELD_BYTES] = '\0';
    const char *domain = ".mqtt.iothub.aliyuncs.com";
    memset(host, 'i', sizeof host);
    strcpy(host + IMQTT_ADDRESS_BYTES - strlen(domain), domain);

    struct fake_crypto fake = {UINT32_MAX, false};
    struct imqtt_crypto_port port = port_of(&fake);
    struct aliyun_identity who = identity(longest, longest, longest);
    uint8_t bytes[ALIYUN_LOGIN_BYTES], connwl[ALIYUN_CONNWL_CLIENT_ID_BYTES];
    uint8_t default_host[IMQTT_ALIYUN_FIELD_BYTES + 37];
    struct aliyun_login login;

    struct out out = out_on(bytes, sizeof bytes);
    assert_true(aliyun_sign_login(&who, true, &port, &out, &login));
    out = out_on(bytes, sizeof bytes);
    assert_true(aliyun_sign_registration(&who, ALIYUN_PRE_REGISTERED, span_text(host), &port, &out,
                                         &login));
    out = out_on(connwl, sizeof connwl);
    aliyun_put_connwl_client_id(who.product_key, &out);
    assert_false(out.overflowed);
    out = out_on(default_host, sizeof default_host);
    aliyun_put_default_host(who.product_key, &out);
    assert_false(out.overflowed);
}

static void test_no_room_at_any_size_is_told(void **state)
{
    (void)state;
    struct fake_crypto fake = {1, false};
    struct imqtt_crypto_port port = port_of(&fake);
    struct aliyun_identity who = identity("p", "d", "s");
    uint8_t bytes[ALIYUN_LOGIN_BYTES];
    struct aliyun_login login;
    struct out out = out_on(bytes, sizeof bytes);
    assert_true(aliyun_sign_login(&who, true, &port, &out, &login));
    size_t needed = out.count;
    for (size_t capacity = 0; capacity < needed; capacity++) {
        out = out_on(bytes, capacity);
        assert_false(aliyun_sign_login(&who, true, &port, &out, &login));
    }
    out = out_on(bytes, needed);
    assert_true(aliyun_sign_login(&who, true, &port, &out, &login));
}

static void test_crypto_failure_is_told(void **state)
{
    (void)state;
    struct fake_crypto fake = {1, true};
    struct imqtt_crypto_port port = port_of(&fake);
    struct aliyun_identity who = identity("p", "d", "s");
    uint8_t bytes[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(bytes, sizeof bytes);
    struct aliyun_login login;
    assert_false(aliyun_sign_login(&who, true, &port, &out, &login));
    assert_false(
        aliyun_sign_registration(&who, ALIYUN_PRE_REGISTERED, SPAN_EMPTY, &port, &out, &login));
}

static void test_field_characters(void **state)
{
    (void)state;
    static const char *const good[] = {"a1R3d3WsBI0",  "a.b:c@d-e_f", "^1^2",
                                       "ger\xC3\xA4t", "=",           " "};
    static const char *const bad[] = {",", "|", "&", "a,b", "a\tb", "a\x1F", "\xC3", "\xFF"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(aliyun_field_is_valid(span_text(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(aliyun_field_is_valid(span_text(bad[i])));
    assert_false(aliyun_field_is_valid(span_of((const uint8_t *)"a\0b", 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login_over_tls_is_t1),
        cmocka_unit_test(test_login_over_tcp_is_t2),
        cmocka_unit_test(test_registration_with_pre_registration_is_d1),
        cmocka_unit_test(test_registration_without_is_d2),
        cmocka_unit_test(test_registration_at_an_instance_is_d3),
        cmocka_unit_test(test_other_hosts_name_no_instance),
        cmocka_unit_test(test_random_is_unsigned_decimal),
        cmocka_unit_test(test_connwl_is_c1),
        cmocka_unit_test(test_default_host),
        cmocka_unit_test(test_longest_fields_fit),
        cmocka_unit_test(test_no_room_at_any_size_is_told),
        cmocka_unit_test(test_crypto_failure_is_told),
        cmocka_unit_test(test_field_characters),
    };
    return cmocka_run_group_tests_name("aliyun sign", tests, load_vectors, drop_vectors);
}
