/* input.h: reading in large pieces, for many descriptors with one buffer. */
#ifndef BENCH_COMMON_INPUT_H
#define BENCH_COMMON_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No packet and no line of this benchmark is longer. */
#define INPUT_LEFTOVER_BYTES 512
#define INPUT_BYTES          65536

/* The begin of a packet or a line whose end has not come yet. All zero: none. */
struct leftover {
    size_t count;
    uint8_t bytes[INPUT_LEFTOVER_BYTES];
};

struct piece {
    const uint8_t *bytes;
    size_t count;
};

/* What was left over, and what can be read now; valid until the next call. *is_closed tells when
 * the other side has closed. Waits only if the descriptor does. */
struct piece input_read(int fd, struct leftover *leftover, bool *is_closed);

/* The piece was used, all but its last count bytes. */
void input_leave(struct leftover *leftover, struct piece piece, size_t count);

#endif
