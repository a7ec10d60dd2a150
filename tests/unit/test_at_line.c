/* The line discipline. Every host here is played whole, byte by byte, and split at random: the
 * lines and the echo must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/line.h"
#include "imqtt/limits.h"
#include "tests/unit/lender.h"

#define BODY_BYTES (IMQTT_LINE_BYTES - 2)

/* What came out: the body of each line with a newline, or how it failed. */
struct heard {
    uint8_t bytes[4 * IMQTT_LINE_BYTES];
    struct out lines;
};

static struct lender lender;

static int lend(void **state)
{
    (void)state;
    lender_init(&lender);
    return 0;
}

static int all_is_given_back(void **state)
{
    (void)state;
    return lender.blocks == 0 ? 0 : -1;
}

static void hear(struct heard *heard, struct line *line, enum line_event event)
{
    size_t count;
    uint8_t *body = line_body(line, &count);
    if (event == LINE_READY)
        out_span(&heard->lines, span_of(body, count));
    else
        out_text(&heard->lines, event == LINE_TOO_LONG ? "(too long)" : "(no memory)");
    out_u8(&heard->lines, '\n');
}

/* A copy of exactly that size shows the sanitizer a step beyond its end. */
static void type_piece(struct line *line, struct span piece, struct heard *heard, struct fifo *echo)
{
    uint8_t *copy = malloc(piece.count);
    assert_non_null(copy);
    memcpy(copy, piece.bytes, piece.count);
    struct span in = span_of(copy, piece.count);
    while (in.count > 0) {
        enum line_event event = line_feed(line, &in, echo);
        if (event != LINE_MORE)
            hear(heard, line, event);
        else
            assert_int_equal(in.count, 0);
    }
    free(copy);
}

static uint32_t random_state;

static size_t random_up_to(size_t most)
{
    random_state = random_state * 1664525 + 1013904223;
    return 1 + (random_state >> 8) % most;
}

static void assert_bytes(struct span actual, struct span expected)
{
    assert_int_equal(actual.count, expected.count);
    if (expected.count > 0)
        assert_memory_equal(actual.bytes, expected.bytes, expected.count);
}

