#include "core/session/receipts.h"
#include "imqtt/limits.h"

void receipts_init(struct receipts *receipts, const struct imqtt_memory_port *memory)
{
    fifo_init(&receipts->entries, memory, IMQTT_MEMORY_RECEIPTS,
              IMQTT_UNACKNOWLEDGED * sizeof(struct receipt));
}

bool receipts_have_room(const struct receipts *receipts)
{
    return receipts->entries.count < receipts->entries.cap;
}

bool receipts_add(struct receipts *receipts, const struct receipt *receipt)
{
    return fifo_put(&receipts->entries, span_of((const uint8_t *)receipt, sizeof *receipt));
}

/* Numbers wrap. */
static bool is_due(const struct receipt *receipt, uint32_t taken)
{
    return receipt->urc == 0 || (int32_t)(taken - receipt->urc) >= 0;
}

bool receipts_take_due(struct receipts *receipts, uint32_t taken, struct receipt *due)
{
    struct span waiting = fifo_waiting(&receipts->entries);
    struct span oldest;
    if (!span_take(&waiting, sizeof *due, &oldest))
        return false;
    memcpy(due, oldest.bytes, sizeof *due);
    if (!is_due(due, taken))
        return false;
    fifo_take(&receipts->entries, sizeof *due);
    return true;
}

void receipts_clear(struct receipts *receipts)
{
    fifo_clear(&receipts->entries);
}
