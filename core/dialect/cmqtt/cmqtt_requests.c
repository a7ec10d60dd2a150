/* cmqtt_requests.c: AT+CMQTTPUB, SUB and UNSUB. */
#include "core/bytes/utf8.h"
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/module/requests.h"
#include "core/modem/data_prompt.h"
#include "core/mqtt/wire/topic.h"

#if IMQTT_WITH_DIALECTS

enum { PUBLISH_MAX_S = 180 };

/* ---- AT+CMQTTPUB -------------------------------------------------------------------------------- */

/* What was prepared is spent by the publish that takes it. */
static enum imqtt_status publish_prepared(struct at_call *call, uint8_t index,
                                          struct publish_params *publish, uint32_t timeout_ms)
{
    struct imqtt_modem *modem = call->context;
    struct request_mark mark = {.timeout_ms = timeout_ms};
    publish->topic = text_of(cmqtt_string(modem, index, CMQTT_TOPIC));
    struct span payload = cmqtt_string(modem, index, CMQTT_PAYLOAD);
    enum imqtt_status status =
        request_publish(modem, cmqtt_link(modem, index), publish, &mark, payload);
    if (status == IMQTT_NOT_ALLOWED) /* by Alibaba's platform */
        return cmqtt_refuse(call, index, CMQTT_NOT_SUPPORTED);
    if (status == IMQTT_DONE) {
        client_forget(&modem->clients, index, CMQTT_TOPIC);
        client_forget(&modem->clients, index, CMQTT_PAYLOAD);
    }
    return status;
}

enum imqtt_status cmqtt_publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct publish_params publish = {.qos = 0};
    uint8_t index = cmqtt_take_index(call->params);
    publish.qos = (uint8_t)params_number(call->params, 0, 2);
    uint32_t timeout_s = params_number(call->params, 1, PUBLISH_MAX_S);
    publish.retained = params_optional_number(call->params, 0, 1, 0) == 1;
    params_optional_number(call->params, 0, 1, 0); /* <dup>: the core knows better */
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    if (!cmqtt_is_connected(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_CONNECTED);
    if (!client_has(&modem->clients, index, CMQTT_TOPIC))
        return cmqtt_refuse(call, index, CMQTT_NO_TOPIC);
    return publish_prepared(call, index, &publish, timeout_s * 1000);
}

/* ---- AT+CMQTTSUB, UNSUB ------------------------------------------------------------------------- */

static enum imqtt_status ask(struct imqtt_modem *modem, uint8_t index,
                             const struct filter_list *list)
{
    struct request_mark mark = {.timeout_ms = cmqtt_number(modem, index, CMQTT_TIMEOUT_S) * 1000};
    return request_topics(modem, cmqtt_link(modem, index), list, &mark);
}

static void add_filter(struct filter_list *list, struct span filter, uint8_t qos)
{
    list->topics[list->count].filter = text_of(filter);
    list->topics[list->count].qos = qos;
    list->count++;
}

static void take_prepared(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key,
                          struct filter_list *list)
{
    for (unsigned i = 0; i < IMQTT_REQUEST_TOPICS; i++) {
        struct span filter = client_string(&modem->clients, index, (uint8_t)(key + i));
        uint8_t qos;
        if (span_take_u8(&filter, &qos))
            add_filter(list, filter, qos);
    }
}

/* The filters that SUBTOPIC, UNSUBTOPIC prepared. */
static enum imqtt_status ask_prepared(struct at_call *call, uint8_t index, bool subscribes)
{
    struct imqtt_modem *modem = call->context;
    enum cmqtt_key key = subscribes ? CMQTT_SUBSCRIBE : CMQTT_UNSUBSCRIBE;
    struct filter_list list = {.has_qos = subscribes};
    take_prepared(modem, index, key, &list);
    if (list.count == 0)
        return cmqtt_refuse(call, index, CMQTT_NO_TOPIC);
    enum imqtt_status status = ask(modem, index, &list);
    for (unsigned i = 0; status == IMQTT_DONE && i < list.count; i++)
        client_forget(&modem->clients, index, (uint8_t)(key + i));
    return status;
}

/* One filter, behind a prompt. */
static enum imqtt_status ask_typed(struct at_call *call, uint8_t index, uint32_t bytes,
                                   struct filter_list *list, uint8_t qos)
{
    struct imqtt_modem *modem = call->context;
    if (bytes == 0 || bytes > CMQTT_TOPIC_BYTES)
        return cmqtt_refuse(call, index, CMQTT_BAD_LENGTH);
    enum imqtt_status status = cmqtt_ask_for(modem, bytes);
    if (status != IMQTT_DONE)
        return status;
    struct span filter = modem_data(modem);
    if (!topic_filter_is_valid(filter) || utf8_has_disputed(filter))
        return cmqtt_refuse(call, index, CMQTT_BAD_UTF8);
    add_filter(list, filter, qos);
    return ask(modem, index, list);
}

/* <index>[,<dup>], or <index>,<length>,… */
static enum imqtt_status take_request(struct at_call *call, bool subscribes)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct filter_list list = {.has_qos = subscribes};
    uint8_t qos = 0, index = cmqtt_take_index(params);
    uint32_t number = params_optional_number(params, 0, UINT32_MAX, 0);
    bool is_typed = params_more(params);
    if (is_typed && subscribes)
        qos = (uint8_t)params_number(params, 0, 2);
    if (is_typed)
        params_optional_number(params, 0, 1, 0); /* <dup> */
    else if (number > 1)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status != IMQTT_DONE)
        return status;
    if (!cmqtt_is_connected(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_CONNECTED);
    return is_typed ? ask_typed(call, index, number, &list, qos)
                    : ask_prepared(call, index, subscribes);
}

enum imqtt_status cmqtt_subscribe_set(struct at_call *call)
{
    return take_request(call, true);
}

enum imqtt_status cmqtt_unsubscribe_set(struct at_call *call)
{
    return take_request(call, false);
}

#endif
