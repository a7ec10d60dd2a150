/* cmqtt_drafts.c: AT+CMQTTTOPIC, PAYLOAD, WILLTOPIC, WILLMSG, SUBTOPIC and UNSUBTOPIC: bytes behind a
 * prompt, kept until the command that uses them. */
#include "core/bytes/utf8.h"
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/modem/data_prompt.h"
#include "core/mqtt/wire/topic.h"

#if IMQTT_WITH_DIALECTS

enum content { TOPIC_NAME, TOPIC_FILTER, ANYTHING };

struct draft_kind {
    enum cmqtt_key key;
    enum content content;
    uint16_t min, max; /* bytes */
    bool is_will;      /* set before the connection; the others only in it */
    bool has_qos;
    bool is_list;
};

static const struct draft_kind kinds[] = {
    [CMQTT_DRAFT_TOPIC] = {CMQTT_TOPIC, TOPIC_NAME, 1, CMQTT_TOPIC_BYTES, .is_will = false},
    [CMQTT_DRAFT_PAYLOAD] = {CMQTT_PAYLOAD, ANYTHING, 0, CMQTT_MESSAGE_BYTES, .is_will = false},
    [CMQTT_DRAFT_WILL_TOPIC] = {CMQTT_WILL_TOPIC, TOPIC_NAME, 1, CMQTT_TOPIC_BYTES,
                                .is_will = true},
    [CMQTT_DRAFT_WILL_MESSAGE] = {CMQTT_WILL_MESSAGE, ANYTHING, 1, CMQTT_MESSAGE_BYTES,
                                  .is_will = true, .has_qos = true},
    [CMQTT_DRAFT_SUBSCRIBE] = {CMQTT_SUBSCRIBE, TOPIC_FILTER, 1, CMQTT_TOPIC_BYTES, .has_qos = true,
                               .is_list = true},
    [CMQTT_DRAFT_UNSUBSCRIBE] = {CMQTT_UNSUBSCRIBE, TOPIC_FILTER, 1, CMQTT_TOPIC_BYTES,
                                 .is_list = true},
};

enum imqtt_status cmqtt_ask_for(struct imqtt_modem *modem, uint32_t bytes)
{
    static const char prompt[] = "\r\n>";
    struct typed_wish wish = {.end = TYPED_BY_COUNT, .bytes = bytes};
    if (modem_has_data(modem))
        return IMQTT_DONE;
    if (bytes > 0)
        return modem_prompt(modem, prompt, &wish);
    fifo_put(&modem->output, span_text(prompt));
    return IMQTT_DONE;
}

static bool is_good(enum content content, struct span bytes)
{
    if (content == TOPIC_NAME)
        return topic_name_is_undisputed(bytes);
    return content == ANYTHING || (topic_filter_is_valid(bytes) && !utf8_has_disputed(bytes));
}

/* The place of the next filter; one behind the last: the list is full. */
static uint8_t next_place(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key)
{
    uint8_t place = 0;
    while (place < IMQTT_REQUEST_TOPICS &&
           client_has(&modem->clients, index, (uint8_t)(key + place)))
        place++;
    return place;
}

static bool keep_filter(struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key, uint8_t qos)
{
    struct span filter = modem_data(modem);
    uint8_t place = next_place(modem, index, key);
    struct out out;
    if (!client_begin_string(&modem->clients, index, (uint8_t)(key + place), 1 + filter.count,
                             &out))
        return false;
    out_u8(&out, qos);
    out_span(&out, filter);
    return true;
}

static bool keep_bytes(struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key, uint8_t qos)
{
    struct span bytes = modem_has_data(modem) ? modem_data(modem) : SPAN_EMPTY;
    if (key == CMQTT_WILL_MESSAGE &&
        !client_put_number(&modem->clients, index, CMQTT_WILL_QOS, qos))
        return false;
    return client_put_string(&modem->clients, index, (uint8_t)key, bytes);
}

static enum imqtt_status check(struct at_call *call, const struct draft_kind *kind, uint8_t index,
                               uint32_t bytes)
{
    struct imqtt_modem *modem = call->context;
    if (!kind->is_will && !cmqtt_is_connected(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_CONNECTED);
    if (kind->is_will && !cmqtt_is_acquired(modem, index))
        return cmqtt_refuse(call, index, CMQTT_NOT_ACQUIRED);
    if (bytes < kind->min || bytes > kind->max)
        return cmqtt_refuse(call, index, CMQTT_BAD_LENGTH);
    if (kind->is_list && next_place(modem, index, kind->key) == IMQTT_REQUEST_TOPICS)
        return cmqtt_refuse(call, index, CMQTT_BAD_PARAMETER);
    return IMQTT_DONE;
}

enum imqtt_status cmqtt_draft_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct draft_kind *kind = &kinds[call->command->which];
    uint8_t index = cmqtt_take_index(call->params);
    uint32_t bytes = params_number(call->params, 0, UINT32_MAX);
    uint8_t qos = kind->has_qos ? (uint8_t)params_number(call->params, 0, 2) : 0;
    enum imqtt_status status = cmqtt_end_params(call, index);
    if (status == IMQTT_DONE)
        status = check(call, kind, index, bytes);
    if (status == IMQTT_DONE)
        status = cmqtt_ask_for(modem, bytes);
    if (status != IMQTT_DONE)
        return status;
    if (!is_good(kind->content, modem_data(modem)))
        return cmqtt_refuse(call, index, CMQTT_BAD_UTF8);
    bool is_kept = kind->is_list ? keep_filter(modem, index, kind->key, qos)
                                 : keep_bytes(modem, index, kind->key, qos);
    return is_kept ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

#endif
