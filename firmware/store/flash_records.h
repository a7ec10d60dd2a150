/* flash_records.h: a record that survives a power cut at any moment, on two sectors of flash.
 *
 * Records are written one behind the other into one sector until it is full, then into the other,
 * which is erased first: a sector is erased once for many records. The newest record that is whole
 * counts, and it stays until a newer one is whole: power may go at any moment. What a cut left
 * half written is not written over; the other sector is taken then.
 *
 * A record is a head of four words (magic, sequence number, bytes, CRC-32 of all but the magic), in
 * which the CRC is written last, and the bytes themselves.
 */
#ifndef FIRMWARE_FLASH_RECORDS_H
#define FIRMWARE_FLASH_RECORDS_H

#include "firmware/store/flash.h"

/* The longest record, bytes. */
#define FLASH_RECORD_BYTES (FLASH_SECTOR_WORDS * sizeof(uint32_t) - 16)

/* The newest record of the pair of sectors that begins at first_sector; NULL: there is none. Valid
 * until the next save. */
const uint8_t *flash_record_find(const struct flash *flash, size_t first_sector, size_t *bytes);

/* false: it is too long, or the flash has refused; the old record is still there then. */
bool flash_record_save(const struct flash *flash, size_t first_sector, const uint8_t *bytes,
                       size_t count);

#endif
