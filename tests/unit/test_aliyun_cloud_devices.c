/* The test cloud's device file, and whom it lets in, without a broker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "testcloud/cloud.h"
#include "testcloud/registrar.h"
#include "tests/unit/aliyun_vectors.h"

#define KEEP_ALIVE_S 60

static json_t *vectors;
static char folder[64], file[80];

static void write_file(const char *text)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void assert_file(const char *expected)
{
    char text[4096];
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(text, expected);
}

static int begin(void **state)
{
    (void)state;
    vectors = aliyun_vectors_load();
    strcpy(folder, "/tmp/test_aliyun_cloud.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(file, sizeof file, "%s/devices", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    json_decref(vectors);
    unlink(file);
    return rmdir(folder);
}

static const char *parse(const char *vector_id, struct login *login)
{
    const json_t *vector = aliyun_vector(vectors, vector_id);
    return login_parse(aliyun_vector_text(vector, "clientId"),
                       aliyun_vector_text(vector, "username"), login);
}

/* ---- the device file ------------------------------------------------------------------------ */

static void test_file_keeps_its_other_lines(void **state)
{
    (void)state;
    struct device device;
    write_file(
        "# mine\n\nproduct pk ps\n  device\tpk  dn new secret s\r\nnonsense\ndevice pk x new "
        "secret y");
    assert_true(devices_find(file, "pk", "dn", &device));
    assert_string_equal(device.secret, "s");
    assert_false(device.active);
    device.active = true;
    assert_true(devices_put(file, &device));
    assert_file("# mine\n\nproduct pk ps\ndevice pk dn active secret s\nnonsense\ndevice pk x new "
                "secret y\n");
}

static void test_file_takes_new_devices(void **state)
{
    (void)state;
    struct device device;
    unlink(file);
    assert_false(devices_find(file, "pk", "dn", &device));
    assert_false(device.active);
    strcpy(device.client_id, "c");
    strcpy(device.token, "t");
    assert_true(devices_put(file, &device));
    assert_true(devices_find(file, "pk", "dn", &device));
    assert_string_equal(device.token, "t");
    assert_file("device pk dn new token c t\n");
}

static void test_file_ends_without_a_line_end(void **state)
{
    (void)state;
    struct device device;
    write_file("product pk ps");
    assert_false(devices_find(file, "pk", "dn", &device));
    strcpy(device.secret, "s");
    assert_true(devices_put(file, &device));
    assert_file("product pk ps\ndevice pk dn new secret s\n");
}

static void test_malformed_lines_are_no_devices(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "device pk dn",
        "device pk dn new",
        "device pk dn new secret",
        "device pk dn old secret s",
        "device pk dn new secret s t",
        "device pk dn new token c",
        "device pk dn new secret 12345678901234567890123456789012345678901234567890123456789012345",
        "#device pk dn new secret s",
        "# device pk dn new secret s",
        "device pk dn new token c t 8 9 10",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct device device;
        write_file(lines[i]);
        assert_false(devices_find(file, "pk", "dn", &device));
    }
}

static void test_products(void **state)
{
    (void)state;
    char secret[NAME_BYTES + 1];
    write_file("product other x\nproduct pk ps\n");
    assert_true(devices_find_product(file, "pk", secret));
    assert_string_equal(secret, "ps");
    assert_false(devices_find_product(file, "p", secret));
    assert_false(devices_find_product("/nonexistent", "pk", secret));
}

static void test_file_that_cannot_be_written(void **state)
{
    (void)state;
    struct device device = {.product_key = "pk", .device_name = "dn", .secret = "s"};
    assert_false(devices_put("/nonexistent/devices", &device));
    assert_false(devices_put("/dev/full/devices", &device));
}

/* ---- who is let in -------------------------------------------------------------------------- */

static const char devices[] =
    "product a1m8qO1ceKE VPCTjT8dGTXr5Jpg\n"
    "device a1m8qO1ceKE SDK_0004 new secret 8f920db5114396521af911861d60886d\n";

static const char *admit(const char *vector_id, bool tls, struct device *device)
{
    struct cloud cloud = {file, tls};
    struct login login;
    assert_null(parse(vector_id, &login));
    return cloud_admit(&cloud, &login, KEEP_ALIVE_S,
                       aliyun_vector_text(aliyun_vector(vectors, vector_id), "password"), device);
}

static void assert_refused(const char *refusal, const char *expected)
{
    assert_non_null(refusal);
    assert_string_equal(refusal, expected);
}

static void test_first_login_activates(void **state)
{
    (void)state;
    struct device device;
    write_file(devices);
    assert_null(admit("T1", true, &device));
    assert_true(device.active);
    assert_null(admit("T1", true, &device));
    assert_refused(admit("D1", true, &device), "the device is already activated");
    assert_refused(admit("T2", false, &device), "the device is not known");
}

