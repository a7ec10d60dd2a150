/* Where connections are led instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/net/redirects.h"

static void assert_led(const char *text, const char *from, const char *to)
{
    struct redirects redirects;
    struct endpoint endpoint, wanted;
    assert_true(redirects_parse(&redirects, text));
    assert_true(endpoint_parse(&endpoint, from, strlen(from)));
    assert_true(endpoint_parse(&wanted, to, strlen(to)));
    redirects_apply(&redirects, &endpoint);
    assert_string_equal(endpoint.host, wanted.host);
    assert_int_equal(endpoint.port, wanted.port);
    redirects_end(&redirects);
}

static void test_the_first_that_fits_counts(void **state)
{
    (void)state;
    const char *text = "a.example:1883=one:1,*:8883=two:2,*=three:3";
    assert_led(text, "A.example:1883", "one:1");
    assert_led(text, "a.example:8883", "two:2");
    assert_led(text, "b.example:8883", "two:2");
    assert_led(text, "b.example:1883", "three:3");
    assert_led("a.example:1883=one:1", "a.example:1884", "a.example:1884");
}

static void test_what_is_no_redirect(void **state)
{
    (void)state;
    static const char *const wrong[] = {"*",        "*=",      "*=one", "*=one:0",
                                        "*:=one:1", "a=one:1", "=one:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct redirects redirects;
        assert_false(redirects_parse(&redirects, wrong[i]));
        redirects_end(&redirects);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_that_fits_counts),
        cmocka_unit_test(test_what_is_no_redirect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
