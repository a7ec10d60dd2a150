/* radio_commands.c: SIM, signal, registration, attachment and power of the simulated radio: AT+CPIN, CSQ,
 * CREG, CGREG, CEREG, CGATT, COPS, CFUN (3GPP TS 27.007 7.2, 7.3, 8.2, 8.3, 8.5, 10.1). */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/device/device_identity.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"
#include "core/modem/service.h"

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
    return answer_range(call, prefix, REPORT_NOTHING, REPORT_PLACE);
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

/* ---- AT+COPS: the one operator there is, whose code begins the IMSI ------------------------- */

enum { OPERATOR_AUTOMATIC = 0, OPERATOR_SET_FORMAT = 3 };       /* <mode> */
enum { FORMAT_LONG = 0, FORMAT_SHORT = 1, FORMAT_NUMERIC = 2 }; /* <format> */

#define OPERATOR_NAME       "imqtt"
#define OPERATOR_CODE_BYTES 5

static void put_operator(const struct imqtt_modem *modem, uint8_t format, struct out *line)
{
    uint8_t room[IMQTT_IDENTITY_TEXT_BYTES];
    struct out imsi = out_on(room, sizeof room);
    struct span code = SPAN_EMPTY;
    identity_put(&modem->options.identity, IMQTT_IMSI, &imsi);
    struct span digits = out_written(&imsi);
    span_take(&digits, OPERATOR_CODE_BYTES, &code);
    out_u8(line, '"');
    out_span(line, format == FORMAT_NUMERIC ? code : span_text(OPERATOR_NAME));
    out_u8(line, '"');
}

/* Registration is automatic; only the format of names can be chosen. */
enum imqtt_status operator_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t mode = params_number(params, OPERATOR_AUTOMATIC, OPERATOR_SET_FORMAT);
    bool is_complete =
        mode == OPERATOR_AUTOMATIC || (mode == OPERATOR_SET_FORMAT && params_more(params));
    uint32_t format =
        params_optional_number(params, FORMAT_LONG, FORMAT_NUMERIC, modem->radio.operator_format);
    if (!is_complete)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        modem->radio.operator_format = (uint8_t)format;
    return status;
}

enum imqtt_status operator_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t format = modem->radio.operator_format;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+COPS: 0");
    if (radio_is_registered(&modem->radio)) {
        out_u8(&line, ',');
        out_decimal(&line, format);
        out_u8(&line, ',');
        put_operator(modem, format, &line);
        out_text(&line, "," RADIO_TECHNOLOGY);
    }
    return modem_end_line(modem, &line);
}

/* What there is to be found: the current operator, if the radio is on. */
enum imqtt_status operator_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    static const char found[] = "(2,\"" OPERATOR_NAME "\",\"" OPERATOR_NAME "\",";
    struct out line = modem_begin_line(modem);
    out_text(&line, "+COPS: ");
    if (radio_is_registered(&modem->radio)) {
        out_text(&line, found);
        put_operator(modem, FORMAT_NUMERIC, &line);
        out_text(&line, "," RADIO_TECHNOLOGY ")");
    }
    out_text(&line, ",,(0,3),(0-2)");
    return modem_end_line(modem, &line);
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
