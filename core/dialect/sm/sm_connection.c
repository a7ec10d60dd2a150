/* sm_connection.c: AT+SMCONN, SMDISC and SMSTATE. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/connect_wish.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/connect_service.h"
#include "core/modem/radio_service.h"
#include "core/session/broker_connection.h"

#if IMQTT_WITH_DIALECTS

/* ---- commands that end later ---------------------------------------------------------------------- */

enum imqtt_status sm_await(struct imqtt_modem *modem, enum sm_awaited awaited)
{
    bool waits = sm_number(modem, SM_ASYNCHRONOUS) == 0;
    return sm_put_number(modem, SM_AWAITED, waits ? awaited : SM_NOTHING);
}

enum imqtt_status sm_begun(struct imqtt_modem *modem, enum imqtt_status status)
{
    if (status != IMQTT_DONE)
        client_forget(&modem->clients, SM_CLIENT, SM_AWAITED);
    else if (sm_number(modem, SM_AWAITED) != SM_NOTHING)
        return IMQTT_PENDING;
    return status;
}

/* ---- AT+SMCONN ------------------------------------------------------------------------------------ */

static struct text text_at(const struct imqtt_modem *modem, unsigned key)
{
    return text_of(sm_string(modem, key));
}

static struct connect_wish wish_of(const struct imqtt_modem *modem)
{
    return (struct connect_wish){
        .host = text_at(modem, SM_URL),
        .port = (uint16_t)sm_number(modem, SM_PORT_NUMBER),
        .tls = sm_number(modem, SM_TLS_INDEX) > 0,
        .client_id = text_at(modem, SM_CLIENT_ID),
        .user_name = text_at(modem, SM_USER_NAME),
        .password = text_at(modem, SM_PASSWORD),
        .will_topic = text_at(modem, SM_WILL_TOPIC),
        .will_message = text_at(modem, SM_WILL_MESSAGE),
        .will_qos = (uint8_t)sm_number(modem, SM_WILL_QOS),
        .will_retained = sm_number(modem, SM_WILL_RETAINED) == 1,
        .request = {.timeout_s = SM_ANSWER_S,
                    .clean_session = sm_number(modem, SM_CLEAN) == 1,
                    .keep_alive_s = (uint16_t)sm_number(modem, SM_KEEP_ALIVE_S),
                    .version = VERSION_3_1_1},
    };
}

enum imqtt_status sm_connect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = connection_check_free(modem->link);
    if (status != IMQTT_DONE)
        return status;
    struct connect_wish wish = wish_of(modem);
    if (wish.host.raw.count == 0)
        return IMQTT_NOT_ALLOWED;
    if (!connect_wish_put(modem, &wish) || sm_await(modem, SM_CONNECTION) != IMQTT_DONE)
        return IMQTT_UNKNOWN_ERROR;
    return sm_begun(modem, modem_connect(modem));
}

/* ---- AT+SMDISC, SMSTATE --------------------------------------------------------------------------- */

enum imqtt_status sm_disconnect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE) {
        modem_forgo_reconnection(modem);
        status = sm_await(modem, SM_DISCONNECTION);
    }
    if (status == IMQTT_DONE)
        status = connection_close(modem->link, modem->now_ms);
    return sm_begun(modem, status);
}

/* Hosts compare with 1: a session that the broker has kept is told as 1, too. */
enum imqtt_status sm_state_read(struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return answer_number(call, "+SMSTATE: ", broker_link_is_connected(modem->link) ? 1 : 0);
}

#endif
