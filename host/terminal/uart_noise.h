/* uart_noise.h: one direction of the line to the host: bytes that are lost, flipped or added there
 * (drop, garble, insert), and then the lane that makes them late, slow or cut up.
 *
 * A piece is a line. The same bytes from the same seed become the same, however they are read.
 */
#ifndef HOST_TERMINAL_UART_NOISE_H
#define HOST_TERMINAL_UART_NOISE_H

#include "host/faults/fault_lane.h"

struct uart_noise {
    struct fault_lane lane;
    uint64_t striking; /* bits: which of the set's faults strike this piece, in their order */
    bool is_in_piece;
};

void uart_noise_init(struct uart_noise *noise, struct fault_set *set, enum fault_stream stream);
void uart_noise_end(struct uart_noise *noise);

/* false: no memory; the rest is lost. */
bool uart_noise_add(struct uart_noise *noise, const uint8_t *bytes, size_t count);

/* A fault was removed. */
void uart_noise_release(struct uart_noise *noise, const struct fault *removed);

#endif
