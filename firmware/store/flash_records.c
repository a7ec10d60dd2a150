#include "firmware/store/flash_records.h"

#include <string.h>

#define MAGIC      0x52514d49u /* "IMQR" */
#define HEAD_WORDS 4

enum head { HEAD_MAGIC, HEAD_SEQUENCE, HEAD_BYTES, HEAD_CRC };

/* What a pair of sectors holds. */
struct pair {
    size_t newest;     /* word of the newest record's head; SIZE_MAX: there is none */
    uint32_t sequence; /* its number */
    size_t free;       /* word behind the last record of that sector */
};

static uint32_t crc32(uint32_t crc, const void *data, size_t count)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return crc;
}

static uint32_t check_sum(uint32_t sequence, uint32_t count, const void *bytes)
{
    uint32_t crc = crc32(UINT32_MAX, &sequence, sizeof sequence);
    crc = crc32(crc, &count, sizeof count);
    return ~crc32(crc, bytes, count);
}

static size_t words_of(size_t bytes)
{
    return (bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t);
}

/* Is there a whole record at this word, which lies in a sector of so many words more? */
static bool is_record(const uint32_t *head, size_t words_left)
{
    return words_left > HEAD_WORDS && head[HEAD_MAGIC] == MAGIC &&
           head[HEAD_BYTES] <= (words_left - HEAD_WORDS) * sizeof(uint32_t) &&
           head[HEAD_CRC] == check_sum(head[HEAD_SEQUENCE], head[HEAD_BYTES], head + HEAD_WORDS);
}

/* Goes through one sector's records; what is behind the last whole one is not known. */
static void look_through(const struct flash *flash, size_t sector, struct pair *pair)
{
    size_t word = sector * FLASH_SECTOR_WORDS, end = word + FLASH_SECTOR_WORDS;
    while (is_record(flash->words + word, end - word)) {
        const uint32_t *head = flash->words + word;
        size_t next = word + HEAD_WORDS + words_of(head[HEAD_BYTES]);
        if (pair->newest == SIZE_MAX || head[HEAD_SEQUENCE] > pair->sequence)
            *pair = (struct pair){word, head[HEAD_SEQUENCE], next};
        word = next;
    }
}

static struct pair look(const struct flash *flash, size_t first_sector)
{
    struct pair pair = {.newest = SIZE_MAX};
    look_through(flash, first_sector, &pair);
    look_through(flash, first_sector + 1, &pair);
    return pair;
}

const uint8_t *flash_record_find(const struct flash *flash, size_t first_sector, size_t *bytes)
{
    struct pair pair = look(flash, first_sector);
    if (pair.newest == SIZE_MAX)
        return NULL;
    *bytes = flash->words[pair.newest + HEAD_BYTES];
    return (const uint8_t *)(flash->words + pair.newest + HEAD_WORDS);
}

static bool is_erased(const struct flash *flash, size_t word, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (flash->words[word + i] != FLASH_ERASED)
            return false;
    return true;
}

static bool erase(const struct flash *flash, size_t sector)
{
    return flash->erase(flash->context, sector) &&
           is_erased(flash, sector * FLASH_SECTOR_WORDS, FLASH_SECTOR_WORDS);
}

/* The word behind the newest record, if one of so many words can be written there; else SIZE_MAX. */
static size_t room_behind(const struct flash *flash, const struct pair *pair, size_t words)
{
    if (pair->newest == SIZE_MAX)
        return SIZE_MAX;
    size_t end = (pair->newest / FLASH_SECTOR_WORDS + 1) * FLASH_SECTOR_WORDS;
    bool fits = words <= end - pair->free && is_erased(flash, pair->free, end - pair->free);
    return fits ? pair->free : SIZE_MAX;
}

static bool program(const struct flash *flash, size_t word, uint32_t value)
{
    return flash->program(flash->context, word, value) && flash->words[word] == value;
}

static bool program_bytes(const struct flash *flash, size_t word, const uint8_t *bytes,
                          size_t count)
{
    for (size_t at = 0; at < count; at += sizeof(uint32_t)) {
        uint32_t value = FLASH_ERASED;
        size_t left = count - at;
        memcpy(&value, bytes + at, left < sizeof value ? left : sizeof value);
        if (!program(flash, word++, value))
            return false;
    }
    return true;
}

static bool write_record(const struct flash *flash, size_t word, uint32_t sequence,
                         const uint8_t *bytes, size_t count)
{
    uint32_t crc = check_sum(sequence, (uint32_t)count, bytes);
    return program_bytes(flash, word + HEAD_WORDS, bytes, count) &&
           program(flash, word + HEAD_MAGIC, MAGIC) &&
           program(flash, word + HEAD_SEQUENCE, sequence) &&
           program(flash, word + HEAD_BYTES, (uint32_t)count) &&
           program(flash, word + HEAD_CRC, crc);
}

/* The newest record's own sector is never erased: a sector that takes nothing any more costs half
 * of the pair, not the record. */
bool flash_record_save(const struct flash *flash, size_t first_sector, const uint8_t *bytes,
                       size_t count)
{
    struct pair pair = look(flash, first_sector);
    uint32_t sequence = pair.sequence + 1;
    if (count > FLASH_RECORD_BYTES)
        return false;
    size_t behind = room_behind(flash, &pair, HEAD_WORDS + words_of(count));
    if (behind != SIZE_MAX && write_record(flash, behind, sequence, bytes, count))
        return true;
    for (size_t sector = first_sector; sector < first_sector + 2; sector++) {
        bool is_newest = pair.newest != SIZE_MAX && pair.newest / FLASH_SECTOR_WORDS == sector;
        if (!is_newest && erase(flash, sector) &&
            write_record(flash, sector * FLASH_SECTOR_WORDS, sequence, bytes, count))
            return true;
    }
    return false;
}
