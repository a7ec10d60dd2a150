/* arena.h: a memory port on one block of RAM, for firmware that has no malloc (imqtt/ports.h).
 *
 * A modem has at most one block a purpose, so the arena is that list of blocks and nothing more.
 * One grows where it is if there is room behind it, else it moves to the first gap that is large
 * enough. If there is none it is refused, which the modem takes for what it is: a request waits, a
 * message is dropped and reported.
 */
#ifndef EXAMPLES_FIRMWARE_ARENA_H
#define EXAMPLES_FIRMWARE_ARENA_H

#include "imqtt/ports.h"

struct arena {
    uint8_t *bytes; /* aligned for any type */
    size_t count;
    struct arena_block {
        size_t start, count; /* count 0: there is none */
    } blocks[IMQTT_MEMORY_PURPOSE_COUNT];
};

struct arena arena_on(void *memory, size_t bytes);

/* The arena stays where it is while the port is used. */
struct imqtt_memory_port arena_port(struct arena *arena);

/* Lent at the moment. */
size_t arena_used(const struct arena *arena);

#endif
