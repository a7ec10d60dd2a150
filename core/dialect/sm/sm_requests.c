/* sm_requests.c: AT+SMPUB, SMSUB and SMUNSUB. */
#include "core/bytes/hex.h"
#include "core/dialect/module/requests.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/data_prompt.h"

#if IMQTT_WITH_DIALECTS

/* What comes back with an event: whether a command waits for it. */
static struct request_mark mark_of(const struct imqtt_modem *modem)
{
    bool waits = sm_number(modem, SM_AWAITED) == SM_REQUEST;
    return (struct request_mark){.tag = waits ? SM_REQUEST : SM_NOTHING,
                                 .timeout_ms = SM_ANSWER_S * 1000};
}

/* ---- AT+SMPUB ------------------------------------------------------------------------------------- */

static enum imqtt_status send(struct imqtt_modem *modem, const struct publish_params *params,
                              struct span message)
{
    uint8_t room[SM_DATA_BYTES / 2];
    struct out bytes = out_on(room, sizeof room);
    if (sm_number(modem, SM_PUBLISH_HEX) == 1) {
        if (!hex_is_valid(message))
            return IMQTT_BAD_CHARACTER;
        hex_decode(message, &bytes);
        message = out_written(&bytes);
    }
    enum imqtt_status status = sm_await(modem, SM_REQUEST);
    struct request_mark mark = mark_of(modem);
    if (status == IMQTT_DONE)
        status = request_publish(modem, modem->link, params, &mark, message);
    return sm_begun(modem, status);
}

/* No bytes at all: the prompt, and the host goes on. */
static enum imqtt_status ask_for(struct imqtt_modem *modem, uint32_t bytes)
{
    static const char prompt[] = "\r\n> ";
    struct typed_wish wish = {.end = TYPED_BY_COUNT, .bytes = bytes, .is_echoed = true};
    if (bytes > 0)
        return modem_prompt(modem, prompt, &wish);
    fifo_put(&modem->output, span_text(prompt));
    return IMQTT_DONE;
}

enum imqtt_status sm_publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params publish = {.topic = params_text(params, SIZE_MAX)};
    check_topic_name(params, publish.topic);
    uint32_t bytes = sm_take_number(params, 0, SM_DATA_BYTES);
    publish.qos = (uint8_t)params_number(params, 0, 2);
    publish.retained = params_number(params, 0, 1) == 1;
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE && !broker_link_is_connected(modem->link))
        status = IMQTT_NOT_ALLOWED;
    if (status == IMQTT_DONE && !modem_has_data(modem))
        status = ask_for(modem, bytes);
    if (status != IMQTT_DONE)
        return status;
    return send(modem, &publish, modem_has_data(modem) ? modem_data(modem) : SPAN_EMPTY);
}

/* ---- AT+SMSUB, SMUNSUB ---------------------------------------------------------------------------- */

static enum imqtt_status ask(struct at_call *call, bool subscribes)
{
    struct imqtt_modem *modem = call->context;
    struct filter_list list = {.has_qos = subscribes};
    filter_list_take(&list, call->params);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = sm_await(modem, SM_REQUEST);
    struct request_mark mark = mark_of(modem);
    if (status == IMQTT_DONE)
        status = request_topics(modem, modem->link, &list, &mark);
    return sm_begun(modem, status);
}

enum imqtt_status sm_subscribe_set(struct at_call *call)
{
    return ask(call, true);
}

enum imqtt_status sm_unsubscribe_set(struct at_call *call)
{
    return ask(call, false);
}

#endif
