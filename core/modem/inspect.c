/* inspect.c: what whoever owns a modem does from outside of its two streams. */
#include "imqtt/inspect.h"
#include "core/bytes/control.h"
#include "core/modem/modem.h"

bool imqtt_modem_say_urc(struct imqtt_modem *modem, const char *text, uint64_t now_ms)
{
    struct span all = span_text(text);
    if (has_control(all))
        return false;
    modem->now_ms = now_ms;
    struct out urc = urc_begin(&modem->urcs, all.count);
    out_span(&urc, all);
    return urc_end(&modem->urcs, &urc);
}
