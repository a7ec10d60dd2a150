#include "host/modem/memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What frees whole pages, and how many of those in a PAUSE_MS are traffic. */
#define LARGE_BYTES 4096
#define PAUSE_MS    1000
#define TRAFFIC     100

static void note_large_block(struct memory *memory)
{
    if (memory->given_back++ == 0)
        alarm_set(memory->pause, PAUSE_MS);
}

/* malloc by itself lets go only of what is free at the very end of the heap. */
static void on_pause(void *owner)
{
    struct memory *memory = owner;
    bool is_busy = memory->given_back >= TRAFFIC;
    memory->given_back = 0;
    if (is_busy)
        note_large_block(memory);
    else
        malloc_trim(0);
}

bool memory_init(struct memory *memory, struct loop *loop)
{
    memory->pause = alarm_new(loop, on_pause, memory);
    return memory->pause != NULL;
}

void memory_end(struct memory *memory)
{
    alarm_end(memory->pause);
}

static void give_back(struct memory *memory, void *block, size_t bytes)
{
    if (block == NULL)
        return;
    explicit_bzero(block, bytes);
    free(block);
    if (bytes >= LARGE_BYTES)
        note_large_block(memory);
}

/* Not realloc: it would leave what a password once was behind. */
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)purpose;
    void *resized = NULL;
    if (bytes > 0) {
        resized = malloc(bytes);
        if (resized == NULL)
            return NULL;
        if (block != NULL)
            memcpy(resized, block, old_bytes < bytes ? old_bytes : bytes);
    }
    give_back(context, block, old_bytes);
    return resized;
}

struct imqtt_memory_port memory_port(struct memory *memory)
{
    return (struct imqtt_memory_port){.context = memory, .resize = resize};
}
