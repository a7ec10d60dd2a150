/* What an application gives a modem and sets on it, where a transcript cannot look: the order of
 * output and line changes, the options, the radio, the ports' answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/bytes/span.h"
#include "imqtt/modem.h"
#include "tests/unit/lender.h"

struct rig {
    struct lender lender;
    struct imqtt_modem *modem;
    char seen[2000]; /* what the terminal port was asked to do, in order */
    size_t room;     /* bytes it still takes */
    enum imqtt_status warnings[4];
    size_t warning_count;
};

static void see(struct rig *rig, const char *text, size_t bytes)
{
    size_t count = strlen(rig->seen);
    assert_true(count + bytes < sizeof rig->seen);
    memcpy(rig->seen + count, text, bytes);
    rig->seen[count + bytes] = '\0';
}

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    struct rig *rig = context;
    if (count > rig->room)
        count = rig->room;
    rig->room -= count;
    see(rig, (const char *)bytes, count);
    return count;
}

static void configure_terminal(void *context, uint32_t baud, bool rts_cts)
{
    char text[40];
    snprintf(text, sizeof text, "<%u %d>", baud, rts_cts);
    see(context, text, strlen(text));
}

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

static void close_network(void *context)
{
    (void)context;
}

static void keep_warning(void *context, const struct imqtt_news *news)
{
    struct rig *rig = context;
    assert_true(rig->warning_count < sizeof rig->warnings / sizeof rig->warnings[0]);
    rig->warnings[rig->warning_count++] = news->result;
}

static void rig_start(struct rig *rig, const struct imqtt_options *options)
{
    static const uint32_t wanted = 1U << IMQTT_NEWS_WARNING;
    memset(rig, 0, sizeof *rig);
    lender_init(&rig->lender);
    rig->room = SIZE_MAX;
    const struct imqtt_ports ports = {
        .terminal = {rig, write_terminal, configure_terminal},
        .network = {rig, open_network, write_network, close_network},
        .memory = rig->lender.port,
        .news = {rig, keep_warning, &wanted},
    };
    rig->modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, options, 0);
}

static void rig_end(struct rig *rig)
{
    imqtt_modem_end(rig->modem);
    free(rig->modem);
    assert_int_equal(rig->lender.blocks, 0);
}

static void type(struct rig *rig, const char *text)
{
    size_t count = strlen(text);
    assert_int_equal(imqtt_modem_terminal_input(rig->modem, (const uint8_t *)text, count, 0),
                     count);
    imqtt_modem_flush(rig->modem, 0);
}

static void assert_seen(struct rig *rig, const char *expected)
{
    assert_string_equal(rig->seen, expected);
    rig->seen[0] = '\0';
}

static void assert_answers(struct rig *rig, const char *command, const char *expected)
{
    type(rig, command);
    assert_seen(rig, expected);
}

/* ---- the line ------------------------------------------------------------------------------ */

static void test_the_line_changes_between_its_result_and_the_next(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.baud = 9600, .rts_cts = true});
    assert_answers(&rig, "ATE0\r", "ATE0\r\r\nOK\r\n");
    assert_answers(&rig, "AT+IPR?;+IFC?\r", "\r\n+IPR: 9600\r\n\r\n+IFC: 2,2\r\n\r\nOK\r\n");
    assert_answers(&rig, "AT+IPR=19200\rAT\r", "\r\nOK\r\n<19200 1>\r\nOK\r\n");
    assert_answers(&rig, "AT+IFC=0,0\r", "\r\nOK\r\n<19200 0>");
    rig_end(&rig);
}

static void test_the_line_changes_behind_a_result_that_left_in_pieces(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.boot_urcs = false});
    assert_answers(&rig, "ATE0\r", "ATE0\r\r\nOK\r\n");
    rig.room = 5;
    assert_answers(&rig, "AT+IPR=921600\rAT\r", "\r\nOK\r");
    rig.room = 3;
    imqtt_modem_flush(rig.modem, 0);
    assert_seen(&rig, "\n<921600 0>\r\n");
    rig.room = SIZE_MAX;
    imqtt_modem_flush(rig.modem, 0);
    assert_seen(&rig, "OK\r\n");
    rig_end(&rig);
}

/* ---- identity and clock -------------------------------------------------------------------- */

/* Two digits a byte, swapped; F fills up. */
static void test_a_file_of_the_sim_with_an_odd_count_of_digits(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){
                        .echo_off = true,
                        .identity = {.given = {[IMQTT_ICCID] = "8986012345678901239"}}});
    assert_answers(&rig, "AT+CRSM=176,12258,0,0,10\r",
                   "\r\n+CRSM: 144,0,\"986810325476981032F9\"\r\n\r\nOK\r\n");
    assert_answers(&rig, "AT+CRSM=176,12258,0,0,0\r",
                   "\r\n+CRSM: 144,0,\"986810325476981032F9\"\r\n\r\nOK\r\n");
    rig_end(&rig);
}

