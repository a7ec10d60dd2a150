/* identity_commands.c: who the modem is: ATI, AT+GMI and its kin (V.250 6.1.3 to 6.1.7), AT+CGMI and its kin
 * (3GPP TS 27.007 5.1 to 5.6), and AT+CBC. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/device/device_identity.h"
#include "core/modem/say.h"

static enum imqtt_status show(struct imqtt_modem *modem, const char *before,
                              enum imqtt_identity_field field, const char *behind)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, before);
    identity_put(&modem->options.identity, field, &line);
    out_text(&line, behind);
    return modem_end_line(modem, &line);
}

static enum imqtt_status show_bare(struct imqtt_modem *modem, enum imqtt_identity_field field)
{
    return show(modem, "", field, "");
}

static enum imqtt_status show_all(struct imqtt_modem *modem)
{
    enum imqtt_status status = show_bare(modem, IMQTT_MANUFACTURER);
    if (status == IMQTT_DONE)
        status = show_bare(modem, IMQTT_MODEL);
    if (status == IMQTT_DONE)
        status = show(modem, "Revision: ", IMQTT_REVISION, "");
    return status;
}

/* ATI1 to ATI3 are a line of it, ATI4 to ATI9 have nothing to say. */
enum imqtt_status identity_execute(struct at_call *call)
{
    static const enum imqtt_identity_field parts[] = {IMQTT_MANUFACTURER, IMQTT_MODEL,
                                                      IMQTT_REVISION};
    uint32_t part = params_optional_number(call->params, 0, 9, 0);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (part == 0)
        return show_all(call->context);
    return part <= sizeof parts / sizeof parts[0] ? show_bare(call->context, parts[part - 1])
                                                  : IMQTT_DONE;
}

/* The commands that say one thing: which one is their `which`. */
enum imqtt_status identity_field_execute(struct at_call *call)
{
    return show_bare(call->context, (enum imqtt_identity_field)call->command->which);
}

/* <snt> 0 is the bare number, 1 the IMEI by name. */
enum imqtt_status serial_number_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t kind = params_number(params, 0, 1);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return kind == 0 ? show_bare(modem, IMQTT_IMEI) : show(modem, "+CGSN: \"", IMQTT_IMEI, "\"");
}

enum imqtt_status serial_number_test(struct at_call *call)
{
    return answer_text(call, "+CGSN: (0,1)");
}

enum imqtt_status imsi_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return modem->radio.network.sim_ready ? show_bare(modem, IMQTT_IMSI) : IMQTT_NO_SIM;
}

/* ---- AT+CBC: powered from outside, the battery full (3GPP TS 27.007 8.4) ---------------------- */

enum imqtt_status battery_execute(struct at_call *call)
{
    return answer_text(call, "+CBC: 0,100");
}

enum imqtt_status battery_test(struct at_call *call)
{
    return answer_text(call, "+CBC: (0-3),(0-100)");
}
