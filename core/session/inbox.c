#include "core/session/inbox.h"

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

static bool take_message(struct span *in, struct message *message)
{
    uint16_t topic_bytes, high, low;
    return span_take_u16(in, &message->packet_id) && span_take_u16(in, &topic_bytes) &&
           span_take_u16(in, &high) && span_take_u16(in, &low) &&
           span_take(in, topic_bytes, &message->topic) &&
           span_take(in, (size_t)high << 16 | low, &message->payload);
}

bool inbox_oldest(const struct inbox *inbox, struct message *message)
{
    struct span in = fifo_waiting(&inbox->messages);
    return take_message(&in, message);
}

static void drop_bytes(struct inbox *inbox, const struct message *message)
{
    fifo_take(&inbox->messages, HEADER_BYTES + message->topic.count + message->payload.count);
    inbox->count--;
    inbox->full_reported = false;
}

void inbox_drop_oldest(struct inbox *inbox)
{
    struct message oldest;
    if (inbox_oldest(inbox, &oldest))
        drop_bytes(inbox, &oldest);
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

#if IMQTT_WITH_DIALECTS

/* Which of the messages, oldest first, has the slot; inbox->count: none. */
static uint8_t index_of(const struct inbox *inbox, uint8_t slot)
{
    uint8_t index = 0;
    while (index < inbox->count && inbox->slot_of[index] != slot)
        index++;
    return index;
}

bool inbox_slot_is_used(const struct inbox *inbox, uint8_t slot)
{
    return index_of(inbox, slot) < inbox->count;
}

uint8_t inbox_give_slot(struct inbox *inbox)
{
    uint8_t newest = (uint8_t)(inbox->count - 1), slot = 0;
    inbox->slot_of[newest] = IMQTT_INBOX_MESSAGES;
    while (inbox_slot_is_used(inbox, slot))
        slot++;
    inbox->slot_of[newest] = slot;
    return slot;
}

/* *place: how many bytes are before it. */
static bool find_slot(const struct inbox *inbox, uint8_t slot, struct message *message,
                      size_t *place)
{
    struct span all = fifo_waiting(&inbox->messages), rest = all;
    uint8_t index = index_of(inbox, slot);
    if (index == inbox->count)
        return false;
    *place = 0;
    while (take_message(&rest, message)) {
        if (index-- == 0)
            return true;
        *place = all.count - rest.count;
    }
    return false;
}

bool inbox_find(const struct inbox *inbox, uint8_t slot, struct message *message)
{
    size_t place;
    return find_slot(inbox, slot, message, &place);
}

/* What stands before it closes the gap. */
void inbox_drop(struct inbox *inbox, uint8_t slot)
{
    struct message message;
    size_t place;
    if (!find_slot(inbox, slot, &message, &place))
        return;
    uint8_t *first = inbox->messages.lease.bytes + inbox->messages.start;
    uint8_t index = index_of(inbox, slot);
    memmove(first + HEADER_BYTES + message.topic.count + message.payload.count, first, place);
    memmove(inbox->slot_of + index, inbox->slot_of + index + 1, inbox->count - index - 1U);
    drop_bytes(inbox, &message);
}

#endif
