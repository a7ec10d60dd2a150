#include "firmware/port/settings_flash.h"

#include <string.h>

#include "firmware/store/flash_records.h"

#define SEED_SECTOR (2 * (size_t)IMQTT_RECORD_COUNT)

static void load(void *context, enum imqtt_record record)
{
    struct settings_flash *store = context;
    store->loads = true;
    store->record = record;
}

static void save(void *context, enum imqtt_record record, const uint8_t *bytes, size_t count)
{
    struct settings_flash *store = context;
    store->saves = true;
    store->record = record;
    store->bytes = bytes;
    store->count = count;
}

struct settings_flash settings_flash_on(const struct flash *flash)
{
    return (struct settings_flash){.flash = flash};
}

struct imqtt_store_port settings_flash_port(struct settings_flash *store)
{
    return (struct imqtt_store_port){store, load, save};
}

static void answer_load(struct settings_flash *store, struct imqtt_modem *modem, uint64_t now_ms)
{
    size_t count = 0;
    const uint8_t *bytes = flash_record_find(store->flash, 2 * (size_t)store->record, &count);
    enum imqtt_load outcome = bytes ? IMQTT_LOAD_FOUND : IMQTT_LOAD_NOTHING;
    imqtt_modem_loaded(modem, outcome, bytes, count, now_ms);
}

static void answer_save(struct settings_flash *store, struct imqtt_modem *modem, uint64_t now_ms)
{
    bool safe =
        flash_record_save(store->flash, 2 * (size_t)store->record, store->bytes, store->count);
    imqtt_modem_saved(modem, safe, now_ms);
}

void settings_flash_turn(struct settings_flash *store, struct imqtt_modem *modem, uint64_t now_ms)
{
    bool loads = store->loads, saves = store->saves;
    store->loads = store->saves = false;
    if (loads)
        answer_load(store, modem, now_ms);
    if (saves)
        answer_save(store, modem, now_ms);
}

bool settings_flash_load_seed(const struct flash *flash, uint8_t *seed, size_t bytes)
{
    size_t count = 0;
    const uint8_t *found = flash_record_find(flash, SEED_SECTOR, &count);
    if (found == NULL || count != bytes)
        return false;
    memcpy(seed, found, bytes);
    return true;
}

bool settings_flash_save_seed(const struct flash *flash, const uint8_t *seed, size_t bytes)
{
    return flash_record_save(flash, SEED_SECTOR, seed, bytes);
}
