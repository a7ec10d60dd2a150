/* sm_module.c: what hosts of these modules type besides: contexts and the network. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/own_address.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* AT+CNMP?: automatic; AT+CMNB?: either network */
enum imqtt_status sm_mode_read(struct at_call *call)
{
    return answer_text(call, "+CNMP: 2");
}

enum imqtt_status sm_preference_read(struct at_call *call)
{
    return answer_text(call, "+CMNB: 3");
}

/* ---- AT+CNACT: <context>,<0|1|2> of SIM7070 and later; <0|1>[,"access point"] of SIM7000 ---------- */

/* 2 is 1 that ends by itself: of what, no host here says. */
enum { ACTION_MAX = 2 };

struct activation {
    enum sm_pdp_form form;
    uint8_t context;
    bool is_active;
};

static bool is_number(const struct params *params)
{
    struct params copy = *params;
    params_number(&copy, 0, ACTION_MAX);
    return copy.error == IMQTT_DONE;
}

static void take_activation(struct params *params, struct activation *activation)
{
    uint32_t number = params_number(params, 0, SM_PDP_CONTEXTS - 1);
    bool is_7080 = params_more(params) && is_number(params);
    *activation = (struct activation){.form = is_7080 ? SM_PDP_7080 : SM_PDP_7000};
    if (is_7080) {
        activation->context = (uint8_t)number;
        activation->is_active = params_number(params, 0, ACTION_MAX) > 0;
        return;
    }
    activation->is_active = number == 1;
    if (number > 1)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    if (params_more(params))
        params_text(params, IMQTT_ACCESS_POINT_BYTES);
}

static void say_activation(struct imqtt_modem *modem, const struct activation *activation)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+APP PDP: ");
    if (activation->form == SM_PDP_7080) {
        out_decimal(&urc, activation->context);
        out_u8(&urc, ',');
    }
    out_text(&urc, activation->is_active ? "ACTIVE" : "DEACTIVE");
    modem_end_urc(modem, &urc);
}

enum imqtt_status sm_activate_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct activation activation;
    take_activation(call->params, &activation);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && activation.is_active && !radio_is_attached(&modem->radio))
        status = IMQTT_NO_NETWORK_SERVICE;
    if (status == IMQTT_DONE)
        status = sm_put_number(modem, SM_PDP_FORM, activation.form);
    if (status == IMQTT_DONE)
        status = sm_put_number(modem, SM_PDP_ACTIVE + activation.context, activation.is_active);
    if (status == IMQTT_DONE)
        say_activation(modem, &activation);
    return status;
}

static void put_address(const struct imqtt_modem *modem, unsigned context, struct out *line)
{
    bool is_active = sm_number(modem, SM_PDP_ACTIVE + context) == 1;
    out_u8(line, '"');
    if (is_active && radio_is_attached(&modem->radio))
        own_address_put(modem, context + 1, line);
    else
        out_text(line, "0.0.0.0");
    out_u8(line, '"');
}

/* As the host last activated one; the first form is that of SIM7070 and later. */
enum imqtt_status sm_activate_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    bool is_7080 = sm_number(modem, SM_PDP_FORM) == SM_PDP_7080;
    bool is_attached = radio_is_attached(&modem->radio);
    struct out line = modem_begin_line(modem);
    for (unsigned context = 0; context < (is_7080 ? SM_PDP_CONTEXTS : 1); context++) {
        bool is_active = is_attached && sm_number(modem, SM_PDP_ACTIVE + context) == 1;
        out_text(&line, context > 0 ? "\r\n+CNACT: " : "+CNACT: ");
        if (is_7080) {
            out_decimal(&line, (int32_t)context);
            out_u8(&line, ',');
        }
        out_text(&line, is_active ? "1," : "0,");
        put_address(modem, context, &line);
    }
    return modem_end_line(modem, &line);
}

/* ---- AT+CGNAPN, CPSI ------------------------------------------------------------------------------ */

/* The access point that the network has chosen. */
enum imqtt_status sm_access_point_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!radio_is_attached(&modem->radio))
        return answer_text(call, "+CGNAPN: 0,\"\"");
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGNAPN: 1,\"");
    quoting_put_escaped(&line, context_access_point(&modem->radio.contexts, 1));
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

enum imqtt_status sm_network_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_text(call, radio_is_attached(&modem->radio)
                                 ? "+CPSI: LTE CAT-M1,Online,460-00,0x333C,39589680,308,"
                                   "EUTRAN-BAND3,1350,5,5,-12,-98,-68,12"
                                 : "+CPSI: NO SERVICE,Online");
}

#endif
