/* foreign_protocol.h: tells a host from a program that speaks something else: a web page can make a
 * browser send a POST to any port of its own computer, and the lines of its body would be commands.
 *
 * It looks at the first line of a connection, however it is cut up, and keeps ten bytes of it.
 */
#ifndef HOST_TERMINAL_FOREIGN_PROTOCOL_H
#define HOST_TERMINAL_FOREIGN_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOREIGN_TAIL_BYTES 9 /* " HTTP/1.1" */

struct foreign_protocol { /* all zero: nothing came yet */
    uint64_t seen;        /* bytes of the first line */
    uint8_t head[2];
    uint8_t tail[FOREIGN_TAIL_BYTES];
    bool is_over; /* the first line has ended: it was none */
};

/* The next bytes that came. The name of what is spoken there ("HTTP"), or NULL. To be asked before
 * the bytes are handed on. */
const char *foreign_protocol_find(struct foreign_protocol *watch, const uint8_t *bytes,
                                  size_t count);

#endif
