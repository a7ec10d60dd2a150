/* memory.h: the memory port on malloc. */
#ifndef HOST_MEMORY_H
#define HOST_MEMORY_H

#include "imqtt/ports.h"

/* Blocks that are given back or moved are wiped. */
struct imqtt_memory_port memory_port(void);

#endif
