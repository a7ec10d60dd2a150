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

enum imqtt_status profile_reset(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = take_profile_number(params);
    return status == IMQTT_DONE ? boot_reload(modem) : status;
}

enum imqtt_status profile_factory(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = take_profile_number(params);
    if (status == IMQTT_DONE)
        profile_load_factory(modem);
    return status;
}

enum imqtt_status profile_write(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = take_profile_number(params);
    return status == IMQTT_DONE ? profile_save(modem) : status;
}

/* ---- AT&V ---------------------------------------------------------------------------------- */

static void put_switch(struct out *line, const char *text, bool value)
{
    out_text(line, text);
    out_decimal(line, value);
}

static enum imqtt_status show_basic(struct imqtt_modem *modem, struct params *params)
{
    static const char *const names[] = {" S3:", " S4:", " S5:"};
    (void)params;
    struct out line = modem_begin_line(modem, sizeof "E1 V1 Q0 S3:013 S4:010 S5:008");
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
static enum imqtt_status show_will(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = will_read(modem, params);
    return status == IMQTT_BAD_CHARACTER ? will_hex_read(modem, params) : status;
}

enum imqtt_status profile_view(struct imqtt_modem *modem, struct params *params)
{
    // clang-format off
    static at_handler *const shown[] = {
        show_basic, error_form_read,
        SERIAL(speed_read, flow_read)
        RADIO(creg_read, cgreg_read, cereg_read, context_read)
        mode_read, receive_hex_read, para_read, user_read, address_read, show_will,
        ALIYUN(auth_view, registration_view)
    };
    // clang-format on
    enum imqtt_status status = take_profile_number(params);
    for (size_t i = 0; status == IMQTT_DONE && i < sizeof shown / sizeof shown[0]; i++)
        status = shown[i](modem, params);
    return status;
}
