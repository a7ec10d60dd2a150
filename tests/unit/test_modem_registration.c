/* A registration at Alibaba's platform, as an application sees it: the connection is not the host's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/clients.h"
#include "tests/unit/lent_modem.h"
#include "tests/unit/seen_terminal.h"

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static void close_network(void *context)
{
    (void)context;
}

static bool sign(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                 size_t text_bytes, uint8_t digest[32])
{
    (void)context, (void)key, (void)key_bytes, (void)text, (void)text_bytes;
    memset(digest, 0, 32);
    return true;
}

static bool draw(void *context, uint8_t *bytes, size_t count)
{
    (void)context;
    memset(bytes, 1, count);
    return true;
}

static int begin(void **state)
{
    static const struct imqtt_options options = {.echo_off = true};
    (void)state;
    lender_init(&lender);
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .network = {NULL, open_network, write_network, close_network},
        .memory = lender.port,
        .crypto = {NULL, sign, draw},
    };
    room = SIZE_MAX;
    seen[0] = '\0';
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    return 0;
}

static void type(const char *text)
{
    size_t count = strlen(text);
    assert_int_equal(imqtt_modem_terminal_input(modem, (const uint8_t *)text, count, 0), count);
    imqtt_modem_flush(modem, 0);
}

/* The broker takes the modem's CONNECT. */
static void accept_connect(void)
{
    imqtt_modem_network_opened(modem, 0);
    imqtt_modem_flush(modem, 0);
    assert_int_equal(imqtt_modem_network_input(modem, (const uint8_t *)"\x20\x02\x00\x00", 4, 0),
                     4);
    imqtt_modem_flush(modem, 0);
}

static void test_a_registrations_connection_is_not_the_hosts(void **state)
{
    (void)state;
    type("AT+IMQTTMODE=1,1\r");
    type("AT+IMQTTDYNREG=0,1,pk,dn,ps\r");
    accept_connect();
    assert_false(imqtt_modem_is_connected(modem));
    assert_false(imqtt_modem_client_is_connected(modem, 0));
    assert_false(imqtt_modem_is_idle(modem));
}

static void test_a_hosts_own_is(void **state)
{
    (void)state;
    type("AT+IMQTTADDR=broker,1883,me\r");
    type("AT+IMQTTCONN\r");
    assert_false(imqtt_modem_is_connected(modem));
    accept_connect();
    assert_true(imqtt_modem_is_connected(modem));
    assert_true(imqtt_modem_client_is_connected(modem, 0));
    assert_true(imqtt_modem_is_idle(modem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_registrations_connection_is_not_the_hosts, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_a_hosts_own_is, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
