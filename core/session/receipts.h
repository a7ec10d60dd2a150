/* receipts.h: inbound messages that the broker is told about only once the terminal has their URC.
 *
 * "Acknowledged when it has been handed to the terminal's output, not before" (commands.md
 * section 4): URCs are numbered, and a receipt is due when the terminal has taken the one it
 * names. Receipts come due in the order they were made.
 */
#ifndef CORE_SESSION_RECEIPTS_H
#define CORE_SESSION_RECEIPTS_H

#include "core/bytes/fifo.h"

struct receipt {
    uint32_t urc; /* the number of its URC; 0: it waits for none of its own */
    uint16_t packet_id;
    uint8_t qos;
};

struct receipts {
    struct fifo entries;
};

void receipts_init(struct receipts *receipts, const struct imqtt_memory_port *memory);

/* Whether another one can be made: else the modem must not read from the broker. */
bool receipts_have_room(const struct receipts *receipts);
/* false: no room, or no memory. */
bool receipts_add(struct receipts *receipts, const struct receipt *receipt);

static inline bool receipts_wait(const struct receipts *receipts)
{
    return receipts->entries.count > 0;
}

/* Takes the oldest receipt if the terminal has its URC: it has all up to number `taken`. */
bool receipts_take_due(struct receipts *receipts, uint32_t taken, struct receipt *due);

/* The connection they belong to is gone. */
void receipts_clear(struct receipts *receipts);

#endif
