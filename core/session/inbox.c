#include "core/session/inbox.h"
#include "imqtt/limits.h"

/* packet id (2), topic length (2), payload length (4) */
#define HEADER_BYTES      8
#define MESSAGE_BYTES_MAX (HEADER_BYTES + 65535U + IMQTT_PAYLOAD_BYTES)

void inbox_init(struct inbox *inbox, const struct imqtt_memory_port *memory)
{
    *inbox = (struct inbox){.count = 0};
    fifo_init(&inbox->messages, memory, IMQTT_MEMORY_INBOX,
              IMQTT_INBOX_MESSAGES * MESSAGE_BYTES_MAX);
}

bool inbox_put(struct inbox *inbox, const struct message *message)
{
    if (inbox->count == IMQTT_INBOX_MESSAGES)
        return false;
    struct out out =
        fifo_begin(&inbox->messages, HEADER_BYTES + message->topic.count + message->payload.count);
    out_u16(&out, message->packet_id);
    out_u16(&out, (uint16_t)message->topic.count);
    out_u16(&out, (uint16_t)(message->payload.count >> 16));
    out_u16(&out, (uint16_t)message->payload.count);
    out_span(&out, message->topic);
    out_span(&out, message->payload);
    if (out.overflowed)
        return false;
    fifo_end(&inbox->messages, &out);
    inbox->count++;
    return true;
}

bool inbox_oldest(const struct inbox *inbox, struct message *message)
{
    struct span in = fifo_waiting(&inbox->messages);
    uint16_t topic_bytes, high, low;
    return span_take_u16(&in, &message->packet_id) && span_take_u16(&in, &topic_bytes) &&
           span_take_u16(&in, &high) && span_take_u16(&in, &low) &&
           span_take(&in, topic_bytes, &message->topic) &&
           span_take(&in, (size_t)high << 16 | low, &message->payload);
}

void inbox_drop_oldest(struct inbox *inbox)
{
    struct message oldest;
    if (!inbox_oldest(inbox, &oldest))
        return;
    fifo_take(&inbox->messages, HEADER_BYTES + oldest.topic.count + oldest.payload.count);
    inbox->count--;
    inbox->full_reported = false;
}

bool inbox_note_full(struct inbox *inbox)
{
    bool first = !inbox->full_reported;
    inbox->full_reported = true;
    return first;
}

void inbox_clear(struct inbox *inbox)
{
    fifo_clear(&inbox->messages);
    inbox->count = 0;
    inbox->full_reported = false;
}
