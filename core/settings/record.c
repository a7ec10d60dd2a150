#include "core/settings/record.h"

void record_put_string(struct out *record, struct span string)
{
    out_u16(record, (uint16_t)string.count);
    out_span(record, string);
}

bool record_take_string(struct span *record, struct span *string)
{
    uint16_t bytes;
    return span_take_u16(record, &bytes) && span_take(record, bytes, string);
}
