/* line_commands.c: the line to the host: AT+IPR and AT+IFC (V.250 6.2.10, 6.2.12), in force once their
 * command line has its final result. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/modem/say.h"

/* ---- AT+IPR -------------------------------------------------------------------------------- */

static const uint32_t speeds[] = {1200,  2400,   4800,   9600,   19200, 38400,
                                  57600, 115200, 230400, 460800, 921600};
#define SPEEDS (sizeof speeds / sizeof speeds[0])

static bool is_speed(uint32_t baud)
{
    for (size_t i = 0; i < SPEEDS; i++)
        if (speeds[i] == baud)
            return true;
    return false;
}

enum imqtt_status speed_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t baud = params_number(params, speeds[0], speeds[SPEEDS - 1]);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!is_speed(baud))
        return IMQTT_BAD_PARAMETERS;
    line_settings_ask(&modem->line_settings, baud, modem->line_settings.rts_cts);
    return IMQTT_DONE;
}

enum imqtt_status speed_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IPR: ", modem->line_settings.baud);
}

/* None is found out by listening: the first list is empty. */
enum imqtt_status speed_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IPR: (),");
    for (size_t i = 0; i < SPEEDS; i++) {
        out_u8(&line, i == 0 ? '(' : ',');
        out_decimal(&line, (int32_t)speeds[i]);
    }
    out_u8(&line, ')');
    return modem_end_line(modem, &line);
}

/* ---- AT+IFC -------------------------------------------------------------------------------- */

enum { FLOW_NONE = 0, FLOW_RTS_CTS = 2 };

static uint32_t take_flow(struct params *params, uint32_t otherwise)
{
    uint32_t flow = params_optional_number(params, FLOW_NONE, FLOW_RTS_CTS, otherwise);
    if (flow != FLOW_NONE && flow != FLOW_RTS_CTS)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return flow;
}

/* A line has both directions controlled, or none: the second number repeats the first. */
enum imqtt_status flow_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    bool is_given = params_more(params);
    uint32_t from_modem = take_flow(params, FLOW_NONE);
    uint32_t from_host = take_flow(params, from_modem);
    if (!is_given || from_host != from_modem)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        line_settings_ask(&modem->line_settings, modem->line_settings.baud,
                          from_modem == FLOW_RTS_CTS);
    return status;
}

enum imqtt_status flow_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_text(call, modem->line_settings.rts_cts ? "+IFC: 2,2" : "+IFC: 0,0");
}

enum imqtt_status flow_test(struct at_call *call)
{
    return answer_text(call, "+IFC: (0,2),(0,2)");
}
