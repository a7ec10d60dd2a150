/* esp_requests.c: AT+MQTTPUB, PUBRAW, SUB and UNSUB: each ends when the broker has answered. */
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_errors.h"
#include "core/dialect/esp/esp_params.h"
#include "core/dialect/module/requests.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

static const struct request_mark mark = {.timeout_ms = ESP_REQUEST_MS};

/* Why nothing can be asked of a broker. */
static enum imqtt_status why_not_connected(struct imqtt_modem *modem)
{
    return esp_fail(modem, esp_is_configured(modem) ? ESP_IS_DISCONNECTED : ESP_NOT_CONFIGURED);
}

/* A request that is on its way is waited for. */
static enum imqtt_status begun(struct imqtt_modem *modem, enum imqtt_status status,
                               enum esp_error error)
{
    if (status == IMQTT_DONE)
        return IMQTT_PENDING;
    if (status != IMQTT_LATER)
        esp_fail(modem, error);
    return status;
}

/* ---- AT+MQTTPUB, PUBRAW ------------------------------------------------------------------------------- */

static void take_flags(struct esp_params *taken, struct publish_params *publish)
{
    publish->qos = (uint8_t)esp_take_number(taken, 0, 2, ESP_OF_QOS);
    publish->retained = esp_take_number(taken, 0, 1, ESP_OF_RETAINED) == 1;
}

static enum imqtt_status publish(struct imqtt_modem *modem, const struct publish_params *params,
                                 struct span payload)
{
    if (!broker_link_is_connected(modem->link))
        return why_not_connected(modem);
    return begun(modem, request_publish(modem, modem->link, params, &mark, payload),
                 ESP_PUBLISH_FAILED);
}

enum imqtt_status esp_publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct publish_params params;
    esp_begin_link(&taken, call->params);
    params.topic = esp_take_topic(&taken);
    struct text data = esp_take_message(&taken, SIZE_MAX, ESP_OF_DATA);
    take_flags(&taken, &params);
    enum imqtt_status status = esp_end(&taken, modem);
    return status == IMQTT_DONE ? publish(modem, &params, data.raw) : status;
}

/* From its prompt on the command has results of its own. */
static enum imqtt_status prompt(struct imqtt_modem *modem, uint32_t bytes)
{
    struct typed_wish wish = {.end = TYPED_BY_COUNT, .bytes = bytes};
    if (!client_put_number(&modem->clients, ESP_MODULE, ESP_IN_RAW, 1)) {
        esp_fail(modem, ESP_NO_MEMORY);
        return IMQTT_UNKNOWN_ERROR;
    }
    return modem_prompt(modem, "\r\nOK\r\n>", &wish);
}

enum imqtt_status esp_publish_raw_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct publish_params params;
    esp_begin_link(&taken, call->params);
    params.topic = esp_take_topic(&taken);
    uint32_t bytes = esp_take_number(&taken, 1, ESP_RAW_BYTES, ESP_OF_LENGTH);
    take_flags(&taken, &params);
    enum imqtt_status status = esp_end(&taken, modem);
    if (status != IMQTT_DONE)
        return status;
    if (modem_has_data(modem))
        return publish(modem, &params, modem_data(modem));
    return broker_link_is_connected(modem->link) ? prompt(modem, bytes) : why_not_connected(modem);
}

/* ---- AT+MQTTSUB, UNSUB -------------------------------------------------------------------------------- */

static bool is_subscribed(const struct imqtt_modem *modem, struct span filter)
{
    struct span rest = subscriptions_all(&modem->link->subscriptions), found;
    uint8_t qos;
    while (subscriptions_next(&rest, &found, &qos))
        if (span_equal(found, filter))
            return true;
    return false;
}

static unsigned count_subscriptions(const struct imqtt_modem *modem)
{
    struct span rest = subscriptions_all(&modem->link->subscriptions), found;
    unsigned count = 0;
    uint8_t qos;
    while (subscriptions_next(&rest, &found, &qos))
        count++;
    return count;
}

static enum imqtt_status say(struct imqtt_modem *modem, const char *text)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    return modem_end_line(modem, &line);
}

static enum imqtt_status ask(struct imqtt_modem *modem, const struct filter_list *list)
{
    enum esp_error error = list->has_qos ? ESP_SUBSCRIBE_FAILED : ESP_UNSUBSCRIBE_FAILED;
    return begun(modem, request_topics(modem, modem->link, list, &mark), error);
}

static enum imqtt_status subscribe(struct imqtt_modem *modem, const struct filter_list *list)
{
    if (!broker_link_is_connected(modem->link))
        return why_not_connected(modem);
    if (is_subscribed(modem, list->topics[0].filter.raw))
        return say(modem, "ALREADY SUBSCRIBE");
    return count_subscriptions(modem) < ESP_TOPICS ? ask(modem, list)
                                                   : esp_fail(modem, ESP_SUBSCRIBE_FAILED);
}

static enum imqtt_status unsubscribe(struct imqtt_modem *modem, const struct filter_list *list)
{
    if (!broker_link_is_connected(modem->link))
        return why_not_connected(modem);
    return is_subscribed(modem, list->topics[0].filter.raw) ? ask(modem, list)
                                                            : say(modem, "NO UNSUBSCRIBE");
}

enum imqtt_status esp_subscribe_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct filter_list list = {.count = 1, .has_qos = true};
    esp_begin_link(&taken, call->params);
    list.topics[0].filter = esp_take_filter(&taken);
    list.topics[0].qos = (uint8_t)esp_take_number(&taken, 0, 2, ESP_OF_QOS);
    enum imqtt_status status = esp_end(&taken, modem);
    return status == IMQTT_DONE ? subscribe(modem, &list) : status;
}

enum imqtt_status esp_unsubscribe_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    struct filter_list list = {.count = 1};
    esp_begin_link(&taken, call->params);
    list.topics[0].filter = esp_take_filter(&taken);
    enum imqtt_status status = esp_end(&taken, modem);
    return status == IMQTT_DONE ? unsubscribe(modem, &list) : status;
}

enum imqtt_status esp_subscribe_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span rest = subscriptions_all(&modem->link->subscriptions), filter;
    enum imqtt_status status = IMQTT_DONE;
    uint8_t qos;
    if (!broker_link_is_connected(modem->link))
        return IMQTT_DONE;
    while (status == IMQTT_DONE && subscriptions_next(&rest, &filter, &qos)) {
        struct out line = modem_begin_line(modem);
        out_text(&line, "+MQTTSUB:0,6,\"");
        quoting_put_escaped(&line, filter);
        out_text(&line, "\",");
        out_decimal(&line, qos);
        status = modem_end_line(modem, &line);
    }
    return status;
}

#endif
