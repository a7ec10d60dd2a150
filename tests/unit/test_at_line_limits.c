/* The line discipline: long lines, scarce memory, and what follows a line. */
#include "tests/unit/line_fixture.h"

#define BODY_BYTES (IMQTT_LINE_BYTES - 2)

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
    struct line line;
    line_init(&line, &lender.port);
    static struct heard heard;
    heard.lines = out_on(heard.bytes, sizeof heard.bytes);
    type_piece(&line, repeated("AT", 'x', 601, "\bzz\rA/AT2\r"), &heard, NULL);
    assert_bytes(out_written(&heard.lines), span_text("(no memory)\n(no memory)\n2\n"));
    line_end(&line);
}

static void a_flood_without_an_end_takes_no_memory(void **state)
{
    (void)state;
    struct line line;
    line_init(&line, &lender.port);
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
    struct line line;
    line_init(&line, &lender.port);
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
        struct line line;
        line_init(&line, &lender.port);
        type(&line, cases[i].typed);
        assert_int_equal(line_is_partial(&line), cases[i].partial);
        line_end(&line);
    }
}

/* Types the line that is followed by data, then both kinds of data: what came before the prompt
 * and what came after it. Returns what is left as data. */
static struct span data_behind(const char *typed, const char *early, const char *late)
{
    struct line line;
    line_init(&line, &lender.port);
    struct span before = span_text(early), data = span_text(late);
    type(&line, typed);
    line_swallow_early(&line, &before);
    struct span left = before;
    line_swallow_late(&line, &before);
    assert_bytes(before, left);
    if (before.count == 0) {
        line_swallow_late(&line, &data);
        left = data;
        line_swallow_late(&line, &data);
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

static void a_cr_behind_lf_belongs_to_the_line_of_a_host_that_types_lf_cr(void **state)
{
    (void)state;
    assert_bytes(data_behind("AT\n\rAT+D\n", "\rabc", ""), span_text("abc"));
    assert_bytes(data_behind("AT\n\rAT+D\n", "", "\rabc"), span_text("abc"));
    assert_bytes(data_behind("AT\n\rAT+D\n", "\r", "\rabc"), span_text("\rabc"));
    assert_bytes(data_behind("AT\n\rAT\n\rAT+D\n", "", "\rabc"), span_text("abc"));
    assert_bytes(data_behind("AT+D\n", "\rabc", ""), span_text("\rabc"));
    assert_bytes(data_behind("AT\nAT+D\n", "", "\rabc"), span_text("\rabc"));
    assert_bytes(data_behind("AT\n\rAT+D\r", "", "\nabc"), span_text("\nabc"));
}

static void a_nul_belongs_to_the_line_of_a_host_that_types_cr_nul(void **state)
{
    (void)state;
    static const uint8_t nul[] = {0};
    struct span piece = span_of(nul, 1);
    struct line line;
    line_init(&line, &lender.port);
    type(&line, "AT\r");
    line_swallow_early(&line, &piece);
    assert_int_equal(piece.count, 1); /* the first such line: it may be data */
    type(&line, "AT\r");
    line_feed(&line, &piece, NULL);
    type(&line, "AT+D\r");
    assert_true(line_expects_more(&line));
    piece = span_of(nul, 1);
    line_swallow_late(&line, &piece);
    assert_int_equal(piece.count, 0);
    piece = span_of(nul, 1);
    line_swallow_late(&line, &piece);
    assert_int_equal(piece.count, 1);
    line_end(&line);
}

static void expects_an_lf_only_between_the_cr_and_the_next_byte(void **state)
{
    (void)state;
    struct line line;
    line_init(&line, &lender.port);
    assert_false(line_expects_more(&line));
    type(&line, "AT\r");
    assert_false(line_expects_more(&line));
    type(&line, "\nAT\r");
    assert_true(line_expects_more(&line));
    type(&line, "\n");
    assert_false(line_expects_more(&line));
    type(&line, "AT\rA");
    assert_false(line_expects_more(&line));
    line_end(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(a_line_of_the_greatest_length_is_kept),
        LINE_TEST(a_longer_line_is_swallowed_to_its_end),
        LINE_TEST(a_long_line_without_at_is_ignored),
        LINE_TEST(repeating_a_line_that_was_too_long_fails_again),
        LINE_TEST(a_line_that_finds_no_memory_is_swallowed_and_reported),
        LINE_TEST(a_flood_without_an_end_takes_no_memory),
        LINE_TEST(a_large_block_is_returned_when_the_next_line_begins),
        LINE_TEST(knows_whether_the_host_is_in_the_middle_of_a_line),
        LINE_TEST(an_lf_that_came_before_the_prompt_belongs_to_the_line),
        LINE_TEST(a_later_lf_belongs_to_the_line_of_a_host_that_types_cr_lf),
        LINE_TEST(a_later_lf_is_data_from_any_other_host),
        LINE_TEST(a_cr_behind_lf_belongs_to_the_line_of_a_host_that_types_lf_cr),
        LINE_TEST(a_nul_belongs_to_the_line_of_a_host_that_types_cr_nul),
        LINE_TEST(expects_an_lf_only_between_the_cr_and_the_next_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
