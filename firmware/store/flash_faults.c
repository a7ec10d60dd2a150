#include "firmware/store/flash.h"

/* Xorshift: which bits have already changed when the power goes. */
static uint32_t next_chance(struct flash_faults *faults)
{
    uint32_t x = faults->chance ? faults->chance : 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return faults->chance = x;
}

/* Is this the operation that is cut? */
static bool is_cut(struct flash_faults *faults)
{
    return faults->operations_left > 0 && --faults->operations_left == 0;
}

/* Every bit that was 0 may be 1 already; over RAM (flash_in_ram), whose context is its words. */
static void erase_half(struct flash_faults *faults, size_t sector)
{
    uint32_t *words = faults->flash.context;
    for (size_t i = 0; i < FLASH_SECTOR_WORDS; i++)
        words[sector * FLASH_SECTOR_WORDS + i] |= next_chance(faults) | next_chance(faults);
}

static bool erase(void *context, size_t sector)
{
    struct flash_faults *faults = context;
    if (is_cut(faults)) {
        erase_half(faults, sector);
        faults->power_off();
        return false;
    }
    return sector != faults->worn_sector && faults->flash.erase(faults->flash.context, sector);
}

static bool program(void *context, size_t word, uint32_t value)
{
    struct flash_faults *faults = context;
    if (is_cut(faults)) {
        faults->flash.program(faults->flash.context, word, value | next_chance(faults));
        faults->power_off();
        return false;
    }
    return word / FLASH_SECTOR_WORDS != faults->worn_sector &&
           faults->flash.program(faults->flash.context, word, value);
}

struct flash flash_with_faults(struct flash_faults *faults)
{
    struct flash flash = faults->flash;
    flash.context = faults;
    flash.erase = erase;
    flash.program = program;
    return flash;
}
