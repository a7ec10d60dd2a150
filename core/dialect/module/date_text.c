#include "core/dialect/module/date_text.h"
#include "imqtt/features.h"

#if IMQTT_WITH_DIALECTS

void date_put(struct out *line, const struct date *date)
{
    static const char separators[] = "//,::";
    const uint8_t numbers[] = {date->year, date->month,  date->day,
                               date->hour, date->minute, date->second};
    for (size_t i = 0; i < sizeof numbers; i++) {
        out_padded(line, numbers[i], 2);
        if (i + 1 < sizeof numbers)
            out_u8(line, (uint8_t)separators[i]);
    }
}

#endif
