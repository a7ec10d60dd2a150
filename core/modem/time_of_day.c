#include "core/modem/modem.h"
#include "imqtt/inspect.h"

uint64_t imqtt_modem_unix_time_ms(const struct imqtt_modem *modem, uint64_t now_ms)
{
    return IMQTT_WITH_CLOCK ? clock_unix_ms(&modem->clock, now_ms) : 0;
}
