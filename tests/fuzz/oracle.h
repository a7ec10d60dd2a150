/* oracle.h: what a host must read, checked against what it reads.
 *
 * It looks on while the host types (machine.h: watcher), so it knows the lines, the echo, and where
 * in the modem's output each answer begins. It then reads what the terminal took, byte for byte:
 * the echo, one final result for each line, no URC inside an answer, whole lines only; and keeps
 * the ledger of requests.
 */
#ifndef TESTS_FUZZ_ORACLE_H
#define TESTS_FUZZ_ORACLE_H

#include "core/modem/parts.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"
#include "tests/fuzz/ledger.h"
#include "tests/transcripts/machine.h"
#include "tests/unit/lender.h"

enum final { FINAL_ONE, FINAL_NONE, FINAL_PERHAPS };

/* A command line, the one that is being typed included. Positions are in the modem's output. */
struct typed_line {
    uint64_t typed_at;  /* its first byte was taken here */
    uint64_t begins_at; /* its last byte was, and its answer begins behind it */
    size_t echo_bytes;  /* of it, not yet read */
    bool is_complete;
    bool has_ended;   /* its last command has run */
    bool may_wait;    /* one of its commands waits for its turn: URCs may come before it */
    bool may_be_bare; /* ATV0 */
    bool asks;        /* its answer may have lines that look like URCs */
    enum final final;
    enum wish wish;
};

/* The echo of one piece of typing: where it lies in the modem's output is known, so that it is never
 * taken for a frame, whatever was typed. */
struct echoed {
    uint64_t at;
    size_t bytes; /* not yet read */
    size_t line;  /* the line that it is part of */
};

struct oracle {
    struct machine *machine;
    struct lender lender; /* of the line and the echo below */
    struct line line;     /* a second one, that hears what the modem's hears */
    struct fifo echo;
    struct echoed *echoes;
    size_t first_echo, echo_count; /* those that were read lie before the first */
    struct typed_line *lines;
    size_t first, count; /* of the lines: answered ones lie before the first */
    uint64_t position;   /* of what is read */
    bool is_lost;        /* what the echo is cannot be told */
    struct ledger ledger;

    /* The piece that is being handed over. */
    bool is_data, is_echoed, was_quiet, was_bare, was_busy;
    uint64_t piece_at;
};

/* A modem is about to be switched on: nothing has been typed or said. It must not move. */
void oracle_start(struct oracle *oracle, struct machine *machine);
void oracle_end(struct oracle *oracle);

/* Reads what the terminal took. */
void oracle_read(struct oracle *oracle);

/* Once the terminal has taken everything: nothing may be left, and only the line that still runs
 * may be without its result. */
void oracle_check_all_read(struct oracle *oracle);

/* For oracle.c: how far the line that runs has come. */
void oracle_note_end(struct oracle *oracle);
/* The line whose answer is next, or NULL. */
struct typed_line *oracle_front(const struct oracle *oracle);

/* Bytes were lost for want of memory: nothing can be told from what is left. */
bool oracle_is_blind(const struct oracle *oracle);

#endif
