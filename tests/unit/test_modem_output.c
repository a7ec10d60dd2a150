/* How much a modem holds for a terminal that takes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/modem.h"

#define COMMANDS       1360 /* AT&V, AT&V… in one line of 4,095 bytes at most */
#define MOST_BYTES     65536
#define ANSWER_PATTERN "+FCLASS"

static struct imqtt_modem *modem;
static size_t most_bytes;       /* of one block */
static size_t room;             /* what the terminal still takes */
static char tail[64];           /* the last that it took */
static size_t answers, tail_at; /* how often the pattern came */

static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)context, (void)purpose, (void)old_bytes;
    if (bytes > most_bytes)
        most_bytes = bytes;
    if (bytes > 0)
        return realloc(block, bytes);
    free(block);
    return NULL;
}

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    static const char pattern[] = ANSWER_PATTERN;
    (void)context;
    size_t taken = count < room ? count : room;
    for (size_t i = 0; i < taken; i++) {
        tail_at = bytes[i] == (uint8_t)pattern[tail_at] ? tail_at + 1 : bytes[i] == '+';
        if (pattern[tail_at] == '\0') {
            answers++;
            tail_at = 0;
        }
        memmove(tail, tail + 1, sizeof tail - 1);
        tail[sizeof tail - 1] = (char)bytes[i];
    }
    room -= taken;
    return taken;
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

static int begin(void **state)
{
    static const struct imqtt_options options = {.echo_off = true};
    static const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL},
        .network = {NULL, open_network, write_network, close_network},
        .memory = {NULL, resize},
    };
    (void)state;
    most_bytes = room = answers = tail_at = 0;
    modem = imqtt_modem_init(malloc(imqtt_modem_bytes()), &ports, &options, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    imqtt_modem_end(modem);
    free(modem);
    return 0;
}

static void type_long_line(void)
{
    static const uint8_t command[] = {'&', 'V'};
    imqtt_modem_terminal_input(modem, (const uint8_t *)"AT", 2, 0);
    for (int i = 0; i < COMMANDS; i++)
        imqtt_modem_terminal_input(modem, command, sizeof command, 0);
    assert_int_equal(imqtt_modem_terminal_input(modem, (const uint8_t *)"\r", 1, 0), 1);
    imqtt_modem_flush(modem, 0);
}

static void test_a_line_waits_for_the_terminal(void **state)
{
    (void)state;
    type_long_line();
    assert_true(most_bytes < MOST_BYTES);
    assert_true(imqtt_modem_wants(modem).terminal_room);
    assert_false(imqtt_modem_is_idle(modem));
    assert_true(imqtt_modem_next_deadline(modem) == IMQTT_NO_DEADLINE);
}

static void test_and_goes_on_as_the_terminal_takes_it(void **state)
{
    (void)state;
    type_long_line();
    for (int turn = 0; turn < 100000 && !imqtt_modem_is_idle(modem); turn++) {
        room = 1000;
        imqtt_modem_flush(modem, 600000);
    }
    assert_true(imqtt_modem_is_idle(modem));
    assert_true(most_bytes < MOST_BYTES);
    assert_int_equal(answers, COMMANDS);
    assert_memory_equal(tail + sizeof tail - 6, "\r\nOK\r\n", 6);
}

static void test_a_program_that_stops_ends_the_line(void **state)
{
    (void)state;
    type_long_line();
    imqtt_modem_shut_down(modem, 0);
    room = SIZE_MAX;
    imqtt_modem_flush(modem, 0);
    assert_true(imqtt_modem_is_idle(modem));
    assert_true(answers < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_line_waits_for_the_terminal, begin, end),
        cmocka_unit_test_setup_teardown(test_and_goes_on_as_the_terminal_takes_it, begin, end),
        cmocka_unit_test_setup_teardown(test_a_program_that_stops_ends_the_line, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
