/* terminal.h: what a modem and its terminal know of each other.
 *
 * Each kind of terminal (pty, serial, tcp, unix, stdio) has a struct of its own that begins with a
 * struct terminal. It reads when it is told to, hands bytes over with terminal_typed(), and says
 * host_modem_touch() when it can take output again.
 *
 * A decorator is a terminal that stands between a terminal and its modem: a tap, a fault. What it
 * does not change it leaves out of its kind, and it passes by. Nobody pays for one that is not there.
 */
#ifndef HOST_TERMINAL_TERMINAL_H
#define HOST_TERMINAL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One read from a terminal: so much may have to wait until the modem can use it. */
#define TERMINAL_READ_BYTES 16384

struct host_modem;

struct terminal {
    const struct terminal_kind *kind;
    const char *label; /* for the log: "pty /tmp/modem" */
    uint32_t baud;     /* the speed its line has at the start; 0: it has none */
    struct host_modem *modem;
    struct terminal *above; /* a decorator; NULL: the modem */
    struct terminal *below; /* NULL: it is no decorator */
};

/* From the host's side to the modem's: the order in which decorators stand. */
enum terminal_place {
    TERMINAL_ITSELF,
    TERMINAL_PLAYER, /* takes what nobody reads, while the modem is typed to by its owner */
    TERMINAL_TAP,    /* sees what the host sees */
    TERMINAL_FAULTS,
};

/* A terminal itself needs write, watch, has_host and end; a decorator its place and end. */
struct terminal_kind {
    enum terminal_place place;

    /* Takes up to count bytes; returns how many. */
    size_t (*write)(struct terminal *terminal, const uint8_t *bytes, size_t count);

    /* Whether to read, and whether output waits for room. Called at the end of each turn. */
    void (*watch)(struct terminal *terminal, bool input, bool room);

    /* See ports.h. NULL where there is no line. */
    void (*configure)(struct terminal *terminal, uint32_t baud, bool rts_cts);

    /* The modem has done what it can for this turn. NULL where nobody cares. */
    void (*settled)(struct terminal *terminal);

    /* A host has it open, as far as can be seen. */
    bool (*has_host)(const struct terminal *terminal);

    /* A decorator's: bytes from the terminal below it. */
    void (*typed)(struct terminal *terminal, const uint8_t *bytes, size_t count);

    /* The modem has ended, or the decorator is taken out: lets go of everything, itself included. */
    void (*end)(struct terminal *terminal);
};

/* For a terminal or decorator: hands bytes of the host's on. */
void terminal_typed(struct terminal *from, const uint8_t *bytes, size_t count);

/* What the modem says to its uppermost decorator, or a decorator to what is below it. */
size_t terminal_write(struct terminal *to, const uint8_t *bytes, size_t count);
void terminal_watch(struct terminal *to, bool input, bool room);
bool terminal_can_configure(const struct terminal *to);
void terminal_configure(struct terminal *to, uint32_t baud, bool rts_cts);
void terminal_settled(struct terminal *to);
bool terminal_has_host(const struct terminal *to);

/* Puts a decorator in where its place is; *top is the uppermost. */
void terminal_decorate(struct terminal **top, struct terminal *decorator);

/* Takes it out again and ends it. */
void terminal_undecorate(struct terminal **top, struct terminal *decorator);

/* Ends it with all that stands below it. */
void terminal_end(struct terminal *top);

#endif
