/* cmqtt_service.c: AT+CMQTTSTART, STOP, ACCQ and REL: the service, and its two clients. */
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/imqtt/checks.h"
#include "core/modem/modem_clients.h"
#include "core/modem/radio_service.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

enum { CLIENT_ID_BYTES = 128 };

/* ---- what every command asks -------------------------------------------------------------------- */

uint8_t cmqtt_take_index(struct params *params)
{
    return (uint8_t)params_number(params, 0, UINT8_MAX);
}

enum imqtt_status cmqtt_end_params(struct at_call *call, uint8_t index)
{
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!cmqtt_is_started(call->context))
        return IMQTT_NOT_ALLOWED;
    return index <= CMQTT_INDEX_MAX ? IMQTT_DONE : cmqtt_refuse(call, index, CMQTT_BAD_INDEX);
}

void cmqtt_begin_row(struct out *line, const char *name, uint8_t index)
{
    if (index > 0)
        out_text(line, "\r\n");
    out_text(line, name);
    out_decimal(line, index);
}

enum imqtt_status cmqtt_refuse(struct at_call *call, uint8_t index, enum cmqtt_error error)
{
    struct out line = modem_begin_line(call->context);
    out_text(&line, call->command->name);
    out_text(&line, ": ");
    out_decimal(&line, index);
    out_u8(&line, ',');
    out_decimal(&line, (int32_t)error);
    enum imqtt_status status = modem_end_line(call->context, &line);
    return status == IMQTT_DONE ? IMQTT_NOT_ALLOWED : status;
}

bool cmqtt_is_started(const struct imqtt_modem *modem)
{
    return client_has(&modem->clients, CMQTT_MODULE, CMQTT_STARTED);
}

bool cmqtt_is_acquired(const struct imqtt_modem *modem, uint8_t index)
{
    return client_has(&modem->clients, index, CMQTT_CLIENT_ID);
}

struct broker_link *cmqtt_link(struct imqtt_modem *modem, uint8_t index)
{
    struct broker_link *link = modem_link_at(modem, index);
    bool is_up = link != NULL && mqtt_client_state(&link->mqtt) != MQTT_IDLE;
    return is_up && link->client == index ? link : NULL;
}

bool cmqtt_is_connected(struct imqtt_modem *modem, uint8_t index)
{
    const struct broker_link *link = cmqtt_link(modem, index);
    return link != NULL && broker_link_is_connected(link);
}

/* ---- AT+CMQTTSTART, STOP ------------------------------------------------------------------------ */

/* Of the whole service: no index. */
static enum imqtt_status refuse_service(struct at_call *call, enum cmqtt_error error)
{
    struct out line = modem_begin_line(call->context);
    out_text(&line, call->command->name);
    out_text(&line, ": ");
    out_decimal(&line, (int32_t)error);
    enum imqtt_status status = modem_end_line(call->context, &line);
    return status == IMQTT_DONE ? IMQTT_NOT_ALLOWED : status;
}

enum imqtt_status cmqtt_start_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (cmqtt_is_started(modem))
        return refuse_service(call, CMQTT_OPENED);
    if (!radio_is_attached(&modem->radio)) {
        modem_say(modem, "+CMQTTSTART: 7");
        return IMQTT_DONE;
    }
    if (!client_put_number(&modem->clients, CMQTT_MODULE, CMQTT_STARTED, 1))
        return IMQTT_UNKNOWN_ERROR;
    modem_say(modem, "+CMQTTSTART: 0");
    return IMQTT_DONE;
}

/* Two hosts need the result before OK; those that want it behind take either. */
enum imqtt_status cmqtt_stop_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE || !cmqtt_is_started(modem))
        return status == IMQTT_DONE ? IMQTT_NOT_ALLOWED : status;
    for (uint8_t index = 0; index <= CMQTT_INDEX_MAX; index++)
        if (cmqtt_is_acquired(modem, index))
            return refuse_service(call, CMQTT_NOT_RELEASED);
    client_forget_all(&modem->clients, CMQTT_INDEX_MAX);
    client_forget_all(&modem->clients, 0);
    client_forget(&modem->clients, CMQTT_MODULE, CMQTT_STARTED);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CMQTTSTOP: 0");
    return modem_end_line(modem, &line);
}

/* ---- AT+CMQTTACCQ, REL -------------------------------------------------------------------------- */

static enum imqtt_status acquire(struct imqtt_modem *modem, uint8_t index, struct text client_id,
                                 uint32_t server_type)
{
    struct client_settings *clients = &modem->clients;
    struct out out;
    if (!client_put_number(clients, index, CMQTT_SERVER_TYPE, server_type) ||
        !client_begin_string(clients, index, CMQTT_CLIENT_ID, text_bytes(client_id), &out))
        return IMQTT_UNKNOWN_ERROR;
    text_put(client_id, &out);
    return IMQTT_DONE;
}

enum imqtt_status cmqtt_acquire_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = cmqtt_take_index(call->params);
    struct text client_id = take_utf8(call->params, CLIENT_ID_BYTES);
    uint32_t server_type = params_optional_number(call->params, 0, 1, 0);
    if (text_bytes(client_id) == 0)
        params_fail(call->params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    if (cmqtt_is_acquired(modem, index))
        return cmqtt_refuse(call, index, CMQTT_USED);
    return acquire(modem, index, client_id, server_type);
}

enum imqtt_status cmqtt_acquire_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!cmqtt_is_started(modem))
        return IMQTT_NOT_ALLOWED;
    struct out line = modem_begin_line(modem);
    for (uint8_t index = 0; index <= CMQTT_INDEX_MAX; index++) {
        cmqtt_begin_row(&line, "+CMQTTACCQ: ", index);
        out_text(&line, ",\"");
        quoting_put_escaped(&line, cmqtt_string(modem, index, CMQTT_CLIENT_ID));
        out_text(&line, "\",");
        out_decimal(&line, (int32_t)cmqtt_number(modem, index, CMQTT_SERVER_TYPE));
    }
    return modem_end_line(modem, &line);
}

/* A link that is being closed is waited for. */
enum imqtt_status cmqtt_release_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = cmqtt_take_index(call->params);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    if (!cmqtt_is_acquired(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_ACQUIRED);
    const struct broker_link *link = cmqtt_link(modem, index);
    if (link != NULL && connection_check_free(link) == IMQTT_LATER)
        return IMQTT_LATER;
    if (link != NULL)
        return cmqtt_refuse(call, index, CMQTT_NOT_RELEASED);
    modem_forgo_reconnection(modem);
    client_forget_all(&modem->clients, index);
    return IMQTT_DONE;
}

#endif
