/* qmt_time.c: AT+QNTP and QLTS. No server is asked: the time is that of AT+CCLK. */
#include "core/dialect/module/date_text.h"
#include "core/dialect/module/network_check.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { CONTEXT_MAX = 16, LOCAL_TIME_MODE_MAX = 2 };

/* "2026/01/31,23:59:59+32": zones in quarters of an hour */
static void put_time(const struct imqtt_modem *modem, struct out *line)
{
    struct date date = clock_read(&modem->clock, modem->now_ms);
    int8_t zone = modem->clock.zone_quarter_hours;
    out_text(line, "\"20");
    date_put(line, &date);
    out_u8(line, zone < 0 ? '-' : '+');
    out_padded(line, (uint32_t)(zone < 0 ? -zone : zone), 2);
}

/* <context>,"server"[,<port>[,<sets the clock>]] */
enum imqtt_status qmt_time_server_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    params_number(call->params, 1, CONTEXT_MAX);
    params_text(call->params, IMQTT_ADDRESS_BYTES);
    while (params_more(call->params))
        params_number(call->params, 0, UINT16_MAX);
    enum imqtt_status status = network_end_params(call);
    if (status != IMQTT_DONE)
        return status;
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+QNTP: 0,");
    put_time(modem, &urc);
    out_u8(&urc, '"');
    modem_end_urc(modem, &urc);
    return IMQTT_DONE;
}

/* Without daylight saving: 0 behind the zone. */
enum imqtt_status qmt_local_time_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QLTS: ");
    put_time(modem, &line);
    out_text(&line, ",0\"");
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_local_time_set(struct at_call *call)
{
    params_number(call->params, 0, LOCAL_TIME_MODE_MAX);
    return qmt_local_time_execute(call);
}

#endif
