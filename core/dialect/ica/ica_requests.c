/* ica_requests.c: AT+IMQTTSUB, UNSUB, PUB and PUBIN. */
#include "core/bytes/ascii.h"
#include "core/bytes/hex.h"
#include "core/bytes/number.h"
#include "core/dialect/ica/ica_commands.h"
#include "core/dialect/module/requests.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

static const struct request_mark no_mark = {.tag = 0};

/* ---- AT+IMQTTSUB, UNSUB ----------------------------------------------------------------------- */

static enum imqtt_status ask(struct at_call *call, bool subscribes)
{
    struct imqtt_modem *modem = call->context;
    struct filter_list list = {.has_qos = subscribes};
    filter_list_take(&list, call->params);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !modem_is_connected(modem))
        status = IMQTT_NOT_ALLOWED;
    return status == IMQTT_DONE ? request_topics(modem, modem->link, &list, &no_mark) : status;
}

enum imqtt_status ica_subscribe_set(struct at_call *call)
{
    return ask(call, true);
}

enum imqtt_status ica_unsubscribe_set(struct at_call *call)
{
    return ask(call, false);
}

/* ---- a message in parts: <frag> counts down to 0 ----------------------------------------------- */

/* Kept as: the fragment id that comes next, the QoS, the topic with its length, the bytes. */
struct parts {
    uint8_t next, qos;
    struct span topic, bytes;
};

static bool take_parts(const struct imqtt_modem *modem, struct parts *parts)
{
    struct span kept = client_string(&modem->clients, ICA_CLIENT, ICA_PARTS);
    uint16_t topic_bytes;
    bool is_there = span_take_u8(&kept, &parts->next) && span_take_u8(&kept, &parts->qos) &&
                    span_take_u16(&kept, &topic_bytes) &&
                    span_take(&kept, topic_bytes, &parts->topic);
    parts->bytes = kept;
    return is_there;
}

static void drop_parts(struct imqtt_modem *modem)
{
    client_forget(&modem->clients, ICA_CLIENT, ICA_PARTS);
}

static bool is_topic_of(struct text topic, struct span kept)
{
    uint8_t room[IMQTT_LINE_BYTES];
    struct out plain = out_on(room, sizeof room);
    text_put_unescaped(topic, &plain);
    return span_equal(out_written(&plain), kept);
}

/* In a buffer of the caller's: what was kept, and this part behind it. */
static bool join(const struct parts *parts, struct span part, struct out *joined)
{
    out_span(joined, parts->bytes);
    out_span(joined, part);
    return !joined->overflowed;
}

static enum imqtt_status keep_part(struct imqtt_modem *modem, const struct publish_params *publish,
                                   uint32_t fragment, struct span bytes)
{
    struct out kept;
    size_t topic_bytes = text_bytes(publish->topic);
    if (!client_begin_string(&modem->clients, ICA_CLIENT, ICA_PARTS, 4 + topic_bytes + bytes.count,
                             &kept))
        return IMQTT_UNKNOWN_ERROR;
    out_u8(&kept, (uint8_t)(fragment - 1));
    out_u8(&kept, publish->qos);
    out_u16(&kept, (uint16_t)topic_bytes);
    text_put(publish->topic, &kept);
    out_span(&kept, bytes);
    return IMQTT_DONE;
}

static enum imqtt_status publish_part(struct imqtt_modem *modem,
                                      const struct publish_params *publish, uint32_t fragment,
                                      struct span part)
{
    uint8_t room[ICA_PARTS_BYTES];
    struct out joined = out_on(room, sizeof room);
    struct parts parts = {.next = (uint8_t)fragment};
    bool goes_on = take_parts(modem, &parts);
    if (goes_on && (parts.next != fragment || parts.qos != publish->qos ||
                    !is_topic_of(publish->topic, parts.topic))) {
        drop_parts(modem);
        return IMQTT_BAD_PARAMETERS;
    }
    if (!goes_on && fragment == 0)
        return request_publish(modem, modem->link, publish, &no_mark, part);
    if (!join(&parts, part, &joined)) {
        drop_parts(modem);
        return IMQTT_TEXT_TOO_LONG;
    }
    if (fragment > 0)
        return keep_part(modem, publish, fragment, out_written(&joined));
    enum imqtt_status status =
        request_publish(modem, modem->link, publish, &no_mark, out_written(&joined));
    if (status != IMQTT_LATER)
        drop_parts(modem);
    return status;
}

