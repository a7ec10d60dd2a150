/* esp_module.c: AT+RST, GMR, SYSLOG, and what is kept, shown and has no effect. */
#include "core/device/device_identity.h"
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/module/answers.h"
#include "core/modem/boot.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum imqtt_status esp_restart_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? boot_again(call->context) : status;
}

/* ---- AT+GMR: "AT version" is what hosts look for ------------------------------------------------------------ */

enum imqtt_status esp_version_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct imqtt_identity *identity = &modem->options.identity;
    struct out line = modem_begin_line(modem);
    out_text(&line, "AT version:");
    identity_put(identity, IMQTT_REVISION, &line);
    out_text(&line, "\r\nSDK version:");
    identity_put(identity, IMQTT_MANUFACTURER, &line);
    out_text(&line, "\r\nBin version:");
    identity_put(identity, IMQTT_MODEL, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+SYSLOG: whether errors come with their numbers ------------------------------------------------------- */

enum imqtt_status esp_log_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t is_on = params_number(call->params, 0, 1);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !client_put_number(&modem->clients, ESP_MODULE, ESP_SYSLOG, is_on))
        status = IMQTT_UNKNOWN_ERROR;
    return status;
}

enum imqtt_status esp_log_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_number(call,
                         "+SYSLOG:", client_number(&modem->clients, ESP_MODULE, ESP_SYSLOG, 0));
}

/* ---- kept, and without effect --------------------------------------------------------------------------------- */

static const char *factory_of(enum esp_kept kept)
{
    switch (kept) {
    case ESP_AUTO_CONNECT:
    case ESP_STORES:
        return "1";
    case ESP_DHCP:
        return "3";
    case ESP_UART_NOW:
    case ESP_UART_DEFAULT:
        return "115200,8,1,0,0";
    default:
        return "0";
    }
}

/* Numbers, as they were typed. */
enum imqtt_status esp_kept_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span typed = span_trim(span_of(call->params->bytes, call->params->count));
    do
        params_number(call->params, 0, UINT32_MAX);
    while (params_more(call->params));
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE &&
        !client_put_string(&modem->clients, ESP_MODULE, call->command->which, typed))
        status = IMQTT_UNKNOWN_ERROR;
    return status;
}

enum imqtt_status esp_kept_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span kept = client_string(&modem->clients, ESP_MODULE, call->command->which);
    struct out line = modem_begin_line(modem);
    out_text(&line, call->command->name);
    out_u8(&line, ':');
    out_span(&line,
             kept.count > 0 ? kept : span_text(factory_of((enum esp_kept)call->command->which)));
    return modem_end_line(modem, &line);
}

#endif
