/* Commands of an application's own: found, separated, waited for and answered as the modem's are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "imqtt/inspect.h"
#include "tests/unit/lender.h"

struct maker {
    struct lender lender;
    struct imqtt_modem *modem;
    char seen[4096];   /* by the host */
    char calls[256];   /* form, parameters | */
    unsigned warnings; /* a preset was refused */
};

static void append(char *text, size_t room, const void *bytes, size_t count)
{
    size_t before = strlen(text);
    assert_true(before + count < room);
    if (count > 0) /* else bytes may be NULL */
        memcpy(text + before, bytes, count);
    text[before + count] = '\0';
}

static size_t see(void *context, const uint8_t *bytes, size_t count)
{
    struct maker *maker = context;
    append(maker->seen, sizeof maker->seen, bytes, count);
    return count;
}

static void note_warning(void *context, const struct imqtt_news *news)
{
    struct maker *maker = context;
    maker->warnings += news->kind == IMQTT_NEWS_WARNING;
}

static enum imqtt_status note(void *context, const struct imqtt_own_call *call)
{
    struct maker *maker = context;
    assert_ptr_equal(call->modem, maker->modem);
    append(maker->calls, sizeof maker->calls, &"XSRT"[call->form], 1);
    append(maker->calls, sizeof maker->calls, call->params, call->count);
    append(maker->calls, sizeof maker->calls, "|", 1);
    if (call->form == IMQTT_FORM_READ)
        return imqtt_modem_say_line(call->modem, "+XLED: 1") ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
    return call->form == IMQTT_FORM_TEST ? IMQTT_NOT_ALLOWED : IMQTT_DONE;
}

static enum imqtt_status wait(void *context, const struct imqtt_own_call *call)
{
    (void)context, (void)call;
    return IMQTT_PENDING;
}

static const struct imqtt_own_command commands[] = {
    {"+XLED", note}, {"+XWAIT", wait}, {"E", note},     {"^SYSCFG", note}, {"$Q", note},
    {"#MON", note},  {"%T1", note},    {"*STAT", note}, {"!BAND", note},
};

static void start(struct maker *maker, const char *const *presets, size_t preset_count)
{
    const struct imqtt_own_commands own = {commands, sizeof commands / sizeof *commands, maker};
    static struct imqtt_own_commands kept; /* the modem does not copy it */
    memset(maker, 0, sizeof *maker);
    lender_init(&maker->lender);
    kept = own;
    const struct imqtt_ports ports = {.terminal = {maker, see, NULL},
                                      .memory = maker->lender.port,
                                      .news = {.context = maker, .tell = note_warning}};
    const struct imqtt_options options = {.own_commands = &kept,
                                          .echo_off = true,
                                          .error_form = 1,
                                          .presets = presets,
                                          .preset_count = preset_count};
    maker->modem = imqtt_modem_init(test_malloc(imqtt_modem_bytes()), &ports, &options, 0);
}

static void end(struct maker *maker)
{
    imqtt_modem_end(maker->modem);
    test_free(maker->modem);
    assert_int_equal(maker->lender.blocks, 0);
}

static void expect(struct maker *maker, const char *seen, const char *calls)
{
    imqtt_modem_flush(maker->modem, 2);
    assert_string_equal(maker->seen, seen);
    assert_string_equal(maker->calls, calls);
    maker->seen[0] = maker->calls[0] = '\0';
}

static void type(struct maker *maker, const char *line)
{
    imqtt_modem_terminal_input(maker->modem, (const uint8_t *)line, strlen(line), 1);
}

static void each_form_is_called_with_what_was_typed(void **state)
{
    struct maker maker;
    (void)state;
    start(&maker, NULL, 0);
    type(&maker, "AT+XLED\r");
    expect(&maker, "\r\nOK\r\n", "X|");
    type(&maker, "at+xled = 1,\"a;b\";+XLED?\r");
    expect(&maker, "\r\n+XLED: 1\r\n\r\nOK\r\n", "S1,\"a;b\"|R|");
    type(&maker, "AT+XLED=?\r");
    expect(&maker, "\r\n+CME ERROR: 3\r\n", "T|");
    type(&maker, "AT+XLED?1\r");
    expect(&maker, "\r\n+CME ERROR: 50\r\n", "");
    type(&maker, "AT+XLED1x!\r");
    expect(&maker, "\r\n+CME ERROR: 4\r\n", "");
    type(&maker, "AT+XLED 1\r");
    expect(&maker, "\r\n+CME ERROR: 4\r\n", "");
    end(&maker);
}

