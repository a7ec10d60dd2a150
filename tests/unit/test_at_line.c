/* The line discipline: prefix, terminators, control bytes, editing, repeating. */
#include "tests/unit/line_fixture.h"

/* ---- prefix and terminator ----------------------------------------------------------------- */

static void finds_at_in_any_case(void **state)
{
    (void)state;
    play("AT\r", "\n", "AT\r");
    play("AT+CSQ\r", "+CSQ\n", "AT+CSQ\r");
    play("at+csq\raTi\rAtI\r", "+csq\ni\nI\n", "at+csq\raTi\rAtI\r");
}

static void ignores_what_comes_before_at(void **state)
{
    (void)state;
    play("xyz AT+A\r", "+A\n", "xyz AT+A\r");
    play("AAT+A\r", "+A\n", "AAT+A\r");
    play("AxAaAt+A\r", "+A\n", "AxAaAt+A\r");
    play("ATAT\r", "AT\n", "ATAT\r");
    play("\xFF\xFE"
         "AT\r",
         "\n",
         "\xFF\xFE"
         "AT\r");
}

static void ignores_lines_without_at(void **state)
{
    (void)state;
    play("\r\n\r\n\r\r\n\n", "", "\r\r\r\r\n");
    play("hello\rA\rT\rA T\r", "", "hello\rA\rT\rA T\r");
    play("A\rT+X\rAT\r", "\n", "A\rT+X\rAT\r");
}

static void ends_a_line_at_cr_lf_or_both_in_either_order(void **state)
{
    (void)state;
    play("AT1\rAT2\r", "1\n2\n", "AT1\rAT2\r");
    play("AT1\nAT2\n", "1\n2\n", "AT1\nAT2\n");
    play("AT1\r\nAT2\r\n", "1\n2\n", "AT1\rAT2\r");
    play("AT1\n\rAT2\n\r", "1\n2\n", "AT1\n\rAT2\n\r");
}

static void keeps_spaces_tabs_and_bytes_over_0x7f_as_they_are(void **state)
{
    (void)state;
    play("AT + X = \t a\r", " + X = \t a\n", "AT + X = \t a\r");
    play("AT+X=温度\t\xFF\r", "+X=温度\t\xFF\n", "AT+X=温度\t\xFF\r");
}

static void echoes_nothing_without_an_echo(void **state)
{
    (void)state;
    struct line line;
    line_init(&line, &lender.port);
    struct span in = span_text("AB\bT+CSQ\r\n");
    assert_int_equal(line_feed(&line, &in, NULL), LINE_READY);
    assert_int_equal(in.count, 1);
    assert_int_equal(line_feed(&line, &in, NULL), LINE_MORE);
    assert_int_equal(in.count, 0);
    line_end(&line);
}

/* ---- control bytes ------------------------------------------------------------------------- */

static void drops_control_bytes_before_the_first_quote(void **state)
{
    (void)state;
    struct span typed = {(const uint8_t *)"\0A\x01T\x1B+\x1F\0X\x0B\r", 11};
    play_bytes(typed, span_text("+X\n"), span_text("AT+X\r"));
}

static void keeps_control_bytes_behind_a_quote(void **state)
{
    (void)state;
    struct span typed = {(const uint8_t *)"AT+X=\x02\"a\0b\"\x03\r", 14};
    struct span lines = {(const uint8_t *)"+X=\"a\0b\"\x03\n", 10};
    struct span echoed = {(const uint8_t *)"AT+X=\"a\0b\"\x03\r", 12};
    play_bytes(typed, lines, echoed);
}

static void a_quote_before_at_or_in_an_earlier_line_does_not_count(void **state)
{
    (void)state;
    play("\"AT\x01+X\r", "+X\n", "\"AT+X\r");
    play("AT\"\rAT\x01+X\r", "\"\n+X\n", "AT\"\rAT+X\r");
    play("AT\"\b\x01+X\r", "+X\n", "AT\"\b \b+X\r");
}

/* ---- editing ------------------------------------------------------------------------------- */

static void backspace_and_del_remove_the_last_character(void **state)
{
    (void)state;
    play("AT+CSX\bQ\r", "+CSQ\n", "AT+CSX\b \bQ\r");
    play("AT+CSX\x7FQ\r", "+CSQ\n", "AT+CSX\b \bQ\r");
    play("ATab\b\b\rAT\r", "\n\n", "ATab\b \b\b \b\rAT\r");
}

static void backspace_removes_a_character_of_utf8_whole(void **state)
{
    (void)state;
    play("AT=\xC3\xA9\b1\r", "=1\n", "AT=\xC3\xA9\b \b1\r");
    play("AT=温\b1\r", "=1\n", "AT=温\b \b1\r");
    play("AT=\xF0\x9F\x98\x80\b1\r", "=1\n", "AT=\xF0\x9F\x98\x80\b \b1\r");
}

static void backspace_removes_a_byte_that_is_no_utf8_alone(void **state)
{
    (void)state;
    play("AT=a\xA9\b1\r", "=a1\n", "AT=a\xA9\b \b1\r");
    play("AT\x80\x80\x80\x80\x80\b\r", "\x80\x80\x80\x80\n", "AT\x80\x80\x80\x80\x80\b \b\r");
    play("AT\x80\b\b\bAT\r", "\n", "AT\x80\b \b\b \b\b \bAT\r");
}

