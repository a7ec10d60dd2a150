/* steps.h: what may happen to a modem, as bytes: a grammar of commands and broker events.
 *
 * An input is a byte of how bytes are cut, a seed, a byte of ports, and steps. A step is one byte,
 * STEP_… or any (it is taken modulo STEP_KINDS), and what the step takes, by input.h. With
 * STEP_AT_ONCE the next step happens before the modem has run.
 */
#ifndef TESTS_FUZZ_STEPS_H
#define TESTS_FUZZ_STEPS_H

#include "tests/fuzz/answer_reader.h"
#include "tests/fuzz/oracle.h"
#include "tests/transcripts/machine.h"

enum step {
    STEP_TYPE_LINE,      /* a useful one, chosen */
    STEP_TYPE_COMMAND,   /* of the modem's table: form, parameters, end */
    STEP_TYPE,           /* bytes */
    STEP_OPEN,           /* the network */
    STEP_BROKER_ANSWERS, /* all it was sent, as it should */
    STEP_BROKER_ERRS,    /* the same, with a byte changed */
    STEP_BROKER_SENDS,   /* a message: topic, QoS, size */
    STEP_HEAR,           /* bytes from the broker */
    STEP_FAIL,           /* the network */
    STEP_WAIT,           /* milliseconds */
    STEP_HOST_TAKES,     /* so many bytes, or all */
    STEP_NETWORK_TAKES,  /* likewise */
    STEP_MEMORY,         /* refuses, from now on or a coming growth */
    STEP_STORE,          /* fails, works, waits, answers */
    STEP_STORE_HOLDS,    /* a record of these bytes */
    STEP_CRYPTO,         /* fails, works */
    STEP_RADIO,          /* signal, registration, SIM, cell */
    STEP_POWER,          /* off and on */
    STEP_SHUT_DOWN,      /* by the application, which then thinks better of it */
    STEP_KINDS
};

#define STEP_AT_ONCE 0x80

/* Bytes of an input before its first step. */
#define ENGINE_HEADER_BYTES 3

enum link { LINK_CLOSED, LINK_OPENING, LINK_OPEN };

struct engine {
    struct machine machine;
    struct oracle oracle;
    enum link links[IMQTT_CLIENTS]; /* of each client */
    struct answers *answers;        /* reads what is said, in the oracle's place; NULL: nobody */
    bool is_unread; /* another dialect: the oracle does not know what its hosts must read */
};

/* A modem is about to be switched on, watched. */
void engine_watch(struct engine *engine);

/* Takes a step from the input, lets the modem run, and checks what it promised. */
void engine_step(struct engine *engine, struct span *input);

/* Lets the modem run and checks what holds at every moment: bounds, the link, what was read. */
void engine_settle(struct engine *engine);

#endif
