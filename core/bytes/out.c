#include "core/bytes/out.h"

uint8_t *out_claim_beyond(struct out *out, size_t count)
{
    if (!out->overflowed && out->fifo != NULL && fifo_grow(out, count)) {
        out->count += count;
        return out->bytes + (out->count - count);
    }
    out->overflowed = true;
    out->capacity = out->count;
    return NULL;
}

static void out_unsigned(struct out *out, uint32_t value, unsigned least_digits)
{
    uint8_t digits[10];
    size_t count = 0;
    do {
        digits[sizeof digits - ++count] = (uint8_t)('0' + value % 10);
        value /= 10;
    } while (value > 0 || (count < least_digits && count < sizeof digits));
    out_span(out, span_of(digits + sizeof digits - count, count));
}

void out_decimal(struct out *out, int32_t value)
{
    if (value >= 0 && value <= 9) { /* most numbers */
        out_u8(out, (uint8_t)('0' + value));
        return;
    }
    if (value < 0)
        out_u8(out, '-');
    out_unsigned(out, value < 0 ? 0U - (uint32_t)value : (uint32_t)value, 1);
}

void out_padded(struct out *out, uint32_t value, unsigned digits)
{
    out_unsigned(out, value, digits);
}

void out_hex(struct out *out, struct span span)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < span.count; i++) {
        out_u8(out, (uint8_t)digits[span.bytes[i] >> 4]);
        out_u8(out, (uint8_t)digits[span.bytes[i] & 0x0F]);
    }
}
