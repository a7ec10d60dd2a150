/* lender.h: a memory port for tests: counts its blocks, refuses beyond a limit, and always moves a
 * block that changes its size, so that a pointer kept too long shows. */
#ifndef TESTS_UNIT_LENDER_H
#define TESTS_UNIT_LENDER_H

#include <stdlib.h>
#include <string.h>

#include "imqtt/ports.h"

struct lender {
    struct imqtt_memory_port port;
    size_t limit_bytes; /* of one block */
    size_t blocks;      /* lent at the moment */
};

static inline void *lender_resize(void *context, enum imqtt_memory_purpose purpose, void *block,
                                  size_t old_bytes, size_t bytes)
{
    struct lender *lender = context;
    (void)purpose;
    if (bytes > lender->limit_bytes)
        return NULL;
    void *moved = bytes > 0 ? malloc(bytes) : NULL;
    if (moved != NULL && block != NULL)
        memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
    lender->blocks += (moved != NULL) - (size_t)(block != NULL);
    free(block);
    return moved;
}

/* The port points at the lender: it is made in place, and stays there. */
static inline void lender_init(struct lender *lender)
{
    *lender = (struct lender){{lender, lender_resize}, SIZE_MAX, 0};
}

#endif
