#include "core/settings/record.h"
#include "core/modem/modem.h"

#define RECORD_BYTES_MAX 65535U
/* The version, and the lengths of up to so many strings. */
#define OVERHEAD_BYTES (1 + 2 * STRINGS_PLACES_MAX)

bool record_is_busy(const struct imqtt_modem *modem)
{
    return modem->saving || modem->boot.loading;
}

bool record_begin(struct imqtt_modem *modem, size_t bytes, struct out *record)
{
    bytes += OVERHEAD_BYTES;
    if (modem->ports.store.save == NULL || record_is_busy(modem) ||
        !lease_grow(&modem->record, bytes, RECORD_BYTES_MAX))
        return false;
    *record = out_on(modem->record.bytes, modem->record.capacity);
    out_u8(record, RECORD_VERSION);
    return true;
}

void record_put_string(struct out *record, struct span string)
{
    out_u16(record, (uint16_t)string.count);
    out_span(record, string);
}

bool record_save(struct imqtt_modem *modem, enum imqtt_record which, const struct out *record)
{
    const struct imqtt_store_port *store = &modem->ports.store;
    if (record->overflowed)
        return false;
    modem->saving = true;
    modem->saving_record = which;
    store->save(store->context, which, record->bytes, record->count);
    return true;
}

void record_end_save(struct imqtt_modem *modem)
{
    modem->saving = false;
    memset(modem->record.bytes, 0, modem->record.capacity);
    lease_return(&modem->record);
}

bool record_take_version(struct span *record)
{
    uint8_t version;
    return span_take_u8(record, &version) && version == RECORD_VERSION;
}

bool record_take_string(struct span *record, struct span *string)
{
    uint16_t bytes;
    return span_take_u16(record, &bytes) && span_take(record, bytes, string);
}
