/* aliyun_commands.c: AT+IMQTTAUTH and DYNREG (M2.15, M2.16). */
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/modem/dynreg.h"
#include "core/modem/say.h"
#include "core/modem/connect_service.h"
#include "core/modem/radio_service.h"

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

static void put_strings(struct out *line, const struct settings *settings, enum setting first)
{
    for (unsigned i = 0; i < 3; i++) {
        if (i > 0)
            out_u8(line, ',');
        quoting_put_string(line, setting_string(settings, first + i));
    }
}

/* ---- AT+IMQTTAUTH (M2.15) ------------------------------------------------------------------ */

enum imqtt_status auth_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct fields triple = take_fields(params);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    bool kept = put_fields(&modem->settings.strings, setting_place(SETTING_PRODUCT_KEY), &triple);
    return kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status auth_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (setting_string(&modem->settings, SETTING_PRODUCT_KEY).count == 0)
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTAUTH:");
    put_strings(&line, &modem->settings, SETTING_PRODUCT_KEY);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTDYNREG (M2.16) ---------------------------------------------------------------- */

static enum imqtt_status show_result(struct imqtt_modem *modem, enum aliyun_mode mode)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTDYNREG: ");
    put_dynreg_result(&line, &modem->dynreg, mode);
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
static enum imqtt_status begin(struct imqtt_modem *modem, enum dynreg_type type,
                               enum aliyun_mode mode, const struct fields *asked)
{
    struct settings *settings = &modem->settings;
    if (!put_fields(&modem->dynreg.strings, DYNREG_ASKED_PRODUCT_KEY, asked) ||
        !make_room(&settings->strings))
        return IMQTT_UNKNOWN_ERROR;
    enum imqtt_status status = dynreg_begin(modem, type, mode);
    if (status != IMQTT_DONE)
        return status;
    put_fields(&settings->strings, setting_place(SETTING_DYNREG_PRODUCT_KEY), asked);
    settings->dynreg_type = (uint8_t)type;
    settings->dynreg_mode = (uint8_t)mode;
    return IMQTT_DONE;
}

enum imqtt_status dynreg_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t type = params_number(params, DYNREG_UNTIL_POWER_OFF, DYNREG_QUERY);
    if (type == DYNREG_QUERY)
        return query(modem, params);
    uint32_t mode = params_number(params, ALIYUN_PRE_REGISTERED, ALIYUN_NOT_PRE_REGISTERED);
    struct fields asked = take_fields(params);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = dynreg_check(modem, (enum dynreg_type)type);
    if (status == IMQTT_DONE)
        status = modem_check_free(modem);
    if (status == IMQTT_DONE)
        status = begin(modem, (enum dynreg_type)type, (enum aliyun_mode)mode, &asked);
    return status;
}

/* ---- AT+IMQTTDYNREG?, AT&V ------------------------------------------------------------------ */

/* The read commands show the secret behind these two; here are stars. */
static enum imqtt_status end_with_stars(struct imqtt_modem *modem, struct out *line,
                                        enum setting first)
{
    quoting_put_string(line, setting_string(&modem->settings, first));
    out_u8(line, ',');
    quoting_put_string(line, setting_string(&modem->settings, first + 1));
    out_text(line, ",*****");
    return modem_end_line(modem, line);
}

enum imqtt_status auth_view(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (setting_string(&modem->settings, SETTING_PRODUCT_KEY).count == 0)
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTAUTH:");
    return end_with_stars(modem, &line, SETTING_PRODUCT_KEY);
}

static struct out begin_dynreg_line(struct imqtt_modem *modem)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTDYNREG:");
    out_decimal(&line, modem->settings.dynreg_type);
    out_u8(&line, ',');
    out_decimal(&line, modem->settings.dynreg_mode);
    out_u8(&line, ',');
    return line;
}

enum imqtt_status dynreg_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (modem->settings.dynreg_mode == 0)
        return IMQTT_DONE;
    struct out line = begin_dynreg_line(modem);
    put_strings(&line, &modem->settings, SETTING_DYNREG_PRODUCT_KEY);
    return modem_end_line(modem, &line);
}

enum imqtt_status dynreg_view(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (setting_string(&modem->settings, SETTING_DYNREG_PRODUCT_KEY).count == 0)
        return IMQTT_DONE;
    struct out line = begin_dynreg_line(modem);
    return end_with_stars(modem, &line, SETTING_DYNREG_PRODUCT_KEY);
}
