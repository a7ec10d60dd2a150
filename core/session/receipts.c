#include "core/session/receipts.h"
#include "imqtt/limits.h"

struct receipts receipts_in(const struct imqtt_memory_port *memory)
{
    return (struct receipts){
        fifo_from(memory, IMQTT_MEMORY_RECEIPTS, IMQTT_UNACKNOWLEDGED * sizeof(struct receipt))};
}

bool receipts_have_room(const struct receipts *receipts)
{
    return receipts->entries.count < receipts->entries.cap;
}

bool receipts_add(struct receipts *receipts, const struct receipt *receipt)
{
    return fifo_put(&receipts->entries, span_of((const uint8_t *)receipt, sizeof *receipt));
}

void receipts_moved(struct receipts *receipts, uint64_t queue_end, uint64_t output_end)
{
    if (receipts->entries.count == 0)
        return;
    uint8_t *bytes = receipts->entries.lease.bytes + receipts->entries.start;
    for (size_t at = 0; at < receipts->entries.count; at += sizeof(struct receipt)) {
        struct receipt receipt;
        memcpy(&receipt, bytes + at, sizeof receipt);
        if (!receipt.queued)
            continue;
        receipt.queued = false;
        receipt.position = output_end - (queue_end - receipt.position);
        memcpy(bytes + at, &receipt, sizeof receipt);
    }
}

bool receipts_take_due(struct receipts *receipts, uint64_t taken, struct receipt *due)
{
    struct span waiting = fifo_waiting(&receipts->entries);
    struct span oldest;
    if (!span_take(&waiting, sizeof *due, &oldest))
        return false;
    memcpy(due, oldest.bytes, sizeof *due);
    if (due->queued || due->position > taken)
        return false;
    fifo_take(&receipts->entries, sizeof *due);
    return true;
}

void receipts_clear(struct receipts *receipts)
{
    fifo_clear(&receipts->entries);
}
