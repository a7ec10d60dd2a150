/* identity_commands.c: who the modem is: ATI, AT+GMI and its kin (V.250 6.1.3 to 6.1.7), AT+CGMI and its kin
 * (3GPP TS 27.007 5.1 to 5.6), AT+CCID and AT+ICCID. */
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

enum imqtt_status identity_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    params_optional_number(params, 0, 0, 0);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = show_bare(modem, IMQTT_MANUFACTURER);
    if (status == IMQTT_DONE)
        status = show_bare(modem, IMQTT_MODEL);
    if (status == IMQTT_DONE)
        status = show(modem, "Revision: ", IMQTT_REVISION, "");
    return status;
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

/* The number behind the command's own name. */
enum imqtt_status iccid_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!modem->radio.network.sim_ready)
        return IMQTT_NO_SIM;
    struct out line = modem_begin_line(modem);
    out_text(&line, call->command->name);
    out_text(&line, ": ");
    identity_put(&modem->options.identity, IMQTT_ICCID, &line);
    return modem_end_line(modem, &line);
}
