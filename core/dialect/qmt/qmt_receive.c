/* qmt_receive.c: AT+QMTRECV: messages that wait in slots, and how each is shown. */
#include "core/at/quoting.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

void qmt_put_message(const struct imqtt_modem *modem, uint8_t index, struct out *line,
                     const struct message *message)
{
    bool has_length = qmt_number(modem, index, QMT_RECEIVE_LENGTH) == 1 ||
                      qmt_number(modem, index, QMT_SHOW_LENGTH) == 1;
    out_text(line, "+QMTRECV: ");
    out_decimal(line, index);
    out_u8(line, ',');
    out_decimal(line, message->packet_id);
    out_text(line, ",\"");
    quoting_put_escaped(line, message->topic);
    out_text(line, "\",");
    if (has_length) {
        out_decimal(line, (int32_t)message->payload.count);
        out_u8(line, ',');
    }
    out_u8(line, '"');
    if (qmt_number(modem, index, QMT_RECEIVE_FORMAT) == 1)
        out_hex(line, message->payload);
    else
        out_span(line, message->payload);
    out_u8(line, '"');
}

/* Of an index that has a link, or last had it. */
static struct inbox *inbox_of(struct imqtt_modem *modem, uint8_t index)
{
    struct broker_link *link = modem_link_at(modem, index);
    return link != NULL && link->client == index ? &link->inbox : NULL;
}

enum imqtt_status qmt_receive_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t index = qmt_take_index(call->params);
    bool is_named = params_more(call->params);
    uint32_t named = params_optional_number(call->params, 0, QMT_SLOTS - 1, 0);
    enum imqtt_status status = params_end(call->params);
    struct inbox *inbox = inbox_of(modem, index);
    struct message message;
    if (status != IMQTT_DONE || inbox == NULL || inbox->count == 0)
        return status;
    uint8_t slot = is_named ? (uint8_t)named : inbox_oldest_slot(inbox);
    if (!inbox_find(inbox, slot, &message))
        return IMQTT_DONE;
    struct out line = modem_begin_line(modem);
    qmt_put_message(modem, index, &line, &message);
    status = modem_end_line(modem, &line);
    if (status == IMQTT_DONE)
        inbox_drop(inbox, slot);
    return status;
}

static enum imqtt_status show_slots(struct imqtt_modem *modem, const struct broker_link *link)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QMTRECV: ");
    out_decimal(&line, link->client);
    for (uint8_t slot = 0; slot < QMT_SLOTS; slot++)
        out_text(&line, inbox_slot_is_used(&link->inbox, slot) ? ",1" : ",0");
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_receive_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (uint8_t client = 0; client < modem_client_count(modem); client++) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (status == IMQTT_DONE && link != NULL && qmt_link(modem, link->client) != NULL)
            status = show_slots(modem, link);
    }
    return status;
}

#endif
