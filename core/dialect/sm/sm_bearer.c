/* sm_bearer.c: AT+SAPBR, CIICR and CIFSR: the network as hosts of SIM7000 bring it up for sockets,
 * and MQTT does without; AT+CREBOOT and CPOWD: off, and on again. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/network_check.h"
#include "core/dialect/module/own_address.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* <cmd_type> of SAPBR */
enum { BEARER_OPEN = 1, BEARER_QUERY = 2, BEARER_COMMAND_MAX = 4 };
enum { BEARER_CONNECTED = 1, BEARER_CLOSED = 3 };

/* ---- AT+SAPBR=<cmd_type>,<cid>[,"tag","value"] ---------------------------------------------------- */

static enum imqtt_status show_bearer(struct imqtt_modem *modem)
{
    bool is_attached = radio_is_attached(&modem->radio);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+SAPBR: 1,");
    out_decimal(&line, is_attached ? BEARER_CONNECTED : BEARER_CLOSED);
    out_text(&line, ",\"");
    if (is_attached)
        own_address_put(modem, 1, &line);
    else
        out_text(&line, "0.0.0.0");
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

enum imqtt_status sm_bearer_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t command = params_number(call->params, 0, BEARER_COMMAND_MAX);
    while (params_more(call->params))
        params_text(call->params, SIZE_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && command == BEARER_QUERY)
        status = show_bearer(modem);
    else if (status == IMQTT_DONE && command == BEARER_OPEN && !radio_is_attached(&modem->radio))
        status = IMQTT_NO_NETWORK_SERVICE;
    return status;
}

/* ---- AT+CIICR, CIFSR --------------------------------------------------------------------- */

enum imqtt_status sm_bring_up_execute(struct at_call *call)
{
    return network_end_params(call);
}

enum imqtt_status sm_address_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = network_end_params(call);
    if (status != IMQTT_DONE)
        return status;
    struct out line = modem_begin_line(modem);
    own_address_put(modem, 1, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+CREBOOT, CPOWD ---------------------------------------------------------------------------- */

enum imqtt_status sm_reboot_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? boot_again(call->context) : status;
}

enum imqtt_status sm_power_down_set(struct at_call *call)
{
    params_number(call->params, 0, 1);
    enum imqtt_status status = sm_reboot_execute(call);
    if (status == IMQTT_DONE)
        modem_say(call->context, "NORMAL POWER DOWN");
    return status;
}

#endif
