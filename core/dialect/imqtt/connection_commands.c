/* connection_commands.c: AT+IMQTTCONN, DISCONN, STATE (M2.7, M2.8, M2.14), ERR and
 * RECONN. */
#include "core/dialect/module/answers.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/dialect/module/setting_params.h"
#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/modem/radio_service.h"

#define WEAK_SIGNAL 10 /* CSQ below this is a weak connection */

enum imqtt_status connect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (modem_is_connected(modem)) {
        say_number(modem, "+IMQTTCONN:", 1);
        return IMQTT_DONE;
    }
    return modem_connect_for_host(modem);
}

enum imqtt_status disconnect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return modem_disconnect(modem);
}

static uint32_t connection_quality(const struct imqtt_modem *modem)
{
    if (!modem_is_connected(modem))
        return 0;
    bool weak = radio_signal(&modem->radio) < WEAK_SIGNAL;
    return weak || mqtt_client_is_slow(&modem->link->mqtt, modem->now_ms) ? 1 : 2;
}

enum imqtt_status state_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTSTATE:", connection_quality(modem));
}

enum imqtt_status diagnosis_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct diagnosis *diagnosis = &modem->link->diagnosis;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTERR:");
    out_text(&line, imqtt_stage_word(diagnosis->stage));
    out_u8(&line, ',');
    out_decimal(&line, diagnosis->code);
    out_text(&line, ",\"");
    out_text(&line, diagnosis->text);
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

/* AT+IMQTTRECONN=<0|1>[,<min>,<max>] */
enum imqtt_status reconnect_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct reconnect_settings wanted = modem->settings.reconnect;
    wanted.is_on = take_setting(params, &modem->settings, SETTING_RECONNECT) == 1;
    if (params_more(params)) {
        wanted.min_s = take_setting(params, &modem->settings, SETTING_RECONNECT_MIN_S);
        wanted.max_s = take_setting(params, &modem->settings, SETTING_RECONNECT_MAX_S);
    }
    if (wanted.min_s > wanted.max_s)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    modem->settings.reconnect = wanted;
    if (!wanted.is_on)
        reconnection_end(modem);
    return IMQTT_DONE;
}

enum imqtt_status reconnect_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct reconnect_settings *reconnect = &modem->settings.reconnect;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTRECONN:");
    out_decimal(&line, reconnect->is_on);
    out_u8(&line, ',');
    out_decimal(&line, reconnect->min_s);
    out_u8(&line, ',');
    out_decimal(&line, reconnect->max_s);
    return modem_end_line(modem, &line);
}

/* In AT&V: no line unless it is on, as a module that has no such command would show none. */
enum imqtt_status reconnect_view(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return modem->settings.reconnect.is_on ? reconnect_read(call) : IMQTT_DONE;
}
