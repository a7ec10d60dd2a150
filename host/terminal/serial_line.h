/* serial_line.h: a serial port: 8 bits, no parity, 1 stop bit, raw. */
#ifndef HOST_TERMINAL_SERIAL_LINE_H
#define HOST_TERMINAL_SERIAL_LINE_H

#include <stdbool.h>
#include <stdint.h>

#define SERIAL_BAUD_MIN     50
#define SERIAL_BAUD_DEFAULT 115200
#define SERIAL_BAUD_MAX     10000000

struct serial_line; /* an open port */

struct serial_speed {
    uint32_t baud;
    bool rts_cts; /* flow control by these wires */
};

struct serial_refusal {
    const char *why;   /* valid until the next one */
    bool is_permanent; /* trying again is of no use while nobody changes something */
};

/* device: a serial port, or a pseudo-terminal somebody else made, whose speed makes no difference.
 * NULL: *refusal tells. */
struct serial_line *serial_line_open(const char *device, const struct serial_speed *speed,
                                     struct serial_refusal *refusal);

/* false: the port cannot do that. */
bool serial_line_set(struct serial_line *line, const struct serial_speed *speed);

/* Everything written has left the kernel; the port's own buffer may still hold a few bytes. */
bool serial_line_is_drained(const struct serial_line *line);

/* A descriptor of the caller's own, non-blocking; -1: errno tells. */
int serial_line_descriptor(const struct serial_line *line);

/* NULL is allowed. */
void serial_line_close(struct serial_line *line);

#endif
