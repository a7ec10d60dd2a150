/* eva_span.c: every verb of core/bytes/span, on any bytes of any length. */
#include "tests/assurance/any_bytes.h"

static void take_each(size_t count)
{
    struct span taken;
    uint8_t byte;
    uint16_t word;
    for (size_t wanted = 0; wanted <= ANY_BYTES + 1; wanted++) {
        struct span in = any_span(count);
        (void)span_take(&in, wanted, &taken);
        in = any_span(count);
        (void)span_skip(&in, wanted);
        (void)span_take_u8(&in, &byte);
        (void)span_take_u16(&in, &word);
        (void)span_first(in);
        (void)span_last(in);
    }
}

static void look_at(size_t count)
{
    uint8_t byte = (uint8_t)Frama_C_interval(0, UINT8_MAX);
    (void)span_find(any_span(count), byte);
    (void)span_find_last(any_span(count), byte);
    (void)span_trim(any_span(count));
    (void)span_trim_start(any_span(count));
    for (size_t other = 0; other <= ANY_BYTES; other++) {
        struct span in = any_span(count);
        (void)span_equal(in, span_of(any_bytes, other));
        (void)span_equal_ignoring_case(in, span_of(any_bytes, other));
    }
}

int main(void)
{
    for (size_t count = 0; count <= ANY_BYTES; count++) {
        take_each(count);
        look_at(count);
    }
    return 0;
}
