/* machine.h: what a modem under test runs on: ports in memory, a clock that is a number, and the
 * loop that imqtt/modem.h asks for, which brings bytes whole, one by one, or in random pieces.
 *
 * The loop also checks what the modem promises it: that it takes input when it says it wants some,
 * that a deadline is in the future once it has been ticked, that all memory comes back.
 */
#ifndef TESTS_TRANSCRIPTS_MACHINE_H
#define TESTS_TRANSCRIPTS_MACHINE_H

#include "examples/firmware/arena.h"
#include "imqtt/clients.h"
#include "tests/transcripts/buffer.h"

enum pieces { PIECES_WHOLE, PIECES_BYTES, PIECES_RANDOM };

struct machine_options {
    bool boot_urcs, nobody_reads, has_store, no_crypto, has_broker, has_line, keeps_session;
    bool is_wired, reconnects;
    uint8_t clients;                     /* 0: one */
    const struct imqtt_dialect *dialect; /* NULL: imqtt's own */
};

struct lent {
    void *block;
    size_t bytes;
    bool refuses;      /* to let it grow */
    bool is_asked;     /* tight memory: for more than is needed, and has refused */
    unsigned refusals; /* so far */
};

struct record {
    struct buffer bytes;
    bool exists;
};

/* What the modem asked the store for, until it is answered. */
enum store_question { STORE_QUIET, STORE_LOAD, STORE_SAVE };

struct store {
    enum store_question question;
    enum imqtt_record asked_for;
    const struct machine_client *asked_by;
    bool fails, waits;
};

/* Looks on while the host's bytes are handed over; NULL functions: nobody does. */
struct machine_watcher {
    void *context;
    /* How much of what waits, at least one byte, may go in the next piece. */
    size_t (*before)(void *context, struct span waiting);
    void (*after)(void *context, struct span used);
};

/* Where in the bytes that the modem wrote to the network it opened or closed it. */
struct network_mark {
    size_t at;
    bool is_open;
    char target[320]; /* "host port" or "host port tls" */
};

#define NETWORK_MARKS 64

enum network_state { NETWORK_CLOSED, NETWORK_OPENING, NETWORK_OPEN };

/* One side of the modem: what waits to be taken by it, and what it wrote. */
struct stream {
    struct buffer in, out;
    size_t room; /* for what it writes */
};

/* What each client of the modem has of its own (imqtt/clients.h). */
struct machine_client {
    struct machine *machine;
    uint8_t number;
    struct stream network;
    enum network_state network_state;
    struct network_mark marks[NETWORK_MARKS];
    size_t mark_count;
    struct lent lent[IMQTT_MEMORY_PURPOSE_COUNT];
    struct record records[IMQTT_RECORD_COUNT];
};

struct machine {
    struct machine_options options;
    enum pieces pieces;
    uint64_t random; /* state of the generator */
    uint64_t now_ms;

    void *memory;
    struct imqtt_modem *modem;
    struct machine_client clients[IMQTT_CLIENTS];
    struct imqtt_client_ports further[IMQTT_CLIENTS]; /* of those behind the first */
    struct machine_client *client; /* that a line of a transcript is about: the first, mostly */
    struct arena arena; /* where the blocks would lie in a firmware that has IMQTT_RAM_BYTES */
    unsigned growths_until_refusal; /* once; 0: no refusal is due */
    bool
        is_tight; /* a block grows by what is needed: whoever asks for more is refused, and asks again */
    struct machine_watcher watcher;
    struct stream host;
    struct store store;
    bool crypto_fails;
    struct buffer log;     /* a line a note */
    size_t urc_bytes;      /* said, as news tell it; who reads them sets it back */
    uint16_t broker_id;    /* of the last message that the automatic broker sent */
    struct buffer filters; /* of its subscriptions, as SUBSCRIBE has them */

    char failure[200]; /* the first promise that was not kept */
};

/* What follows is about this client of the modem. false: it has fewer. */
bool machine_turn_to(struct machine *machine, uint8_t client);

/* Powers the modem on. The machine is zeroed, but for pieces and random. */
void machine_start(struct machine *machine, const struct machine_options *options);

/* Power off and on: what is stored stays. */
void machine_restart(struct machine *machine);

/* Powers off, checks that all memory was given back, frees everything. */
void machine_end(struct machine *machine);

/* Runs the loop until nothing moves any more; no time passes. */
void machine_run(struct machine *machine);

/* Time passes; the modem is ticked at each of its deadlines. */
void machine_wait(struct machine *machine, uint64_t ms);

/* It passes, and the program does not run: the modem is ticked once, behind it. */
void machine_stall(struct machine *machine, uint64_t ms);

/* The answers of the network of the client that is turned to. */
void machine_opened(struct machine *machine);
void machine_failed(struct machine *machine, const struct imqtt_failure *failure);

void machine_fail(struct machine *machine, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
