#include "core/bytes/span.h"

#include "core/bytes/ascii.h"

size_t span_find_last(struct span in, uint8_t byte)
{
    for (size_t i = in.count; i > 0; i--)
        if (in.bytes[i - 1] == byte)
            return i - 1;
    return in.count;
}

bool span_equal(struct span a, struct span b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.bytes, b.bytes, a.count) == 0);
}

bool span_equal_ignoring_case(struct span a, struct span b)
{
    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++)
        if (upper_case(a.bytes[i]) != upper_case(b.bytes[i]))
            return false;
    return true;
}

struct span span_trim_start(struct span in)
{
    while (in.count > 0 && is_space_or_tab(in.bytes[0]))
        span_skip(&in, 1);
    return in;
}

struct span span_trim(struct span in)
{
    in = span_trim_start(in);
    while (in.count > 0 && is_space_or_tab(in.bytes[in.count - 1]))
        in.count--;
    return in;
}