/* ---- AT+IMQTTPUB="t",q,<msg>[,<format>[,<frag>]] ----------------------------------------------- */

/* The fourth value is no retained flag here. */
struct message_params {
    struct publish_params publish;
    struct text message;
    bool is_hex;
    uint32_t fragment;
};

static void take_topic(struct params *params, struct publish_params *publish)
{
    publish->topic = params_text(params, SIZE_MAX);
    check_topic_name(params, publish->topic);
    publish->qos = (uint8_t)params_number(params, 0, 2);
}

static void take_message(struct params *params, struct message_params *taken)
{
    take_topic(params, &taken->publish);
    taken->message = params_message(params);
    taken->is_hex = params_optional_number(params, 0, 1, 0) == 1;
    taken->fragment = params_optional_number(params, 0, ICA_PARTS_MAX, 0);
    if (taken->is_hex && !hex_is_valid(taken->message.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
}

enum imqtt_status ica_publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct message_params taken = {.fragment = 0};
    uint8_t room[IMQTT_LINE_BYTES];
    struct out message = out_on(room, sizeof room);
    take_message(call->params, &taken);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !modem_is_connected(modem))
        status = IMQTT_NOT_ALLOWED;
    if (status != IMQTT_DONE)
        return status;
    if (taken.is_hex)
        hex_decode(taken.message.raw, &message);
    else
        text_put(taken.message, &message);
    return publish_part(modem, &taken.publish, taken.fragment, out_written(&message));
}

/* ---- AT+IMQTTPUBIN="t",q[,<len>], or hex as M2.12 has it ---------------------------------------- */

/* Behind OK, not a prompt: so many bytes; or behind one, up to +++. */
static enum imqtt_status ask_for_data(struct imqtt_modem *modem, uint32_t count)
{
    static const struct typed_wish up_to_pluses = {.end = TYPED_BY_PLUSES,
                                                   .bytes = IMQTT_PUBEX_BYTES};
    struct typed_wish counted = {.end = TYPED_BY_COUNT, .bytes = count};
    return count > 0 ? modem_prompt(modem, "\r\nOK\r\n", &counted)
                     : modem_prompt(modem, "\r\n>", &up_to_pluses);
}

static enum imqtt_status publish_data(struct imqtt_modem *modem,
                                      const struct publish_params *publish, uint32_t count)
{
    if (!modem_is_connected(modem))
        return IMQTT_NOT_ALLOWED;
    if (!modem_has_data(modem))
        return ask_for_data(modem, count);
    enum imqtt_status status =
        request_publish(modem, modem->link, publish, &no_mark, modem_data(modem));
    return status == IMQTT_DONE && count > 0 ? IMQTT_ANSWERED : status;
}

static enum imqtt_status publish_hex(struct imqtt_modem *modem,
                                     const struct publish_params *publish, struct span hex)
{
    uint8_t room[IMQTT_LINE_BYTES];
    struct out bytes = out_on(room, sizeof room);
    if (!modem_is_connected(modem))
        return IMQTT_NOT_ALLOWED;
    hex_decode(hex, &bytes);
    return request_publish(modem, modem->link, publish, &no_mark, out_written(&bytes));
}

/* A number that is typed as one: what begins with 0, is quoted, or is over 1,024, is hex. */
static bool take_length(const struct params *params, uint32_t *length)
{
    struct params probe = *params;
    bool is_number = probe.count > 0 && is_digit(probe.bytes[0]) && probe.bytes[0] != '0';
    uint32_t number = params_number(&probe, 1, IMQTT_PUBEX_BYTES);
    is_number = is_number && params_end(&probe) == IMQTT_DONE;
    *length = is_number ? number : 0;
    return is_number;
}

enum imqtt_status ica_publish_hex_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params publish = {.qos = 0};
    uint32_t length = 0;
    take_topic(params, &publish);
    bool is_typed =
        params->error == IMQTT_DONE && params_more(params) && !take_length(params, &length);
    struct span hex = is_typed ? params_hex(params) : SPAN_EMPTY;
    if (length > 0)
        params_number(params, 1, IMQTT_PUBEX_BYTES);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return is_typed ? publish_hex(modem, &publish, hex) : publish_data(modem, &publish, length);
}

#endif
