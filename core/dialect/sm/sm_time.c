/* sm_time.c: AT+CNTP. */
#include "core/dialect/module/date_text.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* The time is asked for of nobody: it is that of AT+CCLK. */

enum imqtt_status sm_time_set(struct at_call *call)
{
    params_text(call->params, IMQTT_ADDRESS_BYTES);
    while (params_more(call->params))
        params_text(call->params, SIZE_MAX);
    return params_end(call->params);
}

enum imqtt_status sm_time_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct date date = clock_read(&modem->clock, modem->now_ms);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    struct out urc = modem_begin_urc(modem);
    if (radio_is_attached(&modem->radio)) {
        out_text(&urc, "+CNTP: 1,\"");
        date_put(&urc, &date);
        out_u8(&urc, '"');
    } else {
        out_text(&urc, "+CNTP: 61"); /* network error */
    }
    modem_end_urc(modem, &urc);
    return IMQTT_DONE;
}

#endif
