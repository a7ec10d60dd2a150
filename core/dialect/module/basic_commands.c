/* basic_commands.c: how the modem answers, and what it knows: ATE, ATV, ATQ, ATS3 to S5 (V.250 6.2), AT+CMEE
 * and AT+CLAC (3GPP TS 27.007 9.1, 8.37). */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/settings/fields.h"

/* ---- ATE, ATV, ATQ ------------------------------------------------------------------------- */

static enum imqtt_status take_switch(struct params *params, bool *value)
{
    uint32_t number = params_optional_number(params, 0, 1, 0);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        *value = number == 1;
    return status;
}

enum imqtt_status basic_echo(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    return take_switch(params, &modem->settings.answers.echo);
}

enum imqtt_status basic_verbose(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    return take_switch(params, &modem->settings.answers.verbose);
}

enum imqtt_status basic_quiet(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    return take_switch(params, &modem->settings.answers.quiet);
}

/* ---- ATS3, ATS4, ATS5 ---------------------------------------------------------------------- */

enum imqtt_status register_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_padded(&line, setting_number(&modem->settings, (enum setting)call->command->which), 3);
    return modem_end_line(modem, &line);
}

/* ---- AT+CMEE ------------------------------------------------------------------------------- */

enum imqtt_status error_form_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+CMEE: ", modem->settings.answers.error_form);
}

enum imqtt_status error_form_test(struct at_call *call)
{
    return answer_range(call, "+CMEE: ", 0, ERROR_FORM_MAX);
}

/* ---- ATH: there is no call (V.250 6.3.6) ------------------------------------------------------- */

enum imqtt_status hang_up_execute(struct at_call *call)
{
    params_optional_number(call->params, 0, 0, 0);
    return params_end(call->params);
}

/* ---- AT+CLAC ------------------------------------------------------------------------------- */

static enum imqtt_status list_command(struct imqtt_modem *modem, const char *name)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "AT");
    out_text(&line, name);
    return modem_end_line(modem, &line);
}

static enum imqtt_status list_table(struct imqtt_modem *modem, const struct at_table *table)
{
    enum imqtt_status status = IMQTT_DONE;
    for (size_t i = 0; status == IMQTT_DONE && i < table->count; i++)
        status = list_command(modem, table->commands[i].name);
    return status;
}

static enum imqtt_status list_own(struct imqtt_modem *modem)
{
    enum imqtt_status status = IMQTT_DONE;
#if IMQTT_WITH_OWN_COMMANDS
    const struct imqtt_own_commands *own = modem->options.own_commands;
    for (size_t i = 0; own != NULL && status == IMQTT_DONE && i < own->count; i++)
        status = list_command(modem, own->commands[i].name);
#else
    (void)modem;
#endif
    return status;
}

enum imqtt_status command_list_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = list_table(modem, &modem->dialect->commands);
#if IMQTT_WITH_DIALECTS
    if (status == IMQTT_DONE && modem->dialect->commands.base != NULL)
        status = list_table(modem, modem->dialect->commands.base);
#endif
    return status == IMQTT_DONE ? list_own(modem) : status;
}
