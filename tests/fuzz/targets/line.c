/* The AT line (core/at/line.h): whatever is typed, in whatever pieces, the same lines and the same
 * echo come out, and no line is longer than it may be. */
#include <stdlib.h>

#include "core/at/line.h"
#include "imqtt/limits.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"
#include "tests/transcripts/buffer.h"
#include "tests/unit/lender.h"

struct typist {
    struct lender lender;
    struct line line;
    struct fifo echo;
    struct buffer lines; /* of each: its event, its body, a line end */
};

static void typist_init(struct typist *typist)
{
    lender_init(&typist->lender);
    line_init(&typist->line, &typist->lender.port);
    fifo_init(&typist->echo, &typist->lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
    typist->lines = BUFFER_EMPTY;
}

static void typist_end(struct typist *typist)
{
    line_end(&typist->line);
    fifo_clear(&typist->echo);
    buffer_free(&typist->lines);
    promise(typist->lender.blocks == 0, "a line gives its memory back");
}

static void note_line(struct typist *typist, enum line_event event)
{
    size_t count;
    const uint8_t *body = line_body(&typist->line, &count);
    promise(count <= IMQTT_LINE_BYTES - 2, "a line is not longer than it may be");
    promise(event == LINE_READY || event == LINE_TOO_LONG, "memory was there");
    buffer_put_u8(&typist->lines, (uint8_t)event);
    buffer_put(&typist->lines, span_of(body, count));
    buffer_put_u8(&typist->lines, '\r');
}

static void type(struct typist *typist, struct span piece)
{
    while (piece.count > 0) {
        size_t before = piece.count;
        enum line_event event = line_feed(&typist->line, &piece, &typist->echo);
        promise(piece.count < before, "a line takes input");
        promise(event != LINE_MORE || piece.count == 0, "a line that wants more has used all");
        if (event != LINE_MORE)
            note_line(typist, event);
    }
}

/* In blocks of their own, so that a byte read too many shows. */
static void type_copy(struct typist *typist, struct span piece)
{
    uint8_t *copy = malloc(piece.count + 1);
    if (piece.count > 0)
        memcpy(copy, piece.bytes, piece.count);
    type(typist, span_of(copy, piece.count));
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct typist whole, pieces;
    struct span input = span_of(bytes, count), rest;
    size_t step = 1 + take_choice(&input, 16);
    typist_init(&whole);
    typist_init(&pieces);
    type_copy(&whole, input);
    for (rest = input; rest.count > 0;)
        type_copy(&pieces, take_up_to(&rest, step));
    promise(span_equal(buffer_span(&whole.lines), buffer_span(&pieces.lines)),
            "the same lines come of the same bytes, however they are cut");
    promise(span_equal(fifo_waiting(&whole.echo), fifo_waiting(&pieces.echo)),
            "the same echo comes of the same bytes, however they are cut");
    promise(whole.echo.count <= 3 * input.count, "a byte has at most three of echo");
    typist_end(&whole);
    typist_end(&pieces);
    return 0;
}
