#include "core/bytes/hex.h"

static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool hex_is_valid(struct span text)
{
    if (text.count % 2 != 0)
        return false;
    for (size_t i = 0; i < text.count; i++)
        if (digit_value(text.bytes[i]) < 0)
            return false;
    return true;
}

void hex_decode(struct span text, struct out *out)
{
    struct span pair;
    while (span_take(&text, 2, &pair)) {
        uint8_t high = (uint8_t)digit_value(pair.bytes[0]);
        uint8_t low = (uint8_t)digit_value(pair.bytes[1]);
        out_u8(out, (uint8_t)(high << 4 | low));
    }
}
