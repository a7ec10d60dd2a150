#include "core/bytes/number.h"

bool number_parse(struct span text, uint32_t min, uint32_t max, uint32_t *value)
{
    uint64_t sum = 0;
    if (text.count == 0)
        return false;
    for (size_t i = 0; i < text.count; i++) {
        uint32_t digit = (uint32_t)text.bytes[i] - '0';
        sum = sum * 10 + digit;
        if (digit > 9 || sum > max)
            return false;
    }
    if (sum < min)
        return false;
    *value = (uint32_t)sum;
    return true;
}
