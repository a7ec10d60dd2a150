/* What the test cloud makes of a login, a signature and a topic, without a broker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "testcloud/login.h"
#include "testcloud/sessions.h"
#include "testcloud/sign.h"
#include "testcloud/topics.h"
#include "tests/unit/aliyun_vectors.h"

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

/* ---- reading a login ------------------------------------------------------------------------ */

static const char *parse(const char *vector_id, struct login *login)
{
    const json_t *vector = aliyun_vector(vectors, vector_id);
    return login_parse(aliyun_vector_text(vector, "clientId"),
                       aliyun_vector_text(vector, "username"), login);
}

static void test_every_signature(void **state)
{
    (void)state;
    size_t index, checked = 0;
    const json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        struct login login;
        char text[SIGNED_TEXT_BYTES];
        assert_null(parse(aliyun_vector_text(vector, "id"), &login));
        if (login.kind == LOGIN_TOKEN)
            continue;
        const char *key = aliyun_vector_text(vector, "key");
        const char *password = aliyun_vector_text(vector, "password");
        login_put_signed_text(&login, text);
        assert_string_equal(text, aliyun_vector_text(vector, "signed"));
        assert_string_equal(login.sign_method, aliyun_vector_text(vector, "signmethod"));
        assert_true(sign_matches(login.sign_method, key, text, password));
        assert_true(sign_matches(login.sign_method, key, text,
                                 aliyun_vector_text(vector, "password_lower")));
        assert_false(sign_matches(login.sign_method, "other key", text, password));
        assert_false(sign_matches(login.sign_method, key, "other text", password));
        checked++;
    }
    assert_int_equal(checked, 9);
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *vector_id;
        enum login_kind kind;
    } cases[] = {{"T1", LOGIN_TRIPLE},
                 {"C1", LOGIN_TOKEN},
                 {"D1", LOGIN_REGISTER},
                 {"D3", LOGIN_REGISTER_NEW}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct login login;
        assert_null(parse(cases[i].vector_id, &login));
        assert_int_equal(login.kind, cases[i].kind);
    }
}

static void test_client_ids_that_are_taken(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a|securemode=2|",
        "a|securemode=3,|",
        "a|,,securemode=3,,|",
        "a|signmethod=hmacmd5,x=y=z,securemode=3,timestamp=1,_v=sdk|",
        "1234567890123456789012345678901234567890123456789012345678901234|securemode=2|",
        "a b&c|securemode=2|",
        "a|authType=register,random=1,securemode=-2|",
        "a|random=1,securemode=2,authType=regnwl|",
        "a|authType=connwl,securemode=-2|",
    };
    struct login login;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_null(login_parse(good[i], "dn&pk", &login));
}

static void test_client_ids_that_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "a",
        "|securemode=2|",
        "a|",
        "a||",
        "a|securemode=2",
        "a|securemode=2|b",
        "a|securemode=2|b|",
        "a|securemode|",
        "a|securemode=|",
        "a|securemode=4|",
        "a|securemode=-2|",
        "a|signmethod=hmacsha1|",
        "a|securemode=2,authType=other|",
        "a|securemode=3,authType=connwl|",
        "a|securemode=3,authType=register,random=1|",
        "a|securemode=2,authType=register|",
        "a|securemode=2,timestamp=123456789012345678901234567890123|",
        "12345678901234567890123456789012345678901234567890123456789012345|securemode=2|",
    };
    struct login login;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(login_parse(bad[i], "dn&pk", &login));
    assert_non_null(login_parse(NULL, "dn&pk", &login));
}

static void test_user_names(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "dn",    "&",     "dn&",    "&pk",    "dn&pk&", "dn&p k",
        "d/n&p", "d+n&p", "dn&#p", "d\nn&p", "d\tn&p", "d|n&pk",
    };
    struct login login;
    assert_null(login_parse("a|securemode=2|", "A-z_0.9:@&pk", &login));
    assert_string_equal(login.device_name, "A-z_0.9:@");
    assert_string_equal(login.product_key, "pk");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(login_parse("a|securemode=2|", bad[i], &login));
    assert_non_null(login_parse("a|securemode=2|", NULL, &login));
}

