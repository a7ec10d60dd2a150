#include "core/modem/records.h"

/* A session: its requests, its ids and its subscriptions. */
#if IMQTT_WITH_DIALECTS
#define RECORD_BYTES_MAX 327680U /* 16 files of 16 KiB */
#else
#define RECORD_BYTES_MAX 131072U
#endif

struct records records_in(const struct imqtt_memory_port *memory)
{
    return (struct records){.bytes = lease_from(memory, IMQTT_MEMORY_RECORD)};
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

bool records_begin(struct records *records, const struct imqtt_store_port *store, size_t bytes,
                   struct out *record)
{
    if (store->save == NULL || records_are_busy(records) ||
        !lease_grow(&records->bytes, bytes, RECORD_BYTES_MAX))
        return false;
    *record = out_on(records->bytes.bytes, records->bytes.capacity);
    return true;
}

bool records_save(struct records *records, const struct imqtt_store_port *store,
                  enum imqtt_record which, const struct out *record)
{
    if (record->overflowed)
        return false;
    ask(records, RECORDS_SAVE, which);
    store->save(store->context, which, record->bytes, record->count);
    return true;
}

void records_answered(struct records *records)
{
    records->question = RECORDS_ASK_NOTHING;
    if (records->bytes.capacity > 0)
        memset(records->bytes.bytes, 0, records->bytes.capacity);
    lease_return(&records->bytes);
}
