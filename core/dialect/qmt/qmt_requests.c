/* qmt_requests.c: AT+QMTSUB, UNS, PUB and PUBEX; <msgid> is a label of the host's. */
#include "core/bytes/hex.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/requests.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/data_prompt.h"

#if IMQTT_WITH_DIALECTS

/* ---- AT+QMTSUB, UNS ----------------------------------------------------------------------------- */

static enum imqtt_status ask(struct at_call *call, bool subscribes)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = qmt_take_index(call->params);
    struct request_mark mark = {.label = (uint16_t)params_number(call->params, 0, UINT16_MAX),
                                .timeout_ms = qmt_timeout_ms(modem, index)};
    struct filter_list list = {.has_qos = subscribes};
    do
        filter_list_take(&list, call->params);
    while (params_more(call->params));
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? request_topics(modem, qmt_link(modem, index), &list, &mark)
                                : status;
}

enum imqtt_status qmt_subscribe_set(struct at_call *call)
{
    return ask(call, true);
}

enum imqtt_status qmt_subscribe_test(struct at_call *call)
{
    return answer_text(call, "+QMTSUB: (0-5),<msgid>,<topic>,(0-2)");
}

enum imqtt_status qmt_unsubscribe_set(struct at_call *call)
{
    return ask(call, false);
}

enum imqtt_status qmt_unsubscribe_test(struct at_call *call)
{
    return answer_text(call, "+QMTUNS: (0-5),<msgid>,<topic>");
}

/* ---- AT+QMTPUB, PUBEX --------------------------------------------------------------------------- */

/* How the message comes. */
enum form { UP_TO_CTRL_Z, COUNTED, INLINE };

struct publish {
    uint8_t index;
    struct publish_params params;
    struct request_mark mark;
    enum form form;
    uint32_t count;           /* COUNTED */
    struct text message;      /* INLINE */
    struct broker_link *link; /* of the index */
};

static bool next_is_quoted(const struct params *params)
{
    struct span rest = span_trim_start(span_of(params->bytes, params->count));
    return span_first(rest) == '"';
}

/* Behind the topic: nothing, a length, a message, or the length of a message and it. */
static void take_form(struct params *params, struct publish *publish)
{
    publish->form = UP_TO_CTRL_Z;
    if (!params_more(params))
        return;
    publish->form = COUNTED;
    bool has_count = !next_is_quoted(params);
    if (has_count)
        publish->count = params_number(params, 0, QMT_DATA_BYTES);
    if (!params_more(params))
        return;
    publish->form = INLINE;
    publish->message = params_message(params);
    if (has_count && text_bytes(publish->message) != publish->count)
        params_fail(params, IMQTT_BAD_PARAMETERS);
}

static void take_publish(struct at_call *call, struct publish *publish)
{
    struct params *params = call->params;
    publish->index = qmt_take_index(params);
    publish->mark.label = (uint16_t)params_number(params, 0, UINT16_MAX);
    publish->params.qos = (uint8_t)params_number(params, 0, 2);
    publish->params.retained = params_number(params, 0, 1) == 1;
    publish->params.topic = params_text(params, SIZE_MAX);
    check_topic_name(params, publish->params.topic);
    take_form(params, publish);
    if (call->command->which == QMT_PUBEX && publish->form == UP_TO_CTRL_Z)
        params_fail(params, IMQTT_BAD_PARAMETERS); /* it has no length */
    /* BG77's hosts wait for +QMTPUB: behind a PUBEX whose message stood in its line. */
    bool is_pubex = call->command->which == QMT_PUBEX && publish->form == COUNTED;
    publish->mark.tag = is_pubex ? QMT_PUBEX : QMT_PUB;
}

static enum imqtt_status prompt(struct imqtt_modem *modem, const struct publish *publish)
{
    uint8_t index = publish->index;
    bool has_time = qmt_number(modem, index, QMT_EDIT) == 1;
    struct typed_wish wish = {
        .end = publish->form == COUNTED ? TYPED_BY_COUNT : TYPED_BY_CTRL_Z,
        .bytes = publish->form == COUNTED ? publish->count : QMT_DATA_BYTES,
        .silence_ms = has_time ? qmt_number(modem, index, QMT_EDIT_S) * 1000 : 0,
        .is_echoed = qmt_number(modem, index, QMT_ECHO) == 1,
    };
    return modem_prompt(modem, "\r\n> ", &wish);
}

static enum imqtt_status send_hex(struct imqtt_modem *modem, const struct publish *publish,
                                  struct span digits)
{
    uint8_t room[QMT_DATA_BYTES / 2];
    struct out bytes = out_on(room, sizeof room);
    if (!hex_is_valid(digits))
        return IMQTT_BAD_CHARACTER;
    hex_decode(digits, &bytes);
    return request_publish(modem, publish->link, &publish->params, &publish->mark,
                           out_written(&bytes));
}

/* As text, or as the bytes that its hex digits stand for. */
static enum imqtt_status send(struct imqtt_modem *modem, const struct publish *publish,
                              struct span message)
{
    if (qmt_number(modem, publish->index, QMT_SEND_FORMAT) == 1)
        return send_hex(modem, publish, message);
    return request_publish(modem, publish->link, &publish->params, &publish->mark, message);
}

static enum imqtt_status send_unescaped(struct imqtt_modem *modem, const struct publish *publish)
{
    uint8_t room[IMQTT_LINE_BYTES];
    struct out message = out_on(room, sizeof room);
    text_put(publish->message, &message);
    return send(modem, publish, out_written(&message));
}

/* Without an escape it can be sent as it stands in its line. */
static enum imqtt_status send_inline(struct imqtt_modem *modem, const struct publish *publish)
{
    if (publish->message.escapes > 0)
        return send_unescaped(modem, publish);
    return send(modem, publish, publish->message.raw);
}

enum imqtt_status qmt_publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct publish publish = {.count = 0};
    take_publish(call, &publish);
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    publish.link = qmt_link(modem, publish.index);
    if (publish.link == NULL || !broker_link_is_connected(publish.link))
        return IMQTT_NOT_ALLOWED;
    if (publish.params.qos > 0) /* else nobody answers */
        publish.mark.timeout_ms = qmt_timeout_ms(modem, publish.index);
    if (publish.form == INLINE)
        return send_inline(modem, &publish);
    bool is_empty = publish.form == COUNTED && publish.count == 0;
    if (!modem_has_data(modem) && !is_empty)
        return prompt(modem, &publish);
    return send(modem, &publish, is_empty ? SPAN_EMPTY : modem_data(modem));
}

enum imqtt_status qmt_publish_test(struct at_call *call)
{
    return call->command->which == QMT_PUBEX
               ? answer_text(call, "+QMTPUBEX: (0-5),<msgid>,(0-2),(0,1),<topic>,(0-4096)")
               : answer_text(call, "+QMTPUB: (0-5),<msgid>,(0-2),(0,1),<topic>[,(0-4096)]");
}

#endif
