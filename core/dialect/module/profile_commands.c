/* profile_commands.c: the settings as a whole: ATZ, AT&F, AT&W, AT&V (V.250 6.1.1, 6.1.2; commands.md
 * section 6). There is one profile, number 0. */
#include "core/dialect/module/module_commands.h"
#include "core/modem/boot.h"
#include "core/modem/presets.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"

static enum imqtt_status take_profile_number(struct params *params)
{
    params_optional_number(params, 0, 0, 0);
    return params_end(params);
}

enum imqtt_status profile_reset(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    enum imqtt_status status = take_profile_number(params);
    return status == IMQTT_DONE ? boot_reload(modem) : status;
}

enum imqtt_status profile_factory(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    enum imqtt_status status = take_profile_number(params);
    if (status == IMQTT_DONE)
        presets_reset(modem);
    return status;
}

enum imqtt_status profile_write(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    enum imqtt_status status = take_profile_number(params);
    return status == IMQTT_DONE ? boot_save_settings(modem) : status;
}

/* ---- AT&V ---------------------------------------------------------------------------------- */

static void put_switch(struct out *line, const char *text, bool value)
{
    out_text(line, text);
    out_decimal(line, value);
}

enum imqtt_status basic_view(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    static const char *const names[] = {" S3:", " S4:", " S5:"};
    struct out line = modem_begin_line(modem);
    put_switch(&line, "E", modem->settings.answers.echo);
    put_switch(&line, " V", modem->settings.answers.verbose);
    put_switch(&line, " Q", modem->settings.answers.quiet);
    for (unsigned i = 0; i < S_REGISTER_COUNT; i++) {
        out_text(&line, names[i]);
        out_padded(&line, modem->settings.s_registers[i], 3);
    }
    return modem_end_line(modem, &line);
}

enum imqtt_status profile_view(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct at_table *view = &modem->dialect->view;
    enum imqtt_status status = take_profile_number(call->params);
    for (size_t i = 0; status == IMQTT_DONE && i < view->count; i++) {
        struct at_call show = {call->context, &view->commands[i], call->params};
        status = view->commands[i].read(&show);
    }
    return status;
}
