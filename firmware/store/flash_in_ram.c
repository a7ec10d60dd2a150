#include "firmware/store/flash.h"

static bool erase(void *context, size_t sector)
{
    uint32_t *words = context;
    for (size_t i = 0; i < FLASH_SECTOR_WORDS; i++)
        words[sector * FLASH_SECTOR_WORDS + i] = FLASH_ERASED;
    return true;
}

static bool program(void *context, size_t word, uint32_t value)
{
    uint32_t *words = context;
    words[word] &= value;
    return true;
}

struct flash flash_in_ram(uint32_t *words, size_t sectors)
{
    return (struct flash){
        .words = words, .sectors = sectors, .context = words, .erase = erase, .program = program};
}
