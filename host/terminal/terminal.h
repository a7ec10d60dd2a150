/* terminal.h: what a modem and its terminal know of each other.
 *
 * Each kind of terminal (pty, serial, tcp, stdio) has a struct of its own that begins with a struct
 * terminal. It reads when it is told to, hands bytes over with host_modem_typed(), and says
 * host_modem_touch() when it can take output again.
 */
#ifndef HOST_TERMINAL_TERMINAL_H
#define HOST_TERMINAL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One read from a terminal: so much may have to wait until the modem can use it. */
#define TERMINAL_READ_BYTES 16384

struct terminal {
    const struct terminal_kind *kind;
    const char *name;  /* "pty /tmp/modem": the same after a restart */
    const char *label; /* the same for the log, where it tells modems of one name apart */
    uint32_t baud;     /* the speed its line has at the start; 0: it has none */
    struct host_modem *modem;
};

struct terminal_kind {
    /* Takes up to count bytes; returns how many. */
    size_t (*write)(struct terminal *terminal, const uint8_t *bytes, size_t count);

    /* Whether to read, and whether output waits for room. Called at the end of each turn. */
    void (*watch)(struct terminal *terminal, bool input, bool room);

    /* See ports.h. NULL where there is no line. */
    void (*configure)(struct terminal *terminal, uint32_t baud, bool rts_cts);

    /* The modem has done what it can for this turn. NULL where nobody cares. */
    void (*settled)(struct terminal *terminal);

    /* The modem has ended: lets go of everything, itself included. */
    void (*end)(struct terminal *terminal);
};

#endif
