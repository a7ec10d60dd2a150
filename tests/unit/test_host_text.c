/* What people write on a command line or in a script: endpoints, redirects, lines. */
#include "tests/unit/host_store_fixture.h"

#include <string.h>

#include "host/net/redirects.h"
#include "host/terminal/script.h"

/* ---- endpoints ------------------------------------------------------------------------------ */

static void assert_endpoint(const char *text, const char *host, uint16_t port)
{
    struct endpoint endpoint;
    char back[ENDPOINT_TEXT_BYTES];
    assert_true(endpoint_parse(&endpoint, text, strlen(text)));
    assert_string_equal(endpoint.host, host);
    assert_int_equal(endpoint.port, port);
    assert_string_equal(endpoint_text(&endpoint, back), text);
}

static void endpoints_are_read_and_written_back(void **state)
{
    (void)state;
    assert_endpoint("localhost:1883", "localhost", 1883);
    assert_endpoint("127.0.0.1:0", "127.0.0.1", 0);
    assert_endpoint("[::1]:65535", "::1", 65535);
}

static void what_is_no_endpoint_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",       "host",     ":1883",   "host:",   "host:65536",
                                        "host:x", "host:-1",  "[::1",    "[::1]80", "[]:80",
                                        "::1:80", "host: 80", "host:80 "};
    struct endpoint endpoint;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (endpoint_parse(&endpoint, wrong[i], strlen(wrong[i])))
            fail_msg("'%s' was taken as host '%s'", wrong[i], endpoint.host);
}

static void a_host_may_be_as_long_as_a_name_can_be(void **state)
{
    (void)state;
    char text[ENDPOINT_HOST_BYTES + 8];
    struct endpoint endpoint;
    memset(text, 'a', sizeof text);
    memcpy(text + ENDPOINT_HOST_BYTES - 1, ":80", 3);
    assert_true(endpoint_parse(&endpoint, text, ENDPOINT_HOST_BYTES + 2));
    memset(text, 'a', sizeof text);
    memcpy(text + ENDPOINT_HOST_BYTES, ":80", 3);
    assert_false(endpoint_parse(&endpoint, text, ENDPOINT_HOST_BYTES + 3));
}

/* ---- redirects --------------------------------------------------------------------------------
 */

static struct endpoint redirected(const struct redirects *redirects, const char *text)
{
    struct endpoint endpoint;
    assert_true(endpoint_parse(&endpoint, text, strlen(text)));
    redirects_apply(redirects, &endpoint);
    return endpoint;
}

static void a_redirect_changes_one_endpoint_and_no_other(void **state)
{
    (void)state;
    struct redirects redirects = {0};
    assert_true(
        redirects_parse(&redirects, "203.156.205.55:1883=127.0.0.1:5000,b.example:1=[::1]:2"));
    assert_int_equal(redirected(&redirects, "203.156.205.55:1883").port, 5000);
    assert_string_equal(redirected(&redirects, "b.example:1").host, "::1");
    assert_string_equal(redirected(&redirects, "b.example:2").host, "b.example");
    redirects_end(&redirects);
}

static void no_redirects_are_fine_and_half_ones_are_not(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a:1",      "a:1=",  "=a:1",
                                        "a:1=b:2,", "a:1=b", "a:1=b:2;c:3=d:4"};
    struct redirects redirects = {0};
    assert_true(redirects_parse(&redirects, NULL));
    assert_true(redirects_parse(&redirects, ""));
    assert_string_equal(redirected(&redirects, "a:1").host, "a");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (redirects_parse(&redirects, wrong[i]))
            fail_msg("'%s' was taken", wrong[i]);
        redirects_end(&redirects);
    }
}

/* ---- scripts -------------------------------------------------------------------------------- */

static void add(struct script *script, const char *text)
{
    size_t space;
    uint8_t *at = script_space(script, &space);
    assert_true(strlen(text) <= space);
    memcpy(at, text, strlen(text));
    script_add(script, strlen(text));
}

static void assert_piece(struct script *script, const char *text)
{
    size_t count;
    const uint8_t *piece = script_take(script, &count);
    assert_int_equal(count, strlen(text));
    assert_memory_equal(piece, text, count);
}

static void a_script_is_typed_line_by_line(void **state)
{
    (void)state;
    struct script script = {0};
    add(&script, "AT\nATE0\r\nAT+IM");
    assert_piece(&script, "AT\n");
    assert_piece(&script, "ATE0\r\n");
    assert_false(script_has_piece(&script));
    add(&script, "QTTCONN\n");
    assert_piece(&script, "AT+IMQTTCONN\n");
    script.has_ended = true;
    assert_true(script_is_over(&script));
}

static void a_last_line_without_an_end_gets_one(void **state)
{
    (void)state;
    struct script script = {0};
    add(&script, "ATI");
    assert_false(script_has_piece(&script));
    script.has_ended = true;
    assert_piece(&script, "ATI");
    assert_false(script_is_over(&script));
    assert_piece(&script, "\n");
    assert_true(script_is_over(&script));
}

static void a_line_longer_than_the_buffer_comes_in_pieces(void **state)
{
    (void)state;
    struct script script = {0};
    size_t space, count;
    memset(script_space(&script, &space), 'x', SCRIPT_BYTES);
    script_add(&script, SCRIPT_BYTES);
    script_take(&script, &count);
    assert_int_equal(count, SCRIPT_BYTES);
    add(&script, "y\n");
    assert_piece(&script, "y\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_read_and_written_back),
        cmocka_unit_test(what_is_no_endpoint_is_refused),
        cmocka_unit_test(a_host_may_be_as_long_as_a_name_can_be),
        cmocka_unit_test(a_redirect_changes_one_endpoint_and_no_other),
        cmocka_unit_test(no_redirects_are_fine_and_half_ones_are_not),
        cmocka_unit_test(a_script_is_typed_line_by_line),
        cmocka_unit_test(a_last_line_without_an_end_gets_one),
        cmocka_unit_test(a_line_longer_than_the_buffer_comes_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
