#include "host/modem/kept.h"

#include <stdlib.h>
#include <string.h>

bool kept_add(struct kept *kept, const uint8_t *bytes, size_t count)
{
    size_t before = kept_count(kept);
    uint8_t *block = malloc(before + count);
    if (block == NULL)
        return false;
    if (before > 0)
        memcpy(block, kept_bytes(kept), before);
    memcpy(block + before, bytes, count);
    kept_clear(kept);
    *kept = (struct kept){.block = block, .block_bytes = before + count};
    return true;
}

void kept_take(struct kept *kept, size_t count)
{
    kept->start += count;
    if (kept_count(kept) == 0)
        kept_clear(kept);
}

void kept_clear(struct kept *kept)
{
    if (kept->block != NULL)
        explicit_bzero(kept->block, kept->block_bytes);
    free(kept->block);
    *kept = (struct kept){0};
}