/* Types in pieces of up to so many bytes. */
static void play_in_pieces(struct span typed, size_t most_bytes, bool random, struct span lines,
                           struct span echoed)
{
    struct line line = line_init(&lender.port);
    struct fifo echo = fifo_from(&lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
    static struct heard heard;
    heard.lines = out_on(heard.bytes, sizeof heard.bytes);
    struct span piece;
    while (typed.count > 0) {
        size_t count = random ? random_up_to(most_bytes) : most_bytes;
        span_take(&typed, count < typed.count ? count : typed.count, &piece);
        type_piece(&line, piece, &heard, &echo);
    }
    assert_false(heard.lines.overflowed);
    assert_bytes(out_written(&heard.lines), lines);
    assert_bytes(fifo_waiting(&echo), echoed);
    fifo_clear(&echo);
    line_end(&line);
}

static void play_bytes(struct span typed, struct span lines, struct span echoed)
{
    play_in_pieces(typed, typed.count, false, lines, echoed);
    play_in_pieces(typed, 1, false, lines, echoed);
    for (random_state = 0; random_state < 20; random_state++) {
        uint32_t seed = random_state;
        play_in_pieces(typed, 1 + seed, true, lines, echoed);
        random_state = seed;
    }
}

static void play(const char *typed, const char *lines, const char *echoed)
{
    play_bytes(span_text(typed), span_text(lines), span_text(echoed));
}

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
    struct line line = line_init(&lender.port);
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

/* ---- length and memory --------------------------------------------------------------------- */

static struct span repeated(const char *before, char filler, size_t count, const char *after)
{
    static uint8_t bytes[4][3 * IMQTT_LINE_BYTES];
    static unsigned turn;
    turn = (turn + 1) % 4;
    struct out out = out_on(bytes[turn], sizeof bytes[turn]);
    out_text(&out, before);
    memset(out_claim(&out, count), filler, count);
    out_text(&out, after);
    return out_written(&out);
}

static void a_line_of_the_greatest_length_is_kept(void **state)
{
    (void)state;
    struct span typed = repeated("AT", 'x', BODY_BYTES, "\r");
    play_bytes(typed, repeated("", 'x', BODY_BYTES, "\n"), typed);
    struct span junk = repeated("junk \x01\x02 AT", 'x', BODY_BYTES, "\x03\r");
    play_bytes(junk, repeated("", 'x', BODY_BYTES, "\n"),
               repeated("junk  AT", 'x', BODY_BYTES, "\r"));
}

static void a_longer_line_is_swallowed_to_its_end(void **state)
{
    (void)state;
    struct span typed = repeated("AT", 'x', BODY_BYTES + 1, "\b\bAT\rAT1\r");
    struct span echoed = repeated("AT", 'x', BODY_BYTES + 1, "AT\rAT1\r");
    play_bytes(typed, span_text("(too long)\n1\n"), echoed);
}

static void a_long_line_without_at_is_ignored(void **state)
{
    (void)state;
    struct span typed = repeated("", 'x', 2 * IMQTT_LINE_BYTES, "\rAT1\r");
    play_bytes(typed, span_text("1\n"), typed);
}

static void repeating_a_line_that_was_too_long_fails_again(void **state)
{
    (void)state;
    struct span typed = repeated("AT", 'x', BODY_BYTES + 1, "\rA/AT1\rA/");
    play_bytes(typed, span_text("(too long)\n(too long)\n1\n1\n"), typed);
}

static void a_line_that_finds_no_memory_is_swallowed_and_reported(void **state)
{
    (void)state;
    lender.limit_bytes = 600;
    struct line line = line_init(&lender.port);
    static struct heard heard;
    heard.lines = out_on(heard.bytes, sizeof heard.bytes);
    type_piece(&line, repeated("AT", 'x', 601, "\bzz\rA/AT2\r"), &heard, NULL);
    assert_bytes(out_written(&heard.lines), span_text("(no memory)\n(no memory)\n2\n"));
    line_end(&line);
}

static void a_flood_without_an_end_takes_no_memory(void **state)
{
    (void)state;
    struct line line = line_init(&lender.port);
    struct span flood = repeated("AT", 'x', 2 * IMQTT_LINE_BYTES, "");
    for (int i = 0; i < 100; i++) {
        struct span in = flood;
        assert_int_equal(line_feed(&line, &in, NULL), LINE_MORE);
    }
    assert_int_equal(lender.blocks, 0);
    assert_true(line_is_partial(&line));
    struct span in = span_text("\r");
    assert_int_equal(line_feed(&line, &in, NULL), LINE_TOO_LONG);
    line_end(&line);
}

static void a_large_block_is_returned_when_the_next_line_begins(void **state)
{
    (void)state;
    struct line line = line_init(&lender.port);
    struct span in = repeated("AT", 'x', 513, "\rAT");
    assert_int_equal(line_feed(&line, &in, NULL), LINE_READY);
    assert_int_equal(line_feed(&line, &in, NULL), LINE_MORE);
    assert_true(line.lease.capacity > 512);
    in = span_text("1");
    assert_int_equal(line_feed(&line, &in, NULL), LINE_MORE);
    assert_true(line.lease.capacity <= 512);
    line_end(&line);
}

/* ---- the middle of a line, and what follows it --------------------------------------------- */

static void type(struct line *line, const char *text)
{
    struct span in = span_text(text);
    while (in.count > 0)
        line_feed(line, &in, NULL);
}

static void knows_whether_the_host_is_in_the_middle_of_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool partial;
    } cases[] = {{"", false},       {"x", true},     {"A", true},       {"AT", true},
                 {"AT+X", true},    {"AT\r", false}, {"AT\r\n", false}, {"hello\n", false},
                 {"A/", false},     {"\x01", false}, {"AT\b\b", false}, {"AT\rA", true},
                 {"ATx\b\b", true}, {"\r\n", false}, {"AT\r\nx", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line line = line_init(&lender.port);
        type(&line, cases[i].typed);
        assert_int_equal(line_is_partial(&line), cases[i].partial);
        line_end(&line);
    }
}

/* Types the line that is followed by data, then both kinds of data: what came before the prompt
 * and what came after it. Returns what is left as data. */
static struct span data_behind(const char *typed, const char *early, const char *late)
{
    struct line line = line_init(&lender.port);
    struct span before = span_text(early), data = span_text(late);
    type(&line, typed);
    line_swallow_lf(&line, &before);
    struct span left = before;
    line_take_late_lf(&line, &before);
    assert_bytes(before, left);
    if (before.count == 0) {
        line_take_late_lf(&line, &data);
        left = data;
        line_take_late_lf(&line, &data);
        assert_bytes(data, left);
        before = data;
    }
    line_end(&line);
    return before;
}

