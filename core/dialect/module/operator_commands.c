/* operator_commands.c: AT+COPS (3GPP TS 27.007 7.3): the one operator there is, whose code begins the
 * IMSI. */
#include "core/device/device_identity.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/modem/say.h"
#include "core/modem/radio_service.h"

enum { SELECT_FORMAT = 3 }; /* <mode>, beside those of radio.h */
enum { FORMAT_LONG = 0, FORMAT_SHORT = 1, FORMAT_NUMERIC = 2 }; /* <format> */

#define OPERATOR_NAME       "imqtt"
#define OPERATOR_CODE_BYTES 5

/* In `room`, or a constant. */
static struct span operator_name(const struct imqtt_modem *modem, uint32_t format,
                                 uint8_t room[IMQTT_IDENTITY_TEXT_BYTES])
{
    if (format != FORMAT_NUMERIC)
        return span_text(OPERATOR_NAME);
    struct out imsi = out_on(room, IMQTT_IDENTITY_TEXT_BYTES);
    identity_put(&modem->options.identity, IMQTT_IMSI, &imsi);
    struct span digits = out_written(&imsi), code = SPAN_EMPTY;
    span_take(&digits, OPERATOR_CODE_BYTES, &code);
    return code;
}

static void put_operator(const struct imqtt_modem *modem, uint32_t format, struct out *line)
{
    uint8_t room[IMQTT_IDENTITY_TEXT_BYTES];
    out_u8(line, '"');
    out_span(line, operator_name(modem, format, room));
    out_u8(line, '"');
}

/* ---- AT+COPS= ------------------------------------------------------------------------------- */

struct selection {
    uint32_t mode, format;
    struct span name; /* of a manual one */
};

static struct selection take_selection(const struct imqtt_modem *modem, struct params *params)
{
    struct selection selection = {.mode = params_number(params, OPERATOR_AUTOMATIC, SELECT_FORMAT),
                                  .format = modem->radio.operator_format};
    bool needs_format = selection.mode == OPERATOR_MANUAL || selection.mode == SELECT_FORMAT;
    if (needs_format || !params_skip_empty(params))
        selection.format = params_number(params, FORMAT_LONG, FORMAT_NUMERIC);
    if (selection.mode != OPERATOR_MANUAL)
        return selection;
    selection.name = params_text(params, SIZE_MAX).raw;
    if (!params_skip_empty(params))
        params_number(params, 0, UINT8_MAX); /* <AcT>: there is one */
    return selection;
}

static bool is_there(const struct imqtt_modem *modem, const struct selection *selection)
{
    uint8_t room[IMQTT_IDENTITY_TEXT_BYTES];
    return radio_sees_network(&modem->radio) &&
           span_equal_ignoring_case(selection->name, operator_name(modem, selection->format, room));
}

/* A manual selection that finds no such operator changes nothing. */
enum imqtt_status operator_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct selection selection = take_selection(modem, call->params);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (selection.mode == OPERATOR_MANUAL && !is_there(modem, &selection))
        return IMQTT_NO_NETWORK_SERVICE;
    modem->radio.operator_format = (uint8_t)selection.format;
    if (selection.mode != SELECT_FORMAT)
        modem_follow_radio(modem, radio_select_operator(&modem->radio, selection.mode));
    return IMQTT_DONE;
}

/* ---- AT+COPS?, AT+COPS=? -------------------------------------------------------------------- */

enum imqtt_status operator_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t format = modem->radio.operator_format;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+COPS: ");
    out_decimal(&line, modem->radio.operator_mode);
    if (radio_is_registered(&modem->radio)) {
        out_u8(&line, ',');
        out_decimal(&line, format);
        out_u8(&line, ',');
        put_operator(modem, format, &line);
        out_text(&line, "," RADIO_TECHNOLOGY);
    }
    return modem_end_line(modem, &line);
}

/* What there is to be found: 2 the current operator, 1 one that may be had. */
enum imqtt_status operator_test(struct at_call *call)
{
    static const char found[] = ",\"" OPERATOR_NAME "\",\"" OPERATOR_NAME "\",";
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+COPS: ");
    if (radio_sees_network(&modem->radio)) {
        out_text(&line, radio_is_registered(&modem->radio) ? "(2" : "(1");
        out_text(&line, found);
        put_operator(modem, FORMAT_NUMERIC, &line);
        out_text(&line, "," RADIO_TECHNOLOGY ")");
    }
    out_text(&line, ",,(0-3),(0-2)");
    return modem_end_line(modem, &line);
}
