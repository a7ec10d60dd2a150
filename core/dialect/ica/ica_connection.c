/* ica_connection.c: AT+IMQTTAUTH, CONN and STATE, and what N21 hosts type before them. */
#include "core/aliyun/sign.h"
#include "core/dialect/ica/ica_commands.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/own_address.h"
#include "core/modem/radio_service.h"
#include "core/modem/say.h"
#include "core/settings/fields.h"

#if IMQTT_WITH_DIALECTS

/* ---- AT+IMQTTAUTH: the triple, which is signed at once to see that it can be -------------------- */

static struct text take_field(struct params *params)
{
    struct text field = params_text(params, ICA_FIELD_BYTES);
    if (field.raw.count == 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    else if (!aliyun_field_is_valid(field.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
    return field;
}

static bool can_be_signed(const struct imqtt_modem *modem)
{
    const struct settings *settings = &modem->settings;
    uint8_t room[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(room, sizeof room);
    struct aliyun_login login;
    struct aliyun_identity triple = {setting_string(settings, SETTING_PRODUCT_KEY),
                                     setting_string(settings, SETTING_DEVICE_NAME),
                                     setting_string(settings, SETTING_DEVICE_SECRET)};
    bool is_signed = modem->ports.crypto.hmac_sha256 != NULL &&
                     aliyun_sign_login(&triple, settings->tls, &modem->ports.crypto, &out, &login);
    memset(room, 0, sizeof room);
    return is_signed;
}

static bool keep_triple(struct strings *strings, const struct text fields[3])
{
    if (!strings_make_room(strings, 3 * ICA_FIELD_BYTES))
        return false;
    for (unsigned i = 0; i < 3; i++) {
        struct out out =
            strings_begin(strings, setting_place(SETTING_PRODUCT_KEY) + i, text_bytes(fields[i]));
        text_put(fields[i], &out);
    }
    return true;
}

enum imqtt_status ica_auth_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct text fields[3];
    for (unsigned i = 0; i < 3; i++)
        fields[i] = take_field(call->params);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!keep_triple(&modem->settings.strings, fields))
        return IMQTT_UNKNOWN_ERROR;
    if (settings_are_aliyun(&modem->settings))
        modem_say(modem, can_be_signed(modem) ? "+IMQTTAUTH:OK" : "+IMQTTAUTH:FAIL");
    return IMQTT_DONE;
}

/* ---- AT+IMQTTCONN, STATE ---------------------------------------------------------------------- */

enum imqtt_status ica_connect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!modem_is_connected(modem))
        return modem_connect_for_host(modem);
    modem_say(modem, "+IMQTTSTATE:1");
    return IMQTT_DONE;
}

enum imqtt_status ica_state_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTSTATE:", modem_is_connected(modem) ? 1 : 0);
}

/* ---- Neoway N21: a SIM without a space, a band that is kept by nobody, a link that is up -------- */

enum imqtt_status ica_sim_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return modem->radio.network.sim_ready ? answer_text(call, "+CPIN:READY") : IMQTT_NO_SIM;
}

enum imqtt_status ica_band_set(struct at_call *call)
{
    params_number(call->params, 0, UINT8_MAX);
    params_number(call->params, 0, UINT8_MAX);
    return params_end(call->params);
}

enum imqtt_status ica_link_set(struct at_call *call)
{
    params_number(call->params, 0, 1);
    return params_end(call->params);
}

enum imqtt_status ica_link_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!radio_is_attached(&modem->radio))
        return answer_text(call, "+XIIC:    0,0.0.0.0");
    struct out line = modem_begin_line(modem);
    out_text(&line, "+XIIC:    1,");
    own_address_put(modem, 1, &line);
    return modem_end_line(modem, &line);
}

#endif
