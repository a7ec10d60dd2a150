#include "core/bytes/span.h"

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static uint8_t upper(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte;
}

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
        if (upper(a.bytes[i]) != upper(b.bytes[i]))
            return false;
    return true;
}

struct span span_trim_start(struct span in)
{
    while (in.count > 0 && is_blank(in.bytes[0]))
        span_skip(&in, 1);
    return in;
}

struct span span_trim(struct span in)
{
    in = span_trim_start(in);
    while (in.count > 0 && is_blank(in.bytes[in.count - 1]))
        in.count--;
    return in;
}
