/* inert_commands.c: what drivers set, read back, and stop without, and what has no effect here: a
 * telephone call (V.250 6.3), a fax, packet domain events, power saving, character sets (3GPP TS
 * 27.007 5.5, 7.38, 7.40, 10.1.19), and the network's time as two makers call it. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/setting_params.h"
#include "core/modem/say.h"

static struct out begin_named_line(struct at_call *call)
{
    struct out line = modem_begin_line(call->context);
    out_text(&line, call->command->name);
    out_text(&line, ": ");
    return line;
}

static uint16_t number_of(const struct at_call *call, enum setting setting)
{
    const struct imqtt_modem *modem = call->context;
    return setting_number(&modem->settings, setting);
}

static uint16_t take_or_zero(const struct at_call *call, enum setting setting)
{
    const struct imqtt_modem *modem = call->context;
    return params_skip_empty(call->params) ? 0
                                           : take_setting(call->params, &modem->settings, setting);
}

/* ---- one number: which is the setting -------------------------------------------------------- */

/* ATX4, AT&D: without a number it is 0. */
enum imqtt_status inert_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum setting setting = (enum setting)call->command->which;
    uint16_t value = take_or_zero(call, setting);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        setting_put_number(&modem->settings, setting, value);
    return status;
}

enum imqtt_status inert_read(struct at_call *call)
{
    struct out line = begin_named_line(call);
    out_decimal(&line, number_of(call, (enum setting)call->command->which));
    return modem_end_line(call->context, &line);
}

enum imqtt_status inert_test(struct at_call *call)
{
    struct out line = begin_named_line(call);
    out_text(&line, "(0,1)");
    return modem_end_line(call->context, &line);
}

/* ---- AT&V: those of a call -------------------------------------------------------------------- */

enum imqtt_status call_view(struct at_call *call)
{
    static const struct {
        const char *name;
        enum setting setting;
        uint8_t digits;
    } shown[] = {{"X", SETTING_X, 1},       {" L", SETTING_L, 1},      {" M", SETTING_M, 1},
                 {" &C", SETTING_AND_C, 1}, {" &D", SETTING_AND_D, 1}, {" &K", SETTING_AND_K, 1},
                 {" S0:", SETTING_S0, 3},   {" S6:", SETTING_S6, 3},   {" S7:", SETTING_S7, 3},
                 {" S8:", SETTING_S8, 3},   {" S9:", SETTING_S9, 3},   {" S10:", SETTING_S10, 3}};
    struct out line = modem_begin_line(call->context);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        out_text(&line, shown[i].name);
        out_padded(&line, number_of(call, shown[i].setting), shown[i].digits);
    }
    out_text(&line, " +FCLASS:0");
    return modem_end_line(call->context, &line);
}

/* ---- AT+FCLASS: data, no fax ------------------------------------------------------------------ */

enum imqtt_status fax_class_set(struct at_call *call)
{
    params_number(call->params, 0, 0);
    return params_end(call->params);
}

enum imqtt_status fax_class_read(struct at_call *call)
{
    return answer_text(call, "+FCLASS: 0");
}

enum imqtt_status fax_class_test(struct at_call *call)
{
    return answer_text(call, "+FCLASS: (0)");
}

/* ---- AT+CGEREP ------------------------------------------------------------------------------- */

enum imqtt_status event_report_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint16_t mode = take_or_zero(call, SETTING_EVENT_REPORT);
    uint16_t buffer = take_or_zero(call, SETTING_EVENT_BUFFER);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    setting_put_number(&modem->settings, SETTING_EVENT_REPORT, mode);
    setting_put_number(&modem->settings, SETTING_EVENT_BUFFER, buffer);
    return IMQTT_DONE;
}

enum imqtt_status event_report_read(struct at_call *call)
{
    struct out line = begin_named_line(call);
    out_decimal(&line, number_of(call, SETTING_EVENT_REPORT));
    out_u8(&line, ',');
    out_decimal(&line, number_of(call, SETTING_EVENT_BUFFER));
    return modem_end_line(call->context, &line);
}

enum imqtt_status event_report_test(struct at_call *call)
{
    return answer_text(call, "+CGEREP: (0-2),(0,1)");
}

/* ---- AT+CPSMS, AT+CEDRXS: a mode, and times that are taken and ignored ------------------------ */

static enum imqtt_status set_power(struct at_call *call, enum setting setting, int more)
{
    struct imqtt_modem *modem = call->context;
    uint16_t mode = take_or_zero(call, setting);
    while (more-- > 0)
        if (!params_skip_empty(call->params))
            params_text(call->params, SIZE_MAX);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        setting_put_number(&modem->settings, setting, mode);
    return status;
}

enum imqtt_status power_saving_set(struct at_call *call)
{
    return set_power(call, SETTING_POWER_SAVING, 4);
}

enum imqtt_status power_saving_read(struct at_call *call)
{
    struct out line = begin_named_line(call);
    out_decimal(&line, number_of(call, SETTING_POWER_SAVING));
    out_text(&line, ",,,,");
    return modem_end_line(call->context, &line);
}

enum imqtt_status power_saving_test(struct at_call *call)
{
    return answer_text(call, "+CPSMS: (0,1),,,(\"00000000\"-\"11111111\"),"
                             "(\"00000000\"-\"11111111\")");
}

enum imqtt_status discontinuous_set(struct at_call *call)
{
    return set_power(call, SETTING_DISCONTINUOUS, 2);
}

/* <AcT-type> 4: E-UTRAN; the longest cycle of a radio that always listens. */
enum imqtt_status discontinuous_read(struct at_call *call)
{
    return answer_text(call, "+CEDRXS: 4,\"0000\"");
}

enum imqtt_status discontinuous_test(struct at_call *call)
{
    return answer_text(call, "+CEDRXS: (0-3),(4),(\"0000\"-\"1111\")");
}

/* ---- AT+CSCS --------------------------------------------------------------------------------- */

static const char *const character_sets[] = {"IRA", "GSM", "UCS2"};
#define CHARACTER_SETS (sizeof character_sets / sizeof character_sets[0])

enum imqtt_status character_set_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span name = params_text(call->params, SIZE_MAX).raw;
    uint16_t chosen = 0;
    while (chosen < CHARACTER_SETS && !span_equal(name, span_text(character_sets[chosen])))
        chosen++;
    if (chosen == CHARACTER_SETS)
        params_fail(call->params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        setting_put_number(&modem->settings, SETTING_CHARACTER_SET, chosen);
    return status;
}

enum imqtt_status character_set_read(struct at_call *call)
{
    struct out line = begin_named_line(call);
    out_u8(&line, '"');
    out_text(&line, character_sets[number_of(call, SETTING_CHARACTER_SET)]);
    out_u8(&line, '"');
    return modem_end_line(call->context, &line);
}

enum imqtt_status character_set_test(struct at_call *call)
{
    return answer_text(call, "+CSCS: (\"IRA\",\"GSM\",\"UCS2\")");
}
