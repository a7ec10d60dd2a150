/* What a modem tells its owner of a command that fails, whatever its host reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/dialect.h"
#include "tests/unit/lent_modem.h"
#include "tests/unit/seen_terminal.h"

static int result; /* of the last command */
static unsigned commands;
static bool is_loading; /* the store has to answer */

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static void close_network(void *context)
{
    (void)context;
}

static void tell(void *context, const struct imqtt_news *news)
{
    (void)context;
    if (news->kind != IMQTT_NEWS_COMMAND)
        return;
    result = news->result;
    commands++;
}

static void load(void *context, enum imqtt_record record)
{
    (void)context, (void)record;
    is_loading = true;
}

/* It never answers. */
static void save(void *context, enum imqtt_record record, const uint8_t *bytes, size_t bytes_count)
{
    (void)context, (void)record, (void)bytes, (void)bytes_count;
}

static void load_nothing(void)
{
    while (is_loading) {
        is_loading = false;
        imqtt_modem_loaded(modem, IMQTT_LOAD_NOTHING, NULL, 0, 0);
        imqtt_modem_flush(modem, 0);
    }
}

static void begin(const struct imqtt_dialect *dialect)
{
    static const uint32_t wanted = UINT32_MAX;
    const struct imqtt_options options = {.dialect = dialect, .echo_off = true, .error_form = 1};
    lender_init(&lender);
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .network = {NULL, open_network, write_network, close_network},
        .memory = lender.port,
        .store = {NULL, load, save},
        .news = {NULL, tell, &wanted},
    };
    room = SIZE_MAX;
    seen[0] = '\0';
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    load_nothing();
    commands = 0;
}

static void type(const char *text)
{
    imqtt_modem_terminal_input(modem, (const uint8_t *)text, strlen(text), 0);
    imqtt_modem_flush(modem, 0);
    load_nothing();
}

static void accept_connection(void)
{
    imqtt_modem_network_opened(modem, 0);
    imqtt_modem_flush(modem, 0);
    imqtt_modem_network_input(modem, (const uint8_t *)"\x20\x02\x00\x00", 4, 0);
    imqtt_modem_flush(modem, 0);
}

/* What each maker's module says of a command that fails, and that it is told as failed. */
static void a_dialects_own_error_is_told_as_one(void **state)
{
    static const struct {
        const struct imqtt_dialect *dialect;
        const char *typed, *said;
        int result;
    } cases[] = {
        {&imqtt_dialect_ica, "AT+IMQTTDISCONN\r", "+CME ERROR: 3", IMQTT_NOT_ALLOWED},
        {&imqtt_dialect_ica, "AT+IMQTTPUB=\r", "+CME ERROR: 50", IMQTT_BAD_PARAMETERS},
        {&imqtt_dialect_qmt, "AT+QFDEL=\"f\"\r", "+CME ERROR: 405", IMQTT_NO_SUCH_FILE},
        {&imqtt_dialect_qmt, "AT+QFLST=\"f\"\r", "+CME ERROR: 405", IMQTT_NO_SUCH_FILE},
        {&imqtt_dialect_qmt, "AT+CMEE=0;+QFDEL=\"f\"\r", "\r\nERROR", IMQTT_NO_SUCH_FILE},
        {&imqtt_dialect_qmt, "AT+CMEE=2;+QFDEL=\"f\"\r", "file not found", IMQTT_NO_SUCH_FILE},
        {&imqtt_dialect_qmt, "AT+QMTDISC=0\r", "\r\nERROR", IMQTT_NOT_ALLOWED},
        {&imqtt_dialect_cmqtt, "AT+CMQTTSTOP\r", "\r\nERROR", IMQTT_NOT_ALLOWED},
        {&imqtt_dialect_cmqtt, "AT+IPADDR\r", "+IP ERROR: ", IMQTT_NOT_ALLOWED},
        {&imqtt_dialect_sm, "AT+SMCONN\r", "\r\nERROR", IMQTT_NOT_ALLOWED},
        {&imqtt_dialect_esp, "AT+SYSLOG=1;+MQTTCLEAN=0\r", "ERR CODE:0x010a6003",
         IMQTT_NOT_ALLOWED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(cases[i].dialect);
        type(cases[i].typed);
        assert_non_null(strstr(seen, cases[i].said));
        assert_true(commands > 0);
        assert_int_equal(result, cases[i].result);
        assert_int_equal(end(state), 0);
    }
}

/* The same of one that ends later, in words that are no final result. */
static void a_result_that_is_spelled_otherwise_is_told_as_what_it_is(void **state)
{
    (void)state;
    begin(&imqtt_dialect_esp);
    type("AT+MQTTUSERCFG=0,1,\"me\",\"\",\"\",0,0,\"\"\r");
    type("AT+MQTTCONN=0,\"b\",1883,0\r");
    accept_connection();
    type("AT+MQTTPUBRAW=0,\"t\",1,1,0\r");
    commands = 0;
    type("x");
    imqtt_modem_tick(modem, 10000);
    imqtt_modem_flush(modem, 10000);
    assert_non_null(strstr(seen, "+MQTTPUB:FAIL"));
    assert_int_equal(commands, 1);
    assert_int_not_equal(result, IMQTT_DONE);
    assert_int_equal(end(state), 0);
}

/* A packet id of a kept session needs a store that has it. */
static void a_command_that_waited_in_vain_has_failed(void **state)
{
    begin(NULL);
    type("AT+IMQTTPARA=CLEAN,0\r");
    type("AT+IMQTTADDR=b,1883,me\r");
    type("AT+IMQTTCONN\r");
    accept_connection();
    commands = 0;
    type("AT+IMQTTPUB=a,1,x\r");
    assert_int_equal(commands, 0);
    imqtt_modem_tick(modem, 30000);
    imqtt_modem_flush(modem, 30000);
    assert_non_null(strstr(seen, "+CME ERROR: 100"));
    assert_int_equal(commands, 1);
    assert_int_equal(result, IMQTT_UNKNOWN_ERROR);
    assert_int_equal(end(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dialects_own_error_is_told_as_one),
        cmocka_unit_test(a_command_that_waited_in_vain_has_failed),
        cmocka_unit_test(a_result_that_is_spelled_otherwise_is_told_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
