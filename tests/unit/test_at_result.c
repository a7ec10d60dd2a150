/* Answers in every form that ATV, ATQ and AT+CMEE give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/params.h"
#include "core/at/result.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct fifo output;

static int open_output(void **state)
{
    (void)state;
    lender_init(&lender);
    fifo_init(&output, &lender.port, IMQTT_MEMORY_OUTPUT, 1000);
    return 0;
}

static int close_output(void **state)
{
    (void)state;
    fifo_clear(&output);
    return lender.blocks == 0 ? 0 : -1;
}

static void assert_output(const char *expected)
{
    struct span waiting = fifo_waiting(&output);
    assert_int_equal(waiting.count, strlen(expected));
    if (waiting.count > 0)
        assert_memory_equal(waiting.bytes, expected, waiting.count);
    fifo_take(&output, waiting.count);
}

static void assert_final(struct at_format format, enum imqtt_status status, const char *expected)
{
    result_final(&format, &output, status);
    assert_output(expected);
}

static void the_default_format_is_verbose_with_echo(void **state)
{
    (void)state;
    struct at_format format = AT_FORMAT_DEFAULT;
    assert_true(format.echo);
    assert_final(format, IMQTT_DONE, "\r\nOK\r\n");
    assert_final(format, IMQTT_BAD_PARAMETERS, "\r\nERROR\r\n");
}

static void results_are_digits_with_atv0(void **state)
{
    (void)state;
    struct at_format format = {.verbose = false};
    assert_final(format, IMQTT_DONE, "0\r");
    assert_final(format, IMQTT_NOT_SUPPORTED, "4\r");
}

static void results_are_silent_with_atq1(void **state)
{
    (void)state;
    struct at_format format = {.verbose = true, .quiet = true, .error_form = 1};
    assert_final(format, IMQTT_DONE, "");
    assert_final(format, IMQTT_NOT_SUPPORTED, "");
    struct out line = result_begin_line(&format, &output);
    out_text(&line, "hi");
    assert_true(result_end_line(&output, &line));
    assert_output("\r\nhi\r\n");
}

static void every_error_has_its_number_and_text(void **state)
{
    (void)state;
    static const struct {
        enum imqtt_status status;
        const char *number, *text;
    } errors[] = {
#define ERROR_CASE(name, number, text)                                                             \
    {name, "\r\n+CME ERROR: " #number "\r\n", "\r\n+CME ERROR: " text "\r\n"},
        IMQTT_ERRORS(ERROR_CASE) IMQTT_DIALECT_ERRORS(ERROR_CASE)
#undef ERROR_CASE
    };
    struct at_format number = {.verbose = true, .error_form = 1};
    struct at_format text = {.verbose = true, .error_form = 2};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_final(number, errors[i].status, errors[i].number);
        assert_final(text, errors[i].status, errors[i].text);
    }
    assert_final(number, IMQTT_DONE, "\r\nOK\r\n");
    assert_final(text, IMQTT_DONE, "\r\nOK\r\n");
}

static void numbered_errors_keep_their_frame_with_atv0(void **state)
{
    (void)state;
    struct at_format format = {.verbose = false, .error_form = 1};
    assert_final(format, IMQTT_NOT_ALLOWED, "\r\n+CME ERROR: 3\r\n");
    assert_final(format, IMQTT_DONE, "0\r");
}

static void an_unknown_error_has_the_text_unknown(void **state)
{
    (void)state;
    struct at_format format = {.verbose = true, .error_form = 2};
    assert_final(format, (enum imqtt_status)99, "\r\n+CME ERROR: unknown\r\n");
}

static void information_lines_lose_the_leading_line_end_with_atv0(void **state)
{
    (void)state;
    struct at_format format = {.verbose = false};
    struct out line = result_begin_line(&format, &output);
    out_text(&line, "+CSQ: 25");
    assert_true(result_end_line(&output, &line));
    assert_output("+CSQ: 25\r\n");
}

static void a_line_without_room_is_not_written(void **state)
{
    (void)state;
    struct at_format format = AT_FORMAT_DEFAULT;
    struct out line = result_begin_line(&format, &output);
    assert_non_null(out_claim(&line, 997));
    assert_false(result_end_line(&output, &line));
    line = result_begin_line(&format, &output);
    assert_null(out_claim(&line, 1001));
    assert_false(result_end_line(&output, &line));
    assert_output("");
}

/* ---- strings ------------------------------------------------------------------------------- */

/* commands.md section 3: what is read can be typed back. */
static void assert_typed_back(struct span string)
{
    uint8_t line_bytes[64], text_bytes[64];
    struct out line = out_on(line_bytes, sizeof line_bytes);
    struct out text = out_on(text_bytes, sizeof text_bytes);
    quoting_put_string(&line, string);
    struct params params = params_of(line_bytes, line.count);
    text_put(params_text(&params, sizeof text_bytes), &text);
    assert_int_equal(params_end(&params), IMQTT_DONE);
    assert_true(span_equal(out_written(&text), string));
    text = out_on(text_bytes, sizeof text_bytes);
    params = params_of(line_bytes, line.count);
    text_put(params_message(&params), &text);
    assert_int_equal(params_end(&params), IMQTT_DONE);
    assert_true(span_equal(out_written(&text), string));
}

static void what_is_read_can_be_typed_back(void **state)
{
    (void)state;
    static const char alphabet[] = "ab\"\\,{}[] \t?;";
    uint32_t random = 1;
    for (int turn = 0; turn < 5000; turn++) {
        uint8_t bytes[8];
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = (uint8_t)alphabet[(random >> 8) % (sizeof alphabet - 1)];
        }
        assert_typed_back(span_of(bytes, (size_t)turn % 9));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_output, close_output)
    const struct CMUnitTest tests[] = {
        TEST(the_default_format_is_verbose_with_echo),
        TEST(results_are_digits_with_atv0),
        TEST(results_are_silent_with_atq1),
        TEST(every_error_has_its_number_and_text),
        TEST(numbered_errors_keep_their_frame_with_atv0),
        TEST(an_unknown_error_has_the_text_unknown),
        TEST(information_lines_lose_the_leading_line_end_with_atv0),
        TEST(a_line_without_room_is_not_written),
        TEST(what_is_read_can_be_typed_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
