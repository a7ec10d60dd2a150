#include "tests/unit/line_fixture.h"

struct lender lender;

int lend(void **state)
{
    (void)state;
    lender_init(&lender);
    return 0;
}

int all_is_given_back(void **state)
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
void type_piece(struct line *line, struct span piece, struct heard *heard, struct fifo *echo)
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

void random_seed(uint32_t seed)
{
    random_state = seed;
}

size_t random_up_to(size_t most)
{
    random_state = random_state * 1664525 + 1013904223;
    return 1 + (random_state >> 8) % most;
}

void assert_bytes(struct span actual, struct span expected)
{
    assert_int_equal(actual.count, expected.count);
    if (expected.count > 0)
        assert_memory_equal(actual.bytes, expected.bytes, expected.count);
}

/* Types in pieces of up to so many bytes. */
static void play_in_pieces(struct span typed, size_t most_bytes, bool random, struct span lines,
                           struct span echoed)
{
    struct line line;
    line_init(&line, &lender.port);
    struct fifo echo;
    fifo_init(&echo, &lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
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

void play_bytes(struct span typed, struct span lines, struct span echoed)
{
    play_in_pieces(typed, typed.count, false, lines, echoed);
    play_in_pieces(typed, 1, false, lines, echoed);
    for (random_state = 0; random_state < 20; random_state++) {
        uint32_t seed = random_state;
        play_in_pieces(typed, 1 + seed, true, lines, echoed);
        random_state = seed;
    }
}

void play(const char *typed, const char *lines, const char *echoed)
{
    play_bytes(span_text(typed), span_text(lines), span_text(echoed));
}
