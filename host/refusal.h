/* refusal.h: why something that was asked for at the start cannot be had. */
#ifndef HOST_REFUSAL_H
#define HOST_REFUSAL_H

#include <stdbool.h>

struct host_refusal {
    const char *setting;
    const char *value; /* NULL: it has none */
    const char *why;
};

/* false, for the caller to return. */
static inline bool refuse(struct host_refusal *refusal, const char *setting, const char *value,
                          const char *why)
{
    *refusal = (struct host_refusal){setting, value, why};
    return false;
}

#endif
