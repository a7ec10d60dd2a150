/* TLS contexts and their files: what is refused, what is read again, and what stays. */
#include "tests/unit/host_store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/net/tls.h"
#include "host/net/tls_context.h"

struct bench {
    char folder[64];
    char paths[4][96]; /* a certificate and its key, and another pair */
    struct tls_contexts all;
    struct host_refusal refusal;
};

enum { CERT, KEY, OTHER_CERT, OTHER_KEY };

static const char *const file_names[] = {"one.crt", "one.key", "two.crt", "two.key"};

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): the test's own words */
}

static void make_pair(const struct bench *bench, int first)
{
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj /CN=x -out %s -keyout %s 2>/dev/null",
        bench->paths[first], bench->paths[first + 1]);
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    strcpy(bench->folder, "/tmp/imqtt-tls-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    for (size_t i = 0; i < 4; i++)
        snprintf(bench->paths[i], sizeof bench->paths[i], "%s/%s", bench->folder, file_names[i]);
    make_pair(bench, CERT);
    make_pair(bench, OTHER_CERT);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    assert_null(bench->all.first);
    run("rm -r %s", bench->folder);
    free(bench);
    return 0;
}

static struct tls_context *take(struct bench *bench, int cert, int key)
{
    struct tls_settings settings = {.cert_file = bench->paths[cert], .key_file = bench->paths[key]};
    return tls_context_take(&bench->all, &settings, &bench->refusal);
}

static void assert_refused(const struct bench *bench, const char *setting, int file,
                           const char *why)
{
    assert_string_equal(bench->refusal.setting, setting);
    assert_string_equal(bench->refusal.value, bench->paths[file]);
    assert_non_null(strstr(bench->refusal.why, why));
}

static void a_pair_is_taken(void **state)
{
    struct bench *bench = *state;
    struct tls_context *context = take(bench, CERT, KEY);
    assert_non_null(context);
    tls_context_release(context);
}

static void a_key_of_another_is_refused(void **state)
{
    struct bench *bench = *state;
    assert_null(take(bench, CERT, OTHER_KEY));
    assert_refused(bench, "--tls-key", OTHER_KEY, "is not the key of the certificate");
}

static void a_key_of_another_kind_is_refused(void **state)
{
    struct bench *bench = *state;
    run("openssl genrsa -out %s 2048 2>/dev/null && chmod 600 %s", bench->paths[OTHER_KEY],
        bench->paths[OTHER_KEY]);
    assert_null(take(bench, CERT, OTHER_KEY));
    assert_refused(bench, "--tls-key", OTHER_KEY, "is not the key of the certificate");
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(chmod(bench->paths[KEY], 0604), 0);
    assert_null(take(bench, CERT, KEY));
    assert_refused(bench, "--tls-key", KEY, "others can read");
    assert_int_equal(chmod(bench->paths[KEY], 0640), 0);
    struct tls_context *context = take(bench, CERT, KEY);
    assert_non_null(context);
    tls_context_release(context);
}

/* Nobody is asked for its password: there is nobody. */
static void an_encrypted_key_is_refused(void **state)
{
    struct bench *bench = *state;
    run("openssl ec -aes256 -passout pass:secret -in %s -out %s 2>/dev/null && chmod 600 %s",
        bench->paths[KEY], bench->paths[OTHER_KEY], bench->paths[OTHER_KEY]);
    assert_null(take(bench, CERT, OTHER_KEY));
    assert_refused(bench, "--tls-key", OTHER_KEY, "is encrypted");
}

static void files_are_read_again(void **state)
{
    struct bench *bench = *state;
    struct tls_context *context = take(bench, CERT, KEY);
    SSL_CTX *before = context->loaded.openssl;
    run("cp %s %s && cp %s %s", bench->paths[OTHER_CERT], bench->paths[CERT],
        bench->paths[OTHER_KEY], bench->paths[KEY]);
    assert_true(tls_contexts_reload(&bench->all, &bench->refusal));
    assert_ptr_not_equal(context->loaded.openssl, before);
    tls_context_release(context);
}

static void a_reload_with_a_mistake_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct tls_context *good = take(bench, OTHER_CERT, OTHER_KEY);
    struct tls_context *bad = take(bench, CERT, KEY);
    SSL_CTX *good_before = good->loaded.openssl, *bad_before = bad->loaded.openssl;
    run("cp %s %s", bench->paths[OTHER_KEY], bench->paths[KEY]);
    assert_false(tls_contexts_reload(&bench->all, &bench->refusal));
    assert_refused(bench, "--tls-key", KEY, "is not the key of the certificate");
    assert_ptr_equal(good->loaded.openssl, good_before);
    assert_ptr_equal(bad->loaded.openssl, bad_before);
    tls_context_release(good);
    tls_context_release(bad);
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_pair_is_taken),
        TLS_TEST(a_key_of_another_is_refused),
        TLS_TEST(a_key_of_another_kind_is_refused),
        TLS_TEST(a_key_that_others_can_read_is_refused),
        TLS_TEST(an_encrypted_key_is_refused),
        TLS_TEST(files_are_read_again),
        TLS_TEST(a_reload_with_a_mistake_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
