/* aliyun.c: AT+IMQTTAUTH and DYNREG (M2.15, M2.16). */
#include "core/dialect/imqtt/commands.h"
#include "core/modem/modem.h"

static struct text take_field(struct params *params)
{
    struct text field = params_text(params, IMQTT_ALIYUN_FIELD_BYTES);
    if (field.raw.count == 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    else if (!aliyun_field_is_valid(field.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
    return field;
}

/* Three fields in a row, as AUTH and DYNREG have them. */
struct fields {
    struct text product_key, device_name, secret;
};

static struct fields take_fields(struct params *params)
{
    struct fields fields;
    fields.product_key = take_field(params);
    fields.device_name = take_field(params);
    fields.secret = take_field(params);
    return fields;
}

static bool make_room(struct strings *strings)
{
    return strings_make_room(strings, 3 * IMQTT_ALIYUN_FIELD_BYTES);
}

static bool put_fields(struct strings *strings, unsigned first, const struct fields *fields)
{
    const struct text *texts[] = {&fields->product_key, &fields->device_name, &fields->secret};
    if (!make_room(strings))
        return false;
    for (unsigned i = 0; i < 3; i++) {
        struct out out = strings_begin(strings, first + i, text_bytes(*texts[i]));
        text_put(*texts[i], &out);
    }
    return true;
}

static void put_strings(struct out *line, const struct strings *strings, unsigned first)
{
    for (unsigned i = 0; i < 3; i++) {
        if (i > 0)
            out_u8(line, ',');
        result_put_string(line, strings_get(strings, first + i));
    }
}

static size_t shown_bytes(const struct strings *strings, unsigned first)
{
    size_t bytes = 2; /* commas */
    for (unsigned i = 0; i < 3; i++)
        bytes += result_string_bytes(strings_get(strings, first + i));
    return bytes;
}

/* ---- AT+IMQTTAUTH (M2.15) ------------------------------------------------------------------ */

enum imqtt_status auth_set(struct imqtt_modem *modem, struct params *params)
{
    struct fields triple = take_fields(params);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    bool kept = put_fields(&modem->settings.strings, SETTING_PRODUCT_KEY, &triple);
    return kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status auth_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    const struct strings *strings = &modem->settings.strings;
    if (setting_string(&modem->settings, SETTING_PRODUCT_KEY).count == 0)
        return IMQTT_DONE;
    struct out line =
        modem_begin_line(modem, sizeof "+IMQTTAUTH:" + shown_bytes(strings, SETTING_PRODUCT_KEY));
    out_text(&line, "+IMQTTAUTH:");
    put_strings(&line, strings, SETTING_PRODUCT_KEY);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTDYNREG (M2.16) ---------------------------------------------------------------- */

static enum imqtt_status show_result(struct imqtt_modem *modem, enum aliyun_mode mode)
{
    struct out line =
        modem_begin_line(modem, sizeof "+IMQTTDYNREG: " + registration_result_bytes(modem, mode));
    out_text(&line, "+IMQTTDYNREG: ");
    registration_put_result(modem, mode, &line);
    return modem_end_line(modem, &line);
}

static enum imqtt_status query(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = show_result(modem, ALIYUN_PRE_REGISTERED);
    if (status == IMQTT_DONE)
        status = show_result(modem, ALIYUN_NOT_PRE_REGISTERED);
    return status;
}

/* What was asked becomes a setting only if the registration could begin. */
static enum imqtt_status begin(struct imqtt_modem *modem, enum registration_type type,
                               enum aliyun_mode mode, const struct fields *asked)
{
    struct settings *settings = &modem->settings;
    if (!put_fields(&modem->registration.strings, REGISTERING_PRODUCT_KEY, asked) ||
        !make_room(&settings->strings))
        return IMQTT_UNKNOWN_ERROR;
    enum imqtt_status status = registration_begin(modem, type, mode);
    if (status != IMQTT_DONE)
        return status;
    put_fields(&settings->strings, SETTING_REGISTRATION_PRODUCT_KEY, asked);
    settings->registration_type = (uint8_t)type;
    settings->registration_mode = (uint8_t)mode;
    return IMQTT_DONE;
}

enum imqtt_status registration_set(struct imqtt_modem *modem, struct params *params)
{
    uint32_t type = params_number(params, REGISTER_UNTIL_POWER_OFF, REGISTER_QUERY);
    if (type == REGISTER_QUERY)
        return query(modem, params);
    uint32_t mode = params_number(params, ALIYUN_PRE_REGISTERED, ALIYUN_NOT_PRE_REGISTERED);
    struct fields asked = take_fields(params);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = registration_check(modem, (enum registration_type)type);
    if (status == IMQTT_DONE)
        status = begin(modem, (enum registration_type)type, (enum aliyun_mode)mode, &asked);
    return status;
}

enum imqtt_status registration_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    const struct settings *settings = &modem->settings;
    const struct strings *strings = &settings->strings;
    if (settings->registration_mode == 0)
        return IMQTT_DONE;
    struct out line = modem_begin_line(
        modem, sizeof "+IMQTTDYNREG:1,1," + shown_bytes(strings, SETTING_REGISTRATION_PRODUCT_KEY));
    out_text(&line, "+IMQTTDYNREG:");
    out_decimal(&line, settings->registration_type);
    out_u8(&line, ',');
    out_decimal(&line, settings->registration_mode);
    out_u8(&line, ',');
    put_strings(&line, strings, SETTING_REGISTRATION_PRODUCT_KEY);
    return modem_end_line(modem, &line);
}

/* ---- AT&V ---------------------------------------------------------------------------------- */

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

enum imqtt_status auth_view(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_device(modem, span_text("+IMQTTAUTH:"), SETTING_PRODUCT_KEY);
}

enum imqtt_status registration_view(struct imqtt_modem *modem, struct params *params)
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
