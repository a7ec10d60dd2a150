/* qmt_module.c: what hosts of Quectel's modules type besides: contexts, the network, power. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/network_check.h"
#include "core/dialect/module/own_address.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { CONTEXT_MAX = 16 };
enum { PING_MS = 40, PING_BYTES = 32, PING_TTL = 255, GATEWAY = 254 };

/* ---- AT+QICSGP, QIACT, QIDEACT ------------------------------------------------------------------ */

static enum imqtt_status take_context(struct at_call *call)
{
    params_number(call->params, 1, CONTEXT_MAX);
    return params_end(call->params);
}

/* An access point, a user and a password, which nobody needs here. */
enum imqtt_status qmt_context_set(struct at_call *call)
{
    params_number(call->params, 1, CONTEXT_MAX);
    while (params_more(call->params))
        if (!params_skip_empty(call->params))
            params_text(call->params, IMQTT_ACCESS_POINT_BYTES);
    return params_end(call->params);
}

static enum imqtt_status activate(struct imqtt_modem *modem, uint32_t active)
{
    bool is_kept = client_put_number(&modem->clients, QMT_MODULE, QMT_ACTIVE_CONTEXT, active);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

/* Without a number: the first one, as older modules have it. */
enum imqtt_status qmt_activate_execute(struct at_call *call)
{
    enum imqtt_status status = network_end_params(call);
    return status == IMQTT_DONE ? activate(call->context, 1) : status;
}

enum imqtt_status qmt_activate_set(struct at_call *call)
{
    params_number(call->params, 1, CONTEXT_MAX);
    return qmt_activate_execute(call);
}

enum imqtt_status qmt_deactivate_set(struct at_call *call)
{
    enum imqtt_status status = take_context(call);
    return status == IMQTT_DONE ? activate(call->context, 0) : status;
}

enum imqtt_status qmt_activate_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    bool is_active = client_number(&modem->clients, QMT_MODULE, QMT_ACTIVE_CONTEXT, 0) == 1;
    if (!is_active || !radio_is_attached(&modem->radio))
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QIACT: 1,1,1,\"");
    own_address_put(modem, 1, &line);
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

/* ---- AT+QCSQ, QNWINFO, QPING: forms from memory (docs/dialects/qmt.md) --------------------------- */

enum imqtt_status qmt_quality_execute(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    bool has_network = radio_is_attached(&modem->radio);
    return answer_text(call,
                       has_network ? "+QCSQ: \"eMTC\",-80,-85,130,-12" : "+QCSQ: \"NOSERVICE\"");
}

enum imqtt_status qmt_network_execute(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    bool has_network = radio_is_attached(&modem->radio);
    return answer_text(call, has_network ? "+QNWINFO: \"FDD LTE\",\"46000\",\"LTE BAND 3\",1650"
                                         : "+QNWINFO: No Service");
}

/* What does not change: a SIM, a module that has started, no sockets, no sleep. */
enum imqtt_status qmt_fixed_read(struct at_call *call)
{
    static const char *const texts[] = {
        [QMT_SIM_INSERTED] = "+QSIMSTAT: 0,1",
        [QMT_STARTED] = "+QINISTAT: 7",
        [QMT_NO_ERROR] = "+QIGETERROR: 0,operate successfully",
        [QMT_NO_SLEEP] = "+QSCLK: 0",
    };
    return answer_text(call, texts[call->command->which]);
}

static void put_numbers(struct out *urc, const int32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out_u8(urc, ',');
        out_decimal(urc, numbers[i]);
    }
}

/* One packet, and what it came to. None is sent: the network of the radio answers. */
static void say_ping(struct imqtt_modem *modem)
{
    static const int32_t packet[] = {PING_BYTES, PING_MS, PING_TTL};
    static const int32_t all[] = {1, 1, 0, PING_MS, PING_MS, PING_MS};
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+QPING: 0,\"");
    own_address_put(modem, GATEWAY, &urc);
    out_u8(&urc, '"');
    put_numbers(&urc, packet, sizeof packet / sizeof packet[0]);
    modem_end_urc(modem, &urc);
    urc = modem_begin_urc(modem);
    out_text(&urc, "+QPING: 0");
    put_numbers(&urc, all, sizeof all / sizeof all[0]);
    modem_end_urc(modem, &urc);
}

enum imqtt_status qmt_ping_set(struct at_call *call)
{
    params_number(call->params, 1, CONTEXT_MAX);
    params_text(call->params, IMQTT_ADDRESS_BYTES);
    while (params_more(call->params))
        params_number(call->params, 1, UINT8_MAX);
    enum imqtt_status status = network_end_params(call);
    if (status == IMQTT_DONE)
        say_ping(call->context);
    return status;
}

/* ---- AT+QPOWD: off, and on again ------------------------------------------------------------------ */

enum imqtt_status qmt_power_down_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = boot_again(modem);
    if (status == IMQTT_DONE)
        modem_say(modem, "POWERED DOWN");
    return status;
}

enum imqtt_status qmt_power_down_set(struct at_call *call)
{
    params_number(call->params, 0, 1);
    return qmt_power_down_execute(call);
}

#endif