static void an_lf_that_came_before_the_prompt_belongs_to_the_line(void **state)
{
    (void)state;
    assert_bytes(data_behind("AT+D\r", "\nabc", ""), span_text("abc"));
    assert_bytes(data_behind("AT+D\r", "\n\nabc", ""), span_text("\nabc"));
    assert_bytes(data_behind("AT+D\r", "\n", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("AT+D\r", "abc", ""), span_text("abc"));
    assert_bytes(data_behind("AT+D\n", "\nabc", ""), span_text("\nabc"));
}

static void a_later_lf_belongs_to_the_line_of_a_host_that_types_cr_lf(void **state)
{
    (void)state;
    assert_bytes(data_behind("AT\r\nAT+D\r", "", "\nabc"), span_text("abc"));
    assert_bytes(data_behind("AT\r\nAT+D\r", "", "abc"), span_text("abc"));
    assert_bytes(data_behind("AT\r\nAT+D\r", "", "\n\n"), span_text("\n"));
    assert_bytes(data_behind("AT\r\nA/\r\nAT+D\r", "", "\nabc"), span_text("abc"));
}

static void a_later_lf_is_data_from_any_other_host(void **state)
{
    (void)state;
    assert_bytes(data_behind("AT+D\r", "", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("AT\rAT+D\r", "", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("AT\nAT+D\r", "", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("AT\r\nAT\rAT+D\r", "", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("AT\r\nAT+D\n", "", "\nabc"), span_text("\nabc"));
    assert_bytes(data_behind("A/", "", "\nabc"), span_text("\nabc"));
}

static void expects_an_lf_only_between_the_cr_and_the_next_byte(void **state)
{
    (void)state;
    struct line line = line_init(&lender.port);
    assert_false(line_expects_lf(&line));
    type(&line, "AT\r");
    assert_false(line_expects_lf(&line));
    type(&line, "\nAT\r");
    assert_true(line_expects_lf(&line));
    type(&line, "\n");
    assert_false(line_expects_lf(&line));
    type(&line, "AT\rA");
    assert_false(line_expects_lf(&line));
    line_end(&line);
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
        random_state = seed * 7919;
        for (size_t i = 0; i < sizeof typed; i++)
            typed[i] = (uint8_t)alphabet[random_up_to(sizeof alphabet - 1) - 1];
        struct line line = line_init(&lender.port);
        struct fifo echo = fifo_from(&lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, lend, all_is_given_back)
    const struct CMUnitTest tests[] = {
        TEST(finds_at_in_any_case),
        TEST(ignores_what_comes_before_at),
        TEST(ignores_lines_without_at),
        TEST(ends_a_line_at_cr_lf_or_both_in_either_order),
        TEST(keeps_spaces_tabs_and_bytes_over_0x7f_as_they_are),
        TEST(echoes_nothing_without_an_echo),
        TEST(drops_control_bytes_before_the_first_quote),
        TEST(keeps_control_bytes_behind_a_quote),
        TEST(a_quote_before_at_or_in_an_earlier_line_does_not_count),
        TEST(backspace_and_del_remove_the_last_character),
        TEST(backspace_removes_a_character_of_utf8_whole),
        TEST(backspace_removes_a_byte_that_is_no_utf8_alone),
        TEST(backspace_works_over_the_prefix),
        TEST(backspace_at_the_start_of_a_line_is_silent),
        TEST(a_slash_repeats_at_once),
        TEST(a_slash_before_any_line_repeats_an_empty_one),
        TEST(a_slash_counts_only_at_the_very_start_of_a_line),
        TEST(lines_without_at_do_not_change_what_is_repeated),
        TEST(a_line_of_the_greatest_length_is_kept),
        TEST(a_longer_line_is_swallowed_to_its_end),
        TEST(a_long_line_without_at_is_ignored),
        TEST(repeating_a_line_that_was_too_long_fails_again),
        TEST(a_line_that_finds_no_memory_is_swallowed_and_reported),
        TEST(a_flood_without_an_end_takes_no_memory),
        TEST(a_large_block_is_returned_when_the_next_line_begins),
        TEST(knows_whether_the_host_is_in_the_middle_of_a_line),
        TEST(an_lf_that_came_before_the_prompt_belongs_to_the_line),
        TEST(a_later_lf_belongs_to_the_line_of_a_host_that_types_cr_lf),
        TEST(a_later_lf_is_data_from_any_other_host),
        TEST(expects_an_lf_only_between_the_cr_and_the_next_byte),
        TEST(how_bytes_are_split_never_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
