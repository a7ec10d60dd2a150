#include "host/memory.h"

#include <stdlib.h>
#include <string.h>

static void give_back(void *block, size_t bytes)
{
    if (block == NULL)
        return;
    explicit_bzero(block, bytes);
    free(block);
}

/* Not realloc: it would leave what a password once was behind. */
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)context;
    (void)purpose;
    void *resized = NULL;
    if (bytes > 0) {
        resized = malloc(bytes);
        if (resized == NULL)
            return NULL;
        if (block != NULL)
            memcpy(resized, block, old_bytes < bytes ? old_bytes : bytes);
    }
    give_back(block, old_bytes);
    return resized;
}

struct imqtt_memory_port memory_port(void)
{
    return (struct imqtt_memory_port){.resize = resize};
}
