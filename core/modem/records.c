#include "core/modem/records.h"

/* A session: its requests, its ids and its subscriptions. */
#if IMQTT_WITH_DIALECTS
#define RECORD_BYTES_MAX 327680U /* 16 files of 16 KiB */
#else
#define RECORD_BYTES_MAX 131072U
#endif

struct records records_in(const struct imqtt_memory_port *memory)
{
    struct records records = {.question = RECORDS_ASK_NOTHING};
    fifo_init(&records.bytes, memory, IMQTT_MEMORY_RECORD, RECORD_BYTES_MAX);
    return records;
}

static void ask(struct records *records, enum records_question question, enum imqtt_record which)
{
    records->question = question;
    records->asked = which;
}

void records_load(struct records *records, const struct imqtt_store_port *store,
                  enum imqtt_record which)
{
    ask(records, RECORDS_LOAD, which);
    store->load(store->context, which);
}

bool records_begin(struct records *records, const struct imqtt_store_port *store,
                   struct out *record)
{
    if (store->save == NULL || records_are_busy(records))
        return false;
    *record = fifo_begin_growing(&records->bytes);
    return true;
}

bool records_save(struct records *records, const struct imqtt_store_port *store,
                  enum imqtt_record which, const struct out *record)
{
    if (record->overflowed) {
        records_clear(records);
        return false;
    }
    ask(records, RECORDS_SAVE, which);
    store->save(store->context, which, record->bytes, record->count);
    return true;
}

void records_answered(struct records *records)
{
    records->question = RECORDS_ASK_NOTHING;
    records_clear(records);
}

void records_clear(struct records *records)
{
    struct lease *lease = &records->bytes.lease;
    if (lease->capacity > 0)
        memset(lease->bytes, 0, lease->capacity);
    fifo_clear(&records->bytes);
}
