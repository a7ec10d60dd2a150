/* profile.c: the settings as a whole: ATZ, AT&F, AT&W, AT&V (V.250 6.1.1, 6.1.2; commands.md
 * section 6). There is one profile, number 0. */
#include "core/dialect/imqtt/commands.h"
#include "core/dialect/imqtt/families.h"
#include "core/modem/modem.h"
#include "core/settings/profile.h"

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
        profile_load_factory(modem);
    return status;
}

enum imqtt_status profile_write(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    enum imqtt_status status = take_profile_number(params);
    return status == IMQTT_DONE ? profile_save(modem) : status;
}

/* ---- AT&V ---------------------------------------------------------------------------------- */

static void put_switch(struct out *line, const char *text, bool value)
{
    out_text(line, text);
    out_decimal(line, value);
}

static enum imqtt_status show_basic(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    static const char *const names[] = {" S3:", " S4:", " S5:"};
    struct out line = modem_begin_line(modem);
    put_switch(&line, "E", modem->format.echo);
    put_switch(&line, " V", modem->format.verbose);
    put_switch(&line, " Q", modem->format.quiet);
    for (unsigned i = 0; i < S_REGISTER_COUNT; i++) {
        out_text(&line, names[i]);
        out_padded(&line, modem->settings.s_registers[i], 3);
    }
    return modem_end_line(modem, &line);
}

/* A will with control bytes is shown in hex. */
static enum imqtt_status show_will(struct at_call *call)
{
    enum imqtt_status status = will_read(call);
    return status == IMQTT_BAD_CHARACTER ? will_hex_read(call) : status;
}

/* What AT&V shows, in this order. */
// clang-format off
static const struct at_command shown[] = {
    {.read = show_basic}, {.read = error_form_read},
    SERIAL({.read = speed_read}, {.read = flow_read})
    RADIO({.read = report_read, .which = REPORT_CREG}, {.read = report_read, .which = REPORT_CGREG},
          {.read = report_read, .which = REPORT_CEREG}, {.read = context_read})
    {.read = mode_read}, {.read = receive_hex_read}, {.read = para_read}, {.read = user_read},
    {.read = address_read}, {.read = show_will},
    ALIYUN({.read = auth_view}, {.read = registration_view})
};
// clang-format on

enum imqtt_status profile_view(struct at_call *call)
{
    enum imqtt_status status = take_profile_number(call->params);
    for (size_t i = 0; status == IMQTT_DONE && i < sizeof shown / sizeof shown[0]; i++) {
        struct at_call show = {call->context, &shown[i], call->params};
        status = shown[i].read(&show);
    }
    return status;
}