static void test_signatures_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "0", "xyz", "14B198324FE55E1D3C88F2E705E201E",
                                      "14B198324FE55E1D3C88F2E705E201EE00"};
    const char *text = "clientId12345deviceNamedeviceproductKeypktimestamp789";
    assert_true(sign_matches("hmacmd5", "secret", text, "14B198324FE55E1D3C88F2E705E201EE"));
    assert_false(sign_matches("hmacsha1", "secret", text, "14B198324FE55E1D3C88F2E705E201EE"));
    assert_false(sign_matches("md5", "secret", text, "14B198324FE55E1D3C88F2E705E201EE"));
    assert_false(sign_matches("", "secret", text, "14B198324FE55E1D3C88F2E705E201EE"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(sign_matches("hmacmd5", "secret", text, bad[i]));
}

/* ---- limits --------------------------------------------------------------------------------- */

static void test_topics(void **state)
{
    (void)state;
    static const char *const own[] = {"/pk/dn/user/update", "/pk/dn/", "/pk/dn/#", "/sys/pk/dn/x"};
    static const char *const others[] = {"#",          "/#",      "/+/dn/x",     "/pk/+/x", "/pk/#",
                                         "/pk/dn2/x",  "pk/dn/x", "/sys/pk/x/y", "/pk/dn",  "",
                                         "/PK/dn/x/y", "$SYS/#",  "/exit/x",     "/ext"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        assert_true(topics_may_use("pk", "dn", own[i]));
        assert_true(topics_may_receive("pk", "dn", own[i]));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(topics_may_use("pk", "dn", others[i]));
        assert_false(topics_may_receive("pk", "dn", others[i]));
    }
    assert_true(topics_may_use("pk", "dn", "/ext/ntp/pk/dn/request"));
    assert_false(topics_may_receive("pk", "dn", "/ext/register"));
}

static void test_topic_sizes(void **state)
{
    (void)state;
    char topic[TOPIC_BYTES + 2];
    memset(topic, 'x', sizeof topic);
    topic[TOPIC_BYTES + 1] = '\0';
    assert_false(topics_has_size(topic));
    topic[TOPIC_BYTES] = '\0';
    assert_true(topics_has_size(topic));
    assert_true(topics_has_size("/1/2/3/4/5/6/7"));
    assert_false(topics_has_size("/1/2/3/4/5/6/7/8"));
}

static void test_newer_login_wins(void **state)
{
    (void)state;
    int clients[3] = {0};
    assert_null(sessions_begin("dn&pk", "first", &clients[0]));
    assert_null(sessions_begin("dn2&pk", "other", &clients[2]));
    char *older = sessions_begin("dn&pk", "second", &clients[1]);
    assert_string_equal(older, "first");
    free(older);
    sessions_end(&clients[0]); /* the broker tells about the one it was made to end */
    assert_null(sessions_begin("dn&pk", "second", &clients[0]));
    sessions_end(&clients[1]);
    older = sessions_begin("dn&pk", "third", &clients[1]);
    assert_string_equal(older, "second");
    free(older);
    sessions_end(&clients[1]);
    assert_null(sessions_begin("dn&pk", "fourth", &clients[0]));
    sessions_end(&clients[0]);
    sessions_end(&clients[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_signature),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_client_ids_that_are_taken),
        cmocka_unit_test(test_client_ids_that_are_refused),
        cmocka_unit_test(test_user_names),
        cmocka_unit_test(test_signatures_that_are_none),
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_topic_sizes),
        cmocka_unit_test(test_newer_login_wins),
    };
    return cmocka_run_group_tests_name("aliyun cloud logins", tests, load_vectors, drop_vectors);
}
