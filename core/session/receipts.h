/* receipts.h: inbound messages that the broker is told about only once the terminal has their URC.
 *
 * "Acknowledged when it has been handed to the terminal's output, not before" (commands.md
 * section 4): a receipt remembers where the URC ends in the stream of bytes, and comes due when
 * the terminal has taken that many. Receipts come due in the order they were made.
 */
#ifndef CORE_SESSION_RECEIPTS_H
#define CORE_SESSION_RECEIPTS_H

#include "core/bytes/fifo.h"

struct receipt {
    uint64_t position; /* of the URC's end: in the output, or while `queued` in the URC queue */
    uint16_t packet_id;
    uint8_t qos;
    bool queued;
};

struct receipts {
    struct fifo entries;
};

struct receipts receipts_in(const struct imqtt_memory_port *memory);

/* Whether another one can be made: else the modem must not read from the broker. */
bool receipts_have_room(const struct receipts *receipts);
/* false: no room, or no memory. */
bool receipts_add(struct receipts *receipts, const struct receipt *receipt);

/* The URC queue moved to the output: what stood at queue_end there stands at output_end here. */
void receipts_moved(struct receipts *receipts, uint64_t queue_end, uint64_t output_end);

/* Takes the oldest receipt if its URC ends at or before `taken` of the output. */
bool receipts_take_due(struct receipts *receipts, uint64_t taken, struct receipt *due);

/* The connection they belong to is gone. */
void receipts_clear(struct receipts *receipts);

#endif
