/* basic.c: how the modem answers, and what it knows: ATE, ATV, ATQ, ATS3 to S5 (V.250 6.2), AT+CMEE
 * and AT+CLAC (3GPP TS 27.007 9.1, 8.37). */
#include "core/dialect/imqtt/answers.h"
#include "core/dialect/imqtt/commands.h"
#include "core/modem/modem.h"

/* ---- ATE, ATV, ATQ ------------------------------------------------------------------------- */

static enum imqtt_status take_switch(struct params *params, bool *value)
{
    uint32_t number = params_optional_number(params, 0, 1, 0);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        *value = number == 1;
    return status;
}

enum imqtt_status basic_echo(struct imqtt_modem *modem, struct params *params)
{
    return take_switch(params, &modem->format.echo);
}

enum imqtt_status basic_verbose(struct imqtt_modem *modem, struct params *params)
{
    return take_switch(params, &modem->format.verbose);
}

enum imqtt_status basic_quiet(struct imqtt_modem *modem, struct params *params)
{
    return take_switch(params, &modem->format.quiet);
}

/* ---- ATS3, ATS4, ATS5 ---------------------------------------------------------------------- */

static enum imqtt_status set_register(struct imqtt_modem *modem, struct params *params,
                                      enum s_register name)
{
    uint32_t value = params_number(params, 0, S_REGISTER_MAX);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        modem->settings.s_registers[name] = (uint8_t)value;
    return status;
}

static enum imqtt_status read_register(struct imqtt_modem *modem, enum s_register name)
{
    struct out line = modem_begin_line(modem, sizeof "127");
    out_padded(&line, modem->settings.s_registers[name], 3);
    return modem_end_line(modem, &line);
}

enum imqtt_status s3_set(struct imqtt_modem *modem, struct params *params)
{
    return set_register(modem, params, S_REGISTER_3);
}

enum imqtt_status s3_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return read_register(modem, S_REGISTER_3);
}

enum imqtt_status s4_set(struct imqtt_modem *modem, struct params *params)
{
    return set_register(modem, params, S_REGISTER_4);
}

enum imqtt_status s4_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return read_register(modem, S_REGISTER_4);
}

enum imqtt_status s5_set(struct imqtt_modem *modem, struct params *params)
{
    return set_register(modem, params, S_REGISTER_5);
}

enum imqtt_status s5_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return read_register(modem, S_REGISTER_5);
}

/* ---- AT+CMEE ------------------------------------------------------------------------------- */

enum imqtt_status error_form_set(struct imqtt_modem *modem, struct params *params)
{
    uint32_t form = params_number(params, 0, ERROR_FORM_MAX);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        modem->format.error_form = (uint8_t)form;
    return status;
}

enum imqtt_status error_form_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return answer_number(modem, "+CMEE: ", modem->format.error_form);
}

enum imqtt_status error_form_test(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return answer_range(modem, "+CMEE: ", 0, ERROR_FORM_MAX);
}

/* ---- AT+CLAC ------------------------------------------------------------------------------- */

static enum imqtt_status list_command(struct imqtt_modem *modem, const struct at_command *command)
{
    struct out line = modem_begin_line(modem, strlen("AT") + strlen(command->name));
    out_text(&line, "AT");
    out_text(&line, command->name);
    return modem_end_line(modem, &line);
}

enum imqtt_status command_list_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    enum imqtt_status status = IMQTT_DONE;
    for (size_t i = 0; status == IMQTT_DONE && i < modem_commands.count; i++)
        status = list_command(modem, &modem_commands.commands[i]);
    return status;
}
