/* What a host has set for its dialect's clients: kept apart by client and key, and wiped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/settings/client_settings.h"

#define SECRET "secret"

/* A memory port that looks at what it lends, also when it comes back. */
static uint8_t *lent;
static size_t lent_bytes;
static bool came_back_with_secret;

static bool has_secret(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i + strlen(SECRET) <= count; i++)
        if (memcmp(bytes + i, SECRET, strlen(SECRET)) == 0)
            return true;
    return false;
}

static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)context, (void)purpose;
    if (bytes == 0 && block != NULL)
        came_back_with_secret |= has_secret(block, old_bytes);
    if (bytes == 0) {
        free(block);
        lent = NULL;
    } else {
        lent = realloc(block, bytes);
    }
    lent_bytes = bytes;
    return lent;
}

static const struct imqtt_memory_port memory = {NULL, resize};
static struct client_settings settings;

static int begin(void **state)
{
    (void)state;
    came_back_with_secret = false;
    client_settings_init(&settings, &memory);
    return 0;
}

static int end(void **state)
{
    (void)state;
    client_settings_clear(&settings);
    return lent == NULL ? 0 : -1;
}

static void assert_string(uint8_t client, uint8_t key, const char *text)
{
    assert_true(span_equal(client_string(&settings, client, key), span_text(text)));
}

static void each_client_and_key_has_its_own(void **state)
{
    (void)state;
    assert_true(client_put_string(&settings, 0, 1, span_text("first")));
    assert_true(client_put_string(&settings, 1, 1, span_text("second")));
    assert_true(client_put_number(&settings, 0, 2, 0x01020304));
    assert_string(0, 1, "first");
    assert_string(1, 1, "second");
    assert_int_equal(client_number(&settings, 0, 2, 9), 0x01020304);
    assert_int_equal(client_number(&settings, 1, 2, 9), 9);
    assert_true(client_has(&settings, 0, 2));
    assert_false(client_has(&settings, 1, 2));
}

/* Its length has more than two bytes. */
static void a_string_may_be_long(void **state)
{
    static uint8_t bytes[0x12345];
    (void)state;
    memset(bytes, 'x', sizeof bytes);
    assert_true(client_put_string(&settings, 0, 1, span_of(bytes, sizeof bytes)));
    assert_true(client_put_string(&settings, 0, 2, span_text("behind it")));
    assert_true(span_equal(client_string(&settings, 0, 1), span_of(bytes, sizeof bytes)));
    assert_string(0, 2, "behind it");
    client_forget(&settings, 0, 1);
    assert_false(client_has(&settings, 0, 1));
    assert_string(0, 2, "behind it");
}

static void a_client_is_forgotten_alone(void **state)
{
    (void)state;
    assert_true(client_put_string(&settings, 0, 1, span_text("first")));
    assert_true(client_put_string(&settings, 1, 1, span_text("second")));
    assert_true(client_put_string(&settings, 0, 2, span_text("third")));
    client_forget_all(&settings, 0);
    assert_string(0, 1, "");
    assert_string(0, 2, "");
    assert_string(1, 1, "second");
    client_forget(&settings, 1, 1);
    assert_false(client_has(&settings, 1, 1));
}

static void what_is_replaced_or_forgotten_is_wiped(void **state)
{
    (void)state;
    assert_true(client_put_string(&settings, 0, 1, span_text(SECRET)));
    assert_true(has_secret(lent, lent_bytes));
    assert_true(client_put_string(&settings, 0, 1, span_text("new")));
    assert_false(has_secret(lent, lent_bytes));
    assert_true(client_put_string(&settings, 0, 1, span_text(SECRET)));
    client_forget(&settings, 0, 1);
    assert_true(lent == NULL || !has_secret(lent, lent_bytes));
}

static void clearing_wipes_all(void **state)
{
    (void)state;
    assert_true(client_put_string(&settings, 0, 1, span_text(SECRET)));
    assert_true(client_put_string(&settings, 0, 2, span_text("more")));
    client_settings_clear(&settings);
    assert_false(came_back_with_secret);
    assert_string(0, 1, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(each_client_and_key_has_its_own),
        TEST(a_string_may_be_long),
        TEST(a_client_is_forgotten_alone),
        TEST(what_is_replaced_or_forgotten_is_wiped),
        TEST(clearing_wipes_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