static void test_registration_gives_a_new_secret(void **state)
{
    (void)state;
    struct device first, second;
    write_file(devices);
    assert_null(admit("D1", true, &first));
    assert_null(admit("D1", true, &second));
    assert_int_equal(strlen(first.secret), 32);
    assert_string_not_equal(first.secret, second.secret);
    assert_refused(admit("T1", true, &first), "the signature is wrong");
    assert_true(devices_find(file, "a1m8qO1ceKE", "SDK_0004", &first));
    assert_string_equal(first.secret, second.secret);
}

static const char *log_in_with_token(const struct device *device, const char *token)
{
    struct cloud cloud = {file, true};
    struct device found;
    struct login login;
    char client_id[256];
    snprintf(client_id, sizeof client_id, "%s|authType=connwl,securemode=-2,_ss=1|",
             device->client_id);
    assert_null(login_parse(client_id, "SDK_0007&a1m8qO1ceKE", &login));
    return cloud_admit(&cloud, &login, KEEP_ALIVE_S, token, &found);
}

static void test_registration_gives_a_token(void **state)
{
    (void)state;
    struct device older, device;
    write_file(devices);
    assert_null(admit("D3", true, &older));
    assert_null(admit("D2", true, &device));
    assert_refused(log_in_with_token(&older, older.token), "the client id or the token is wrong");
    assert_refused(log_in_with_token(&device, "x"), "the client id or the token is wrong");
    assert_null(log_in_with_token(&device, device.token));
    assert_refused(admit("D2", true, &device), "the device is already activated");
    assert_refused(admit("C1", true, &device), "the client id or the token is wrong");
}

static void test_refused_registrations(void **state)
{
    (void)state;
    struct device device;
    write_file(devices);
    assert_refused(admit("D1", false, &device), "a registration needs TLS");
    write_file("product a1m8qO1ceKE other\n");
    assert_refused(admit("D1", true, &device), "the signature is wrong");
    write_file("product a1m8qO1ceKE VPCTjT8dGTXr5Jpg\n");
    assert_refused(admit("D1", true, &device), "the device is not pre-registered");
    assert_refused(admit("C1", true, &device), "the device is not known");
    write_file("device a1m8qO1ceKE SDK_0004 new secret x\n");
    assert_refused(admit("D1", true, &device), "the product is not known");
    write_file("device a1m8qO1ceKE SDK_0004 new token c t\n");
    assert_refused(admit("T1", true, &device), "the device logs in with a token");
    write_file("device a1m8qO1ceKE SDK_0007 new secret x\n");
    assert_refused(admit("C1", true, &device), "the device has no token");
}

static void test_refused_whatever_they_ask(void **state)
{
    (void)state;
    static const int keep_alives_s[] = {0, 29, 1201, 65535};
    struct cloud cloud = {file, true};
    struct device device;
    struct login login;
    const char *password = aliyun_vector_text(aliyun_vector(vectors, "T1"), "password");
    write_file(devices);
    assert_null(parse("T1", &login));
    for (size_t i = 0; i < 4; i++)
        assert_refused(cloud_admit(&cloud, &login, keep_alives_s[i], password, &device),
                       "the keep-alive is not 30 to 1200 s");
    assert_refused(cloud_admit(&cloud, &login, 30, NULL, &device), "there is no password");
    assert_null(cloud_admit(&cloud, &login, 1200, password, &device));
}

static void test_messages(void **state)
{
    (void)state;
    struct device secret = {.product_key = "pk", .device_name = "dn", .secret = "s"};
    struct device token = {
        .product_key = "pk", .device_name = "dn", .client_id = "c", .token = "t"};
    char *text = registrar_message(&secret);
    assert_string_equal(text,
                        "{\"deviceSecret\":\"s\",\"productKey\":\"pk\",\"deviceName\":\"dn\"}");
    free(text);
    text = registrar_message(&token);
    assert_string_equal(text, "{\"clientId\":\"c\",\"productKey\":\"pk\",\"deviceName\":\"dn\","
                              "\"deviceToken\":\"t\"}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_keeps_its_other_lines),
        cmocka_unit_test(test_file_takes_new_devices),
        cmocka_unit_test(test_file_ends_without_a_line_end),
        cmocka_unit_test(test_malformed_lines_are_no_devices),
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_file_that_cannot_be_written),
        cmocka_unit_test(test_first_login_activates),
        cmocka_unit_test(test_registration_gives_a_new_secret),
        cmocka_unit_test(test_registration_gives_a_token),
        cmocka_unit_test(test_refused_registrations),
        cmocka_unit_test(test_refused_whatever_they_ask),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests_name("aliyun cloud devices", tests, begin, end);
}
