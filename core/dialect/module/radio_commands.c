/* radio_commands.c: SIM, signal, registration, attachment and power of the simulated radio: AT+CPIN, CSQ,
 * CESQ, CREG, CGREG, CEREG, CGATT, CFUN (3GPP TS 27.007 7.2, 8.2, 8.3, 8.5, 8.69, 10.1). */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/device/device_identity.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"
#include "core/modem/radio_service.h"
#include "core/settings/fields.h"

/* ---- AT+CPIN, AT+CSQ ----------------------------------------------------------------------- */

enum imqtt_status sim_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return modem->radio.network.sim_ready ? answer_text(call, "+CPIN: READY") : IMQTT_NO_SIM;
}

/* The bit error rate is not known. */
enum imqtt_status signal_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CSQ: ");
    out_decimal(&line, radio_signal(&modem->radio));
    out_text(&line, ",99");
    return modem_end_line(modem, &line);
}

enum imqtt_status signal_test(struct at_call *call)
{
    return answer_text(call, "+CSQ: (0-31,99),(99)");
}

/* ---- AT+CESQ: <rsrq> and <rsrp> of LTE, the others are not known ------------------------------- */

enum { RSRQ_GOOD = 20 }; /* -9.5 to -10 dB */

/* The received power, in steps of 1 dB, 25 dB below the whole signal, in steps of 2. */
static uint32_t rsrp_of(uint8_t signal)
{
    return 8 + 2U * signal;
}

enum imqtt_status quality_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t signal = radio_signal(&modem->radio);
    if (signal == RADIO_SIGNAL_UNKNOWN)
        return answer_text(call, "+CESQ: 99,99,255,255,255,255");
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CESQ: 99,99,255,255,");
    out_decimal(&line, RSRQ_GOOD);
    out_u8(&line, ',');
    out_decimal(&line, (int32_t)rsrp_of(signal));
    return modem_end_line(modem, &line);
}

enum imqtt_status quality_test(struct at_call *call)
{
    return answer_text(call, "+CESQ: (99),(99),(255),(255),(0-34,255),(0-97,255)");
}

/* ---- AT+CREG, AT+CGREG, AT+CEREG ----------------------------------------------------------- */

static enum radio_domain domain_of(const struct at_call *call)
{
    return (enum radio_domain)(call->command->which - SETTING_CREG);
}

enum imqtt_status report_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum radio_domain domain = domain_of(call);
    uint8_t mode = modem->settings.report_modes[domain];
    struct out line = modem_begin_line(modem);
    out_text(&line, radio_domain_prefix(domain));
    out_decimal(&line, mode);
    out_u8(&line, ',');
    put_network_registration(&modem->radio, domain, mode, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status report_test(struct at_call *call)
{
    const char *prefix = radio_domain_prefix(domain_of(call));
    const struct field *field = &setting_fields[call->command->which];
    return answer_range(call, prefix, field->min, field->max);
}

/* ---- AT+CGATT ------------------------------------------------------------------------------ */

enum imqtt_status attach_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t attached = params_number(params, 0, 1);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (attached == 1 && !radio_is_registered(&modem->radio))
        return IMQTT_NO_NETWORK_SERVICE;
    modem_follow_radio(modem,
                       attached == 1 ? radio_attach(&modem->radio) : radio_detach(&modem->radio));
    return IMQTT_DONE;
}

enum imqtt_status attach_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+CGATT: ", radio_is_attached(&modem->radio));
}

enum imqtt_status attach_test(struct at_call *call)
{
    return answer_text(call, "+CGATT: (0,1)");
}

/* ---- AT+CFUN ------------------------------------------------------------------------------- */

static uint32_t take_function(struct params *params)
{
    uint32_t function = params_number(params, RADIO_MINIMUM, RADIO_FLIGHT);
    if (function != RADIO_MINIMUM && function != RADIO_FULL && function != RADIO_FLIGHT)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return function;
}

/* A reboot always ends in full function. */
enum imqtt_status function_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t function = take_function(params);
    bool reboots = params_optional_number(params, 0, function == RADIO_FULL, 0) == 1;
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (reboots)
        return boot_again(modem);
    modem_follow_radio(modem, radio_set_function(&modem->radio, (enum radio_function)function));
    return IMQTT_DONE;
}

enum imqtt_status function_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+CFUN: ", modem->radio.function);
}

enum imqtt_status function_test(struct at_call *call)
{
    return answer_text(call, "+CFUN: (0,1,4),(0,1)");
}
