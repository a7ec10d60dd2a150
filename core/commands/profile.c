/* profile.c: the settings as a whole: ATZ, AT&F, AT&W, AT&V (V.250 6.1.1, 6.1.2; commands.md
 * section 6). There is one profile, number 0. */
#include "core/commands/commands.h"
#include "core/modem/modem.h"
#include "core/modem/profile.h"

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

/* The read commands show the secret behind these two; here are stars. */
static enum imqtt_status show_device(struct imqtt_modem *modem, struct span name,
                                     enum setting_string first)
{
    struct span product_key = setting_string(&modem->settings, first);
    struct span device_name = setting_string(&modem->settings, first + 1);
    if (product_key.count == 0)
        return IMQTT_DONE;
    struct out line =
        modem_begin_line(modem, name.count + sizeof ",,*****" + result_string_bytes(product_key) +
                                    result_string_bytes(device_name));
    out_span(&line, name);
    result_put_string(&line, product_key);
    out_u8(&line, ',');
    result_put_string(&line, device_name);
    out_text(&line, ",*****");
    return modem_end_line(modem, &line);
}

static enum imqtt_status show_auth(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_device(modem, span_text("+IMQTTAUTH:"), SETTING_PRODUCT_KEY);
}

static enum imqtt_status show_registration(struct imqtt_modem *modem, struct params *params)
{
    uint8_t room[sizeof "+IMQTTDYNREG:1,1,"];
    struct out name = out_on(room, sizeof room);
    (void)params;
    out_text(&name, "+IMQTTDYNREG:");
    out_decimal(&name, modem->settings.registration_type);
    out_u8(&name, ',');
    out_decimal(&name, modem->settings.registration_mode);
    out_u8(&name, ',');
    return show_device(modem, out_written(&name), SETTING_REGISTRATION_PRODUCT_KEY);
}

enum imqtt_status profile_view(struct imqtt_modem *modem, struct params *params)
{
    static at_handler *const shown[] = {
        show_basic,   error_form_read, speed_read, flow_read,         creg_read, cgreg_read,
        cereg_read,   context_read,    mode_read,  receive_hex_read,  para_read, user_read,
        address_read, show_will,       show_auth,  show_registration,
    };
    enum imqtt_status status = take_profile_number(params);
    for (size_t i = 0; status == IMQTT_DONE && i < sizeof shown / sizeof shown[0]; i++)
        status = shown[i](modem, params);
    return status;
}
