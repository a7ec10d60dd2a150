/* flash.h: what a flash memory can do, whoever made it: erase a sector, and clear bits. */
#ifndef FIRMWARE_FLASH_H
#define FIRMWARE_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_SECTOR_WORDS 1024
#define FLASH_ERASED       UINT32_MAX

struct flash {
    const uint32_t *words; /* as it reads */
    size_t sectors;
    void *context;

    /* All bits of a sector become 1. false: they do not any more. */
    bool (*erase)(void *context, size_t sector);
    /* Those bits of a word that are 0 in value become 0. false as above. */
    bool (*program)(void *context, size_t word, uint32_t value);
};

/* The same in RAM that outlives a reset, for a board that has no flash of its own: a bit that is 0
 * stays so until its sector is erased. */
struct flash flash_in_ram(uint32_t *words, size_t sectors);

/* ---- and what can happen to one ------------------------------------------------------------ */

/* A flash in RAM that somebody pulls the plug of, or whose sector is worn out. */
struct flash_faults {
    struct flash flash;       /* that everything is done to */
    uint32_t operations_left; /* the one after these is cut in its middle; 0: none is */
    size_t worn_sector;       /* takes nothing any more; SIZE_MAX: all are well */
    uint32_t chance;          /* seed of what half-done operations leave behind */
    void (*power_off)(void);  /* does what a plug does; what it returns from is not done */
};

/* Over faults->flash; faults stays where it is while the flash is used. */
struct flash flash_with_faults(struct flash_faults *faults);

#endif