static void what_the_modem_has_stays_its_own(void **state)
{
    struct maker maker;
    (void)state;
    start(&maker, NULL, 0);
    type(&maker, "ATE0\r");
    expect(&maker, "\r\nOK\r\n", "");
    type(&maker, "AT+CLAC\r");
    imqtt_modem_flush(maker.modem, 2);
    assert_non_null(strstr(maker.seen, "\r\nAT+IMQTTCONN\r\n"));
    assert_non_null(strstr(maker.seen, "\r\nAT+XLED\r\n"));
    end(&maker);
}

static void names_begin_as_makers_begin_them(void **state)
{
    struct maker maker;
    (void)state;
    start(&maker, NULL, 0);
    type(&maker, "AT^SYSCFG=2,\"a;b\";^syscfg;E0$Q=1\r");
    expect(&maker, "\r\nOK\r\n", "S2,\"a;b\"|X|S1|");
    type(&maker, "AT#MON;%T1;*STAT;!BAND\r");
    expect(&maker, "\r\nOK\r\n", "X|X|X|X|");
    type(&maker, "AT^SYSCFGX\r");
    expect(&maker, "\r\n+CME ERROR: 4\r\n", "");
    type(&maker, "AT+SYSCFG\r");
    expect(&maker, "\r\n+CME ERROR: 4\r\n", "");
    end(&maker);
}

static void a_result_may_come_later(void **state)
{
    struct maker maker;
    (void)state;
    start(&maker, NULL, 0);
    imqtt_modem_finish_own(maker.modem, IMQTT_DONE, 1); /* there is none */
    expect(&maker, "", "");
    type(&maker, "AT+XWAIT;+XLED\r");
    expect(&maker, "", "");
    assert_false(imqtt_modem_is_idle(maker.modem));
    assert_true(imqtt_modem_say_line(maker.modem, "+XWAIT: 5"));
    imqtt_modem_finish_own(maker.modem, IMQTT_DONE, 2);
    expect(&maker, "\r\n+XWAIT: 5\r\n\r\nOK\r\n", "X|");
    type(&maker, "AT+XWAIT;+XLED\r");
    imqtt_modem_finish_own(maker.modem, IMQTT_UNKNOWN_ERROR, 2);
    expect(&maker, "\r\n+CME ERROR: 100\r\n", "");
    assert_true(imqtt_modem_is_idle(maker.modem));
    end(&maker);
}

static void a_preset_has_none_of_them(void **state)
{
    static const char *const presets[] = {"AT+XLED=1"};
    struct maker maker;
    (void)state;
    start(&maker, presets, 1);
    assert_int_equal(maker.warnings, 1);
    expect(&maker, "", "");
    end(&maker);
}

static void without_memory_a_line_is_not_said(void **state)
{
    struct maker maker;
    (void)state;
    start(&maker, NULL, 0);
    type(&maker, "AT+XWAIT\r");
    maker.lender.limit_bytes = 0;
    static const char text[] =
        "+XWAIT: "
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789012345678901234567890123456789";
    assert_false(imqtt_modem_say_line(maker.modem, text));
    maker.lender.limit_bytes = SIZE_MAX;
    imqtt_modem_finish_own(maker.modem, IMQTT_DONE, 2);
    expect(&maker, "\r\nOK\r\n", "");
    end(&maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_called_with_what_was_typed),
        cmocka_unit_test(what_the_modem_has_stays_its_own),
        cmocka_unit_test(names_begin_as_makers_begin_them),
        cmocka_unit_test(a_result_may_come_later),
        cmocka_unit_test(a_preset_has_none_of_them),
        cmocka_unit_test(without_memory_a_line_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