static void test_given_identity(void **state)
{
    (void)state;
    struct rig rig;
    struct imqtt_options options = {
        .identity = {"a modem",
                     {"RisingHF", "LTE-1", "V1.0", "490154203237518", "460011234567890",
                      "8944500102198304826"}},
        .unix_time_ms = UINT64_C(1709251199000), /* 2024-02-29 23:59:59 UTC */
        .zone_quarter_hours = -2,
    };
    rig_start(&rig, &options);
    assert_answers(&rig, "ATE0\r", "ATE0\r\r\nOK\r\n");
    assert_answers(&rig, "ATI\r", "\r\nRisingHF\r\n\r\nLTE-1\r\n\r\nRevision: V1.0\r\n\r\nOK\r\n");
    assert_answers(&rig, "AT+CGSN;+CIMI;+CCID\r",
                   "\r\n490154203237518\r\n\r\n460011234567890\r\n"
                   "\r\n+CCID: 8944500102198304826\r\n\r\nOK\r\n");
    assert_answers(&rig, "AT+COPS=3,2;+COPS?\r", "\r\n+COPS: 0,2,\"46001\",7\r\n\r\nOK\r\n");
    assert_answers(&rig, "AT+CCLK?\r", "\r\n+CCLK: \"24/02/29,23:29:59-02\"\r\n\r\nOK\r\n");
    rig_end(&rig);
}

/* ---- presets ------------------------------------------------------------------------------- */

static void test_why_a_preset_is_refused(void **state)
{
    (void)state;
    struct rig rig;
    char too_long[IMQTT_LINE_BYTES + 2] = "AT";
    memset(too_long + 2, 'x', sizeof too_long - 3);
    const char *const presets[] = {"AT+CMEE=1", "+CMEE=2", too_long, "AT+CMEE?", "AT+CMEE=3"};
    rig_start(&rig,
              &(struct imqtt_options){.echo_off = true, .presets = presets, .preset_count = 5});
    assert_int_equal(rig.warning_count, 4);
    assert_int_equal(rig.warnings[0], IMQTT_NOT_SUPPORTED);
    assert_int_equal(rig.warnings[1], IMQTT_TEXT_TOO_LONG);
    assert_int_equal(rig.warnings[2], IMQTT_NOT_ALLOWED);
    assert_int_equal(rig.warnings[3], IMQTT_BAD_PARAMETERS);
    assert_answers(&rig, "AT+CMEE?\r", "\r\n+CMEE: 1\r\n\r\nOK\r\n");
    rig_end(&rig);
}

/* ---- the radio ----------------------------------------------------------------------------- */

static void set_radio(struct rig *rig, struct imqtt_radio radio)
{
    imqtt_modem_set_radio(rig->modem, &radio, 0);
    imqtt_modem_flush(rig->modem, 0);
}

static void test_another_area_or_cell_is_reported(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.boot_urcs = false});
    assert_answers(&rig, "ATE0+CREG=2;+CGREG=1\r", "ATE0+CREG=2;+CGREG=1\r\r\nOK\r\n");
    struct imqtt_radio radio = imqtt_modem_radio(rig.modem);
    radio.area = 0xFFFF;
    set_radio(&rig, radio);
    assert_seen(&rig, "\r\n+CREG: 1,\"FFFF\",\"01C3D201\",7\r\n");
    radio.cell = 1;
    radio.registered = 5;
    set_radio(&rig, radio);
    assert_seen(&rig, "\r\n+CREG: 5,\"FFFF\",\"00000001\",7\r\n\r\n+CGREG: 5\r\n");
    set_radio(&rig, radio);
    assert_seen(&rig, "");
    rig_end(&rig);
}

static void test_the_radio_is_as_it_was_set_whatever_the_host_did(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.boot_urcs = false});
    struct imqtt_radio radio = imqtt_modem_radio(rig.modem);
    assert_int_equal(radio.signal, 25);
    assert_int_equal(radio.registered, 1);
    assert_true(radio.sim_ready);
    radio.signal = 7;
    set_radio(&rig, radio);
    type(&rig, "AT+CFUN=0\r");
    radio = imqtt_modem_radio(rig.modem);
    assert_int_equal(radio.signal, 7);
    assert_int_equal(radio.registered, 1);
    rig_end(&rig);
}

