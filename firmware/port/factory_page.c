#include "firmware/port/factory_page.h"

#include <stdbool.h>

#define MAGIC    0x46514d49u /* "IMQF" */
#define HAS_SEED 1u

struct page {
    uint32_t magic, flags, authorities_bytes;
    uint8_t seed[FACTORY_SEED_BYTES];
    uint8_t authorities[];
};

extern const struct page image_factory; /* the linker's */

static bool is_written(void)
{
    return image_factory.magic == MAGIC;
}

const uint8_t *factory_authorities(size_t *bytes)
{
    *bytes = is_written() ? image_factory.authorities_bytes : 0;
    return *bytes > 0 ? image_factory.authorities : NULL;
}

const uint8_t *factory_seed(void)
{
    return is_written() && image_factory.flags & HAS_SEED ? image_factory.seed : NULL;
}