static void backspace_works_over_the_prefix(void **state)
{
    (void)state;
    play("AS\bT+X\r", "+X\n", "AS\b \bT+X\r");
    play("xAT\b\b\bAT\r", "\n", "xAT\b \b\b \b\b \bAT\r");
    play("AT+\b\bT1\r", "1\n", "AT+\b \b\b \bT1\r");
    play("AT\bX\r", "", "AT\b \bX\r");
    play("AAT\b\bT2\r", "2\n", "AAT\b \b\b \bT2\r");
}

static void backspace_at_the_start_of_a_line_is_silent(void **state)
{
    (void)state;
    play("\b\x7F\bAT\r", "\n", "AT\r");
    play("AT\r\b\bAT\r", "\n\n", "AT\rAT\r");
    play("x\b\bA/", "\n", "x\b \bA/");
}

/* ---- repeating ----------------------------------------------------------------------------- */

static void a_slash_repeats_at_once(void **state)
{
    (void)state;
    play("AT+CSQ\rA/a/", "+CSQ\n+CSQ\n+CSQ\n", "AT+CSQ\rA/a/");
    play("AT+CSQ\r\nA/\r\nAT1\r\n", "+CSQ\n+CSQ\n1\n", "AT+CSQ\rA/\rAT1\r");
}

static void a_slash_before_any_line_repeats_an_empty_one(void **state)
{
    (void)state;
    play("A/", "\n", "A/");
}

static void a_slash_counts_only_at_the_very_start_of_a_line(void **state)
{
    (void)state;
    play("AT1\rxA/\r A/\rAA/\rATA/\r", "1\nA/\n", "AT1\rxA/\r A/\rAA/\rATA/\r");
    play("AT1\rAx\b/", "1\n1\n", "AT1\rAx\b \b/");
}

static void lines_without_at_do_not_change_what_is_repeated(void **state)
{
    (void)state;
    play("AT+CSQ\rhello\r\rA/", "+CSQ\n+CSQ\n", "AT+CSQ\rhello\r\rA/");
    play("AT+CSQ\rAT\b\b\rA/", "+CSQ\n+CSQ\n", "AT+CSQ\rAT\b \b\b \b\rA/");
    play("AT+CSQ\rAT\rA/", "+CSQ\n\n\n", "AT+CSQ\rAT\rA/");
}

/* ---- everything at once -------------------------------------------------------------------- */

/* The bytes that matter, at random: whatever they mean, it does not depend on how they arrive. */
static void how_bytes_are_split_never_matters(void **state)
{
    (void)state;
    static const char alphabet[] = "AATTat/+x=\",\r\n\b\x7F\x01\t\xC3\xA9";
    static struct heard whole;
    for (uint32_t seed = 1; seed <= 300; seed++) {
        uint8_t typed[200];
        random_seed(seed * 7919);
        for (size_t i = 0; i < sizeof typed; i++)
            typed[i] = (uint8_t)alphabet[random_up_to(sizeof alphabet - 1) - 1];
        struct line line;
        line_init(&line, &lender.port);
        struct fifo echo;
        fifo_init(&echo, &lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
        whole.lines = out_on(whole.bytes, sizeof whole.bytes);
        type_piece(&line, span_of(typed, sizeof typed), &whole, &echo);
        static uint8_t expected[sizeof whole.bytes];
        memcpy(expected, whole.bytes, whole.lines.count);
        play_bytes(span_of(typed, sizeof typed), span_of(expected, whole.lines.count),
                   fifo_waiting(&echo));
        fifo_clear(&echo);
        line_end(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(finds_at_in_any_case),
        LINE_TEST(ignores_what_comes_before_at),
        LINE_TEST(ignores_lines_without_at),
        LINE_TEST(ends_a_line_at_cr_lf_or_both_in_either_order),
        LINE_TEST(keeps_spaces_tabs_and_bytes_over_0x7f_as_they_are),
        LINE_TEST(echoes_nothing_without_an_echo),
        LINE_TEST(drops_control_bytes_before_the_first_quote),
        LINE_TEST(keeps_control_bytes_behind_a_quote),
        LINE_TEST(a_quote_before_at_or_in_an_earlier_line_does_not_count),
        LINE_TEST(backspace_and_del_remove_the_last_character),
        LINE_TEST(backspace_removes_a_character_of_utf8_whole),
        LINE_TEST(backspace_removes_a_byte_that_is_no_utf8_alone),
        LINE_TEST(backspace_works_over_the_prefix),
        LINE_TEST(backspace_at_the_start_of_a_line_is_silent),
        LINE_TEST(a_slash_repeats_at_once),
        LINE_TEST(a_slash_before_any_line_repeats_an_empty_one),
        LINE_TEST(a_slash_counts_only_at_the_very_start_of_a_line),
        LINE_TEST(lines_without_at_do_not_change_what_is_repeated),
        LINE_TEST(how_bytes_are_split_never_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