static void test_a_report_waits_while_the_host_types(void **state)
{
    (void)state;
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.boot_urcs = false});
    assert_answers(&rig, "ATE0+CREG=1\r", "ATE0+CREG=1\r\r\nOK\r\n");
    type(&rig, "AT+CRE");
    struct imqtt_radio radio = imqtt_modem_radio(rig.modem);
    radio.registered = 2;
    set_radio(&rig, radio);
    assert_seen(&rig, "");
    assert_answers(&rig, "G?\r", "\r\n+CREG: 1,2\r\n\r\nOK\r\n\r\n+CREG: 2\r\n");
    rig_end(&rig);
}

/* ---- the ports' answers -------------------------------------------------------------------- */

#define TEXT_OF_96                                                                                 \
    "123456789012345678901234567890123456789012345678"                                             \
    "901234567890123456789012345678901234567890123456"

static void start_connecting(struct rig *rig)
{
    rig_start(rig, &(struct imqtt_options){.boot_urcs = false});
    type(rig, "ATE0\rAT+IMQTTADDR=broker,1883,modem\rAT+IMQTTCONN\r");
    rig->seen[0] = '\0';
}

static void assert_failure(const char *text, const char *expected)
{
    struct rig rig;
    start_connecting(&rig);
    imqtt_modem_network_failed(rig.modem, &(struct imqtt_failure){IMQTT_STAGE_TCP, 5, text}, 0);
    imqtt_modem_flush(rig.modem, 0);
    assert_seen(&rig, "\r\n+IMQTTCONN:-1\r\n");
    assert_answers(&rig, "AT+IMQTTERR?\r", expected);
    rig_end(&rig);
}

static void test_any_text_of_a_failure_fits_its_line(void **state)
{
    (void)state;
    assert_failure("a\"b\\c\r\nOK\x7F", "\r\n+IMQTTERR:tcp,5,\"a b c  OK \"\r\n\r\nOK\r\n");
    assert_failure(TEXT_OF_96 "7", "\r\n+IMQTTERR:tcp,5,\"" TEXT_OF_96 "\"\r\n\r\nOK\r\n");
}

static void test_an_answer_of_the_store_that_nobody_asked_for_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t record[] = {1, 2, 3};
    struct rig rig;
    rig_start(&rig, &(struct imqtt_options){.boot_urcs = false});
    assert_answers(&rig, "ATE0\r", "ATE0\r\r\nOK\r\n");
    imqtt_modem_saved(rig.modem, true, 0);
    imqtt_modem_loaded(rig.modem, true, record, sizeof record, 0);
    imqtt_modem_flush(rig.modem, 0);
    assert_seen(&rig, "");
    assert_answers(&rig, "AT\r", "\r\nOK\r\n");
    rig_end(&rig);
}

/* Fills the outbox: no publish is acknowledged, and the last one waits for room. */
static void publish_until_one_waits(struct rig *rig)
{
    char line[4000] = "AT+IMQTTPUB=t,1,";
    size_t head = strlen(line);
    memset(line + head, 'x', sizeof line - head - 2);
    line[sizeof line - 2] = '\r';
    line[sizeof line - 1] = '\0';
    do {
        rig->seen[0] = '\0';
        type(rig, line);
    } while (strcmp(rig->seen, "\r\nOK\r\n") == 0);
    assert_seen(rig, "");
}

static void test_a_command_that_waits_ends_when_the_modem_is_shut_down(void **state)
{
    (void)state;
    static const uint8_t connack[] = {0x20, 2, 0, 0};
    struct rig rig;
    start_connecting(&rig);
    imqtt_modem_network_opened(rig.modem, 0);
    imqtt_modem_flush(rig.modem, 0);
    imqtt_modem_network_input(rig.modem, connack, sizeof connack, 0);
    imqtt_modem_flush(rig.modem, 0);
    assert_seen(&rig, "\r\n+IMQTTCONN:0\r\n");
    publish_until_one_waits(&rig);
    imqtt_modem_shut_down(rig.modem, 0);
    imqtt_modem_flush(rig.modem, 0);
    assert_memory_equal(rig.seen, "\r\nERROR\r\n", strlen("\r\nERROR\r\n"));
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_line_changes_between_its_result_and_the_next),
        cmocka_unit_test(test_the_line_changes_behind_a_result_that_left_in_pieces),
        cmocka_unit_test(test_given_identity),
        cmocka_unit_test(test_why_a_preset_is_refused),
        cmocka_unit_test(test_another_area_or_cell_is_reported),
        cmocka_unit_test(test_the_radio_is_as_it_was_set_whatever_the_host_did),
        cmocka_unit_test(test_a_file_of_the_sim_with_an_odd_count_of_digits),
        cmocka_unit_test(test_a_report_waits_while_the_host_types),
        cmocka_unit_test(test_any_text_of_a_failure_fits_its_line),
        cmocka_unit_test(test_an_answer_of_the_store_that_nobody_asked_for_changes_nothing),
        cmocka_unit_test(test_a_command_that_waits_ends_when_the_modem_is_shut_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
