/* cmqtt_module.c: what hosts of these modules type besides: the network, who it is, power. */
#include "core/device/device_identity.h"
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/own_address.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* AT+CNMP?: automatic */
enum imqtt_status cmqtt_mode_read(struct at_call *call)
{
    return answer_text(call, "+CNMP: 2");
}

enum imqtt_status cmqtt_sleep_read(struct at_call *call)
{
    return answer_text(call, "+CSCLK: 0");
}

/* ---- AT+NETOPEN, NETCLOSE, IPADDR: the network of sockets; MQTT does without ---------------------- */

static bool is_net_open(const struct imqtt_modem *modem)
{
    return client_has(&modem->clients, CMQTT_MODULE, CMQTT_NET_OPEN) &&
           radio_is_attached(&modem->radio);
}

static enum imqtt_status refuse_net(struct at_call *call, const char *why)
{
    enum imqtt_status status = answer_text(call, why);
    return status == IMQTT_DONE ? IMQTT_NOT_ALLOWED : status;
}

enum imqtt_status cmqtt_net_open_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (is_net_open(modem))
        return refuse_net(call, "+IP ERROR: Network is already opened");
    bool is_attached = radio_is_attached(&modem->radio);
    if (is_attached && !client_put_number(&modem->clients, CMQTT_MODULE, CMQTT_NET_OPEN, 1))
        return IMQTT_UNKNOWN_ERROR;
    modem_say(modem, is_attached ? "+NETOPEN: 0" : "+NETOPEN: 1");
    return IMQTT_DONE;
}

enum imqtt_status cmqtt_net_open_read(struct at_call *call)
{
    return answer_number(call, "+NETOPEN: ", is_net_open(call->context) ? 1 : 0);
}

/* A network that is closed is no error: OK. */
enum imqtt_status cmqtt_net_close_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    modem_say(modem, is_net_open(modem) ? "+NETCLOSE: 0" : "+NETCLOSE: 2");
    client_forget(&modem->clients, CMQTT_MODULE, CMQTT_NET_OPEN);
    return IMQTT_DONE;
}

enum imqtt_status cmqtt_address_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!is_net_open(modem))
        return refuse_net(call, "+IP ERROR: Network not opened");
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IPADDR: ");
    own_address_put(modem, 1, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+CPSI, ATI --------------------------------------------------------------------------------- */

enum imqtt_status cmqtt_network_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_text(call, radio_is_attached(&modem->radio)
                                 ? "+CPSI: LTE,Online,460-00,0x333C,39589680,308,EUTRAN-BAND3,"
                                   "1350,5,0,0,54,0,22"
                                 : "+CPSI: NO SERVICE,Online");
}

static void put_field(const struct imqtt_modem *modem, const char *name,
                      enum imqtt_identity_field field, struct out *line)
{
    out_text(line, name);
    identity_put(&modem->options.identity, field, line);
}

/* Hosts tell modules apart by the model: one that was not given is one that they know. */
enum imqtt_status cmqtt_identity_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    params_optional_number(call->params, 0, 9, 0);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    struct out line = modem_begin_line(modem);
    put_field(modem, "Manufacturer: ", IMQTT_MANUFACTURER, &line);
    if (modem->options.identity.given[IMQTT_MODEL] != NULL)
        put_field(modem, "\r\nModel: ", IMQTT_MODEL, &line);
    else
        out_text(&line, "\r\nModel: A7670E");
    put_field(modem, "\r\nRevision: ", IMQTT_REVISION, &line);
    put_field(modem, "\r\nIMEI: ", IMQTT_IMEI, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+CRESET, CPOF: off, and on again ----------------------------------------------------------- */

enum imqtt_status cmqtt_reboot_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? boot_again(call->context) : status;
}

#endif
