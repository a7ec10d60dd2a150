/* publish_commands.c: AT+IMQTTPUB, PUBIN and PUBEX (M2.11 to M2.13). */
#include "core/bytes/hex.h"
#include "core/dialect/imqtt/checks.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/modem/say.h"
#include "core/session/broker_connection.h"

/* Reserves the request and writes its topic. LATER: the outbox is full now; the host waits. */
static enum imqtt_status begin(struct imqtt_modem *modem, const struct publish_params *params,
                               uint8_t tag, size_t payload_bytes, struct mqtt_draft *draft)
{
    struct broker_link *link = modem->link;
    struct mqtt_publish publish = {
        .qos = params->qos,
        .retained = params->retained,
        .tag = tag,
        .topic_bytes = text_bytes(params->topic),
        .payload_bytes = payload_bytes,
    };
    if (!modem_is_connected(modem) ||
        !connection_takes_publish(link, params->qos, params->retained))
        return IMQTT_NOT_ALLOWED;
    if (!mqtt_client_begin_publish(&link->mqtt, &publish, draft))
        return connection_no_room(link, modem->now_ms);
    text_put(params->topic, &draft->topic);
    return IMQTT_DONE;
}

static void keep(struct imqtt_modem *modem, enum recall_kind kind,
                 const struct publish_params *params, const struct mqtt_draft *draft)
{
    struct recall_numbers numbers = {.qos = params->qos,
                                     .retained = params->retained,
                                     .size = (uint16_t)draft->payload.capacity};
    recall_keep(&modem->link->recall, kind, &numbers, out_written(&draft->topic),
                out_written(&draft->payload));
}

static enum imqtt_status commit(struct imqtt_modem *modem, enum recall_kind kind,
                                const struct publish_params *params, const struct mqtt_draft *draft)
{
    keep(modem, kind, params, draft);
    mqtt_client_commit(&modem->link->mqtt, modem->now_ms);
    return IMQTT_DONE;
}

/* ---- AT+IMQTTPUB --------------------------------------------------------------------------- */

enum imqtt_status publish_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params publish = {.topic = params_text(params, SIZE_MAX)};
    struct text message = take_publish_text(params, &publish);
    struct mqtt_draft draft;
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = begin(modem, &publish, PUBLISHED_BY_PUB, text_bytes(message), &draft);
    if (status != IMQTT_DONE)
        return status;
    text_put(message, &draft.payload);
    return commit(modem, RECALL_PUB, &publish, &draft);
}

static struct out begin_recall_line(struct imqtt_modem *modem, const char *name,
                                    enum recall_kind kind)
{
    struct span topic = recall_topic(&modem->link->recall, kind);
    struct out line = modem_begin_line(modem);
    out_text(&line, name);
    quoting_put_string(&line, topic);
    out_u8(&line, ',');
    out_decimal(&line, modem->link->recall.numbers[kind].qos);
    out_u8(&line, ',');
    return line;
}

enum imqtt_status publish_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span message = recall_payload(&modem->link->recall, RECALL_PUB);
    if (!modem->link->recall.numbers[RECALL_PUB].known)
        return IMQTT_DONE;
    struct out line = begin_recall_line(modem, "+IMQTTPUB:", RECALL_PUB);
    quoting_put_string(&line, message);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTPUBIN ------------------------------------------------------------------------- */

enum imqtt_status publish_hex_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params publish = {.topic = params_text(params, SIZE_MAX)};
    struct span hex = take_publish_hex(params, &publish);
    struct mqtt_draft draft;
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = begin(modem, &publish, PUBLISHED_BY_PUB, hex.count / 2, &draft);
    if (status != IMQTT_DONE)
        return status;
    hex_decode(hex, &draft.payload);
    return commit(modem, RECALL_PUBIN, &publish, &draft);
}

enum imqtt_status publish_hex_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span payload = recall_payload(&modem->link->recall, RECALL_PUBIN);
    if (!modem->link->recall.numbers[RECALL_PUBIN].known)
        return IMQTT_DONE;
    struct out line = begin_recall_line(modem, "+IMQTTPUBIN:", RECALL_PUBIN);
    result_put_hex(&line, payload);
    return modem_end_line(modem, &line);
}

/* ---- AT+IMQTTPUBEX ------------------------------------------------------------------------- */

enum imqtt_status publish_data_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct publish_params publish = {.topic = params_text(params, SIZE_MAX)};
    check_topic_name(params, publish.topic);
    publish.qos = (uint8_t)params_number(params, 0, 2);
    publish.retained = params_number(params, 0, 1) == 1;
    uint16_t size = (uint16_t)params_number(params, 0, IMQTT_PUBEX_BYTES);
    struct mqtt_draft draft;
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = begin(modem, &publish, PUBLISHED_BY_PUBEX, size, &draft);
    if (status != IMQTT_DONE)
        return status;
    if (size == 0)
        return commit(modem, RECALL_PUBEX, &publish, &draft);
    keep(modem, RECALL_PUBEX, &publish, &draft);
    data_begin(&modem->data, draft.payload, size, modem->now_ms);
    fifo_put(&modem->output, span_text("\r\n>"));
    return IMQTT_PENDING;
}

enum imqtt_status publish_data_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    const struct recall_numbers *last = &modem->link->recall.numbers[RECALL_PUBEX];
    if (!last->known)
        return IMQTT_DONE;
    struct out line = begin_recall_line(modem, "+IMQTTPUBEX:", RECALL_PUBEX);
    out_decimal(&line, last->retained);
    out_u8(&line, ',');
    out_decimal(&line, last->size);
    return modem_end_line(modem, &line);
}
