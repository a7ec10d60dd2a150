/* eva_line.c: the line discipline on any bytes that a host types, in two pieces, with and without memory. */
#include "core/at/line.h"
#include "tests/assurance/any_bytes.h"

static void look_at(struct line *line)
{
    size_t count;
    uint8_t *body = line_body(line, &count);
    for (size_t i = 0; i < count; i++)
        body[i] ^= 1;
    (void)line_has_control(line);
    (void)line_is_partial(line);
    (void)line_expects_more(line);
}

static void type(struct line *line, struct span in)
{
    for (size_t round = 0; round <= ANY_BYTES && in.count > 0; round++)
        if (line_feed(line, &in, NULL) == LINE_READY)
            look_at(line);
    line_swallow_late(line, &in);
}

int main(void)
{
    for (size_t first = 0; first <= ANY_BYTES; first++) {
        struct line line;
        line_init(&line, &any_memory);
        type(&line, any_span(first));
        type(&line, any_span(ANY_BYTES - first));
        line_end(&line);
    }
    return 0;
}
