#include "imqttd/need.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

void *need_resize(void *block, size_t bytes)
{
    void *resized = realloc(block, bytes);
    if (resized == NULL)
        err(EXIT_FAILURE, NULL);
    return resized;
}

void *need_new(size_t bytes)
{
    void *block = calloc(1, bytes);
    if (block == NULL)
        err(EXIT_FAILURE, NULL);
    return block;
}

char *need_copy(const char *text)
{
    return need_copy_bytes(text, strlen(text));
}

char *need_copy_bytes(const char *text, size_t count)
{
    char *copy = need_new(count + 1);
    memcpy(copy, text, count);
    return copy;
}
