/* settings_flash.h: the store port on flash records (imqtt/ports.h), and the seed's record. */
#ifndef FIRMWARE_SETTINGS_FLASH_H
#define FIRMWARE_SETTINGS_FLASH_H

#include "firmware/store/flash.h"
#include "imqtt/modem.h"

/* A pair for each record of the modem's, one for the seed. */
#define SETTINGS_FLASH_SECTORS (2 * ((size_t)IMQTT_RECORD_COUNT + 1))

struct settings_flash {
    const struct flash *flash;
    bool loads, saves; /* what the modem waits for */
    enum imqtt_record record;
    const uint8_t *bytes; /* to be saved */
    size_t count;
};

/* flash stays as long as the port is used. */
struct settings_flash settings_flash_on(const struct flash *flash);
struct imqtt_store_port settings_flash_port(struct settings_flash *store);

/* From the loop: does what was asked for, and tells the modem. */
void settings_flash_turn(struct settings_flash *store, struct imqtt_modem *modem, uint64_t now_ms);

/* The random numbers' seed, which changes with each start. false: there is none, or it is lost. */
bool settings_flash_load_seed(const struct flash *flash, uint8_t *seed, size_t bytes);
bool settings_flash_save_seed(const struct flash *flash, const uint8_t *seed, size_t bytes);

#endif
