/* memory.h: the memory port on malloc.
 *
 * What grew with traffic is handed on to the kernel once traffic has paused. Until then malloc
 * keeps it, since the next message will want it again.
 */
#ifndef HOST_MODEM_MEMORY_H
#define HOST_MODEM_MEMORY_H

#include "host/loop/alarm.h"
#include "imqtt/ports.h"

/* Private but for its place in the host. All zero: nothing was given back. */
struct memory {
    struct alarm *pause; /* set while large blocks that were given back are malloc's */
    unsigned given_back; /* so many since it was set */
};

/* false: no memory. */
bool memory_init(struct memory *memory, struct loop *loop);
void memory_end(struct memory *memory);

/* Blocks that are given back or moved are wiped. */
struct imqtt_memory_port memory_port(struct memory *memory);

#endif
