/* Several clients in one modem share the store: it is asked one thing at a time, by each in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/clients.h"
#include "imqtt/dialect.h"
#include "tests/unit/lent_modem.h"
#include "tests/unit/seen_terminal.h"

#define NOBODY 2

static bool is_load;       /* what the store was asked */
static uint8_t asked_by;   /* client 0 or 1; NOBODY: it has answered */
static unsigned questions; /* that were answered */

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static void close_network(void *context)
{
    (void)context;
}

/* context: the number of the client, as a place in an array. */
static const uint8_t clients[] = {0, 1};

static void ask_to_load(void *context, enum imqtt_record record)
{
    (void)record;
    assert_int_equal(asked_by, NOBODY);
    asked_by = *(const uint8_t *)context;
    is_load = true;
}

static void ask_to_save(void *context, enum imqtt_record record, const uint8_t *bytes, size_t count)
{
    (void)record, (void)bytes, (void)count;
    assert_int_equal(asked_by, NOBODY);
    asked_by = *(const uint8_t *)context;
    is_load = false;
}

static struct imqtt_store_port store_of(uint8_t client)
{
    return (struct imqtt_store_port){(void *)&clients[client], ask_to_load, ask_to_save};
}

/* The store has done what it was asked. */
static void answer(void)
{
    assert_int_not_equal(asked_by, NOBODY);
    asked_by = NOBODY;
    questions++;
    if (is_load)
        imqtt_modem_loaded(modem, IMQTT_LOAD_NOTHING, NULL, 0, 0);
    else
        imqtt_modem_saved(modem, true, 0);
    imqtt_modem_flush(modem, 0);
}

static void answer_all(void)
{
    while (asked_by != NOBODY)
        answer();
}

static int begin(void **state)
{
    static struct imqtt_client_ports second;
    const struct imqtt_network_port network = {NULL, open_network, write_network, close_network};
    (void)state;
    lender_init(&lender);
    second = (struct imqtt_client_ports){
        .network = network, .memory = lender.port, .store = store_of(1)};
    const struct imqtt_options options = {.dialect = &imqtt_dialect_qmt,
                                          .echo_off = true,
                                          .keeps_session = true,
                                          .clients = 2,
                                          .client_ports = &second};
    const struct imqtt_ports ports = {.terminal = {NULL, write_terminal, NULL},
                                      .network = network,
                                      .memory = lender.port,
                                      .store = store_of(0)};
    room = SIZE_MAX;
    seen[0] = '\0';
    asked_by = NOBODY;
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    answer_all();
    return 0;
}

static void type(const char *text)
{
    size_t count = strlen(text);
    assert_int_equal(imqtt_modem_terminal_input(modem, (const uint8_t *)text, count, 0), count);
    imqtt_modem_flush(modem, 0);
}

static void receive(uint8_t client, const void *bytes, size_t count)
{
    assert_int_equal(imqtt_modem_client_input(modem, client, bytes, count, 0), count);
    imqtt_modem_flush(modem, 0);
}

/* With a kept session; what the store must know of that is saved. */
static void connect_client(uint8_t client, const char *setting, const char *open,
                           const char *connect)
{
    type(setting);
    type(open);
    imqtt_modem_client_opened(modem, client, 0);
    imqtt_modem_flush(modem, 0);
    type(connect);
    answer_all();
    receive(client, "\x20\x02\x00\x00", 4);
    answer_all();
    assert_true(imqtt_modem_client_is_connected(modem, client));
}

/* Each publish changes a session, which is to be saved: as many as a busy host sends. */
static void test_a_busy_client_does_not_keep_another_from_the_store(void **state)
{
    (void)state;
    connect_client(0, "AT+QMTCFG=\"session\",0,0\r", "AT+QMTOPEN=0,\"a\",1883\r",
                   "AT+QMTCONN=0,\"zero\"\r");
    connect_client(1, "AT+QMTCFG=\"session\",1,0\r", "AT+QMTOPEN=1,\"b\",1883\r",
                   "AT+QMTCONN=1,\"one\"\r");
    for (uint8_t busy = 0; busy < 2; busy++) {
        const char *loud =
            busy == 0 ? "AT+QMTPUB=0,1,1,0,\"/a\",\"x\"\r" : "AT+QMTPUB=1,1,1,0,\"/a\",\"x\"\r";
        const char *quiet =
            busy == 0 ? "AT+QMTPUB=1,2,1,0,\"/b\",\"y\"\r" : "AT+QMTPUB=0,2,1,0,\"/b\",\"y\"\r";
        type(loud);
        assert_int_equal(asked_by, busy);
        type(quiet);
        type(loud);
        answer();
        assert_int_equal(asked_by, 1 - busy);
        answer();
        assert_int_equal(asked_by, busy);
        answer_all();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_busy_client_does_not_keep_another_from_the_store,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
