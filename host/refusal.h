/* refusal.h: why something that was asked for cannot be had. Whoever can refuse takes a struct
 * host_refusal, returns false or NULL, and has filled it then. */
#ifndef HOST_REFUSAL_H
#define HOST_REFUSAL_H

#include <stdbool.h>

struct host_refusal {
    const char *setting; /* as an option is written: "--pty"; or a part of the program */
    const char *value;   /* NULL: it has none */
    const char *why;     /* static text, or valid until the next refusal */
};

/* false, for the caller to return. */
static inline bool refuse(struct host_refusal *refusal, const char *setting, const char *value,
                          const char *why)
{
    *refusal = (struct host_refusal){setting, value, why};
    return false;
}

#endif
