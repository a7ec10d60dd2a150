#include "examples/firmware/arena.h"

#include <stdalign.h>
#include <string.h>

#define ALIGNMENT alignof(max_align_t)

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where bytes from start on would end in somebody else's block: behind that block; else start. */
static size_t behind_others(const struct arena *arena, const struct arena_block *own, size_t start,
                            size_t bytes)
{
    for (size_t i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++) {
        const struct arena_block *other = &arena->blocks[i];
        bool apart = start + bytes <= other->start || other->start + other->count <= start;
        if (other != own && other->count > 0 && !apart)
            return aligned(other->start + other->count);
    }
    return start;
}

static bool is_free(const struct arena *arena, const struct arena_block *own, size_t start,
                    size_t bytes)
{
    return start + bytes <= arena->count && behind_others(arena, own, start, bytes) == start;
}

/* The first gap that is large enough; own's bytes count as free. false: there is none. */
static bool find_gap(const struct arena *arena, const struct arena_block *own, size_t bytes,
                     size_t *start)
{
    size_t next = 0;
    do {
        *start = next;
        next = behind_others(arena, own, *start, bytes);
    } while (next != *start);
    return *start + bytes <= arena->count;
}

/* Blocks may have held passwords. */
static void wipe(struct arena *arena, size_t start, size_t end)
{
    if (start < end)
        memset(arena->bytes + start, 0, end - start);
}

static void move(struct arena *arena, struct arena_block *block, size_t start, size_t bytes)
{
    size_t end = block->start + block->count, kept = block->count < bytes ? block->count : bytes;
    memmove(arena->bytes + start, arena->bytes + block->start, kept);
    if (start > block->start)
        wipe(arena, block->start, end < start ? end : start);
    else
        wipe(arena, block->start > start + kept ? block->start : start + kept, end);
    *block = (struct arena_block){start, bytes};
}

static void *resize(void *context, enum imqtt_memory_purpose purpose, void *old, size_t old_bytes,
                    size_t bytes)
{
    struct arena *arena = context;
    struct arena_block *block = &arena->blocks[purpose];
    size_t start = block->start;
    (void)old, (void)old_bytes; /* the list of blocks has both */
    if (bytes > 0 && (block->count == 0 || !is_free(arena, block, start, bytes)) &&
        !find_gap(arena, block, bytes, &start))
        return NULL;
    move(arena, block, start, bytes);
    return bytes > 0 ? arena->bytes + start : NULL;
}

struct arena arena_on(void *memory, size_t bytes)
{
    return (struct arena){.bytes = memory, .count = bytes};
}

struct imqtt_memory_port arena_port(struct arena *arena)
{
    return (struct imqtt_memory_port){arena, resize};
}

size_t arena_used(const struct arena *arena)
{
    size_t used = 0;
    for (size_t i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++)
        used += arena->blocks[i].count;
    return used;
}
