/* inbox.h: the buffer of receive mode 1: up to 10 messages, oldest first (M2.18). */
#ifndef CORE_SESSION_INBOX_H
#define CORE_SESSION_INBOX_H

#include "core/bytes/fifo.h"
#include "imqtt/limits.h"

struct inbox {
    struct fifo messages;
    uint8_t count;
    bool full_reported; /* +IMQTTCOUNT: FULL was sent and nothing has been read since */
#if IMQTT_WITH_DIALECTS
    uint8_t slot_of[IMQTT_INBOX_MESSAGES]; /* of each message, oldest first */
#endif
};

struct message {
    uint16_t packet_id;
    struct span topic, payload;
};

void inbox_init(struct inbox *inbox, const struct imqtt_memory_port *memory);

/* Keeps a copy. false: 10 are kept already, or there is no memory; nothing has changed. */
bool inbox_put(struct inbox *inbox, const struct message *message);

/* The oldest message; its spans are valid until the inbox changes. false: there is none. */
bool inbox_oldest(const struct inbox *inbox, struct message *message);
void inbox_drop_oldest(struct inbox *inbox);

/* Whether this drop is the first since there last was room: it is to be reported. */
bool inbox_note_full(struct inbox *inbox);

#if IMQTT_WITH_DIALECTS
/* ---- for hosts who name a message by the slot that it waits in, and read in any order ---------- */

/* The lowest one that is free becomes that of the newest message. */
uint8_t inbox_give_slot(struct inbox *inbox);
bool inbox_slot_is_used(const struct inbox *inbox, uint8_t slot);
/* Of the oldest message; only if there is one. */
static inline uint8_t inbox_oldest_slot(const struct inbox *inbox)
{
    return inbox->slot_of[0];
}
/* The message of a slot; as inbox_oldest(). */
bool inbox_find(const struct inbox *inbox, uint8_t slot, struct message *message);
void inbox_drop(struct inbox *inbox, uint8_t slot);
#endif

void inbox_clear(struct inbox *inbox);

#endif
