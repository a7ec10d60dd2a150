/* read_turns.h: who may read how much, when many have more to read than one turn of the loop should
 * take. Who was not read in the turn before reads at once; who was does so while the turn's budget is
 * enough for all, or waits in a ring, whose first ones are read at the end of each turn. So a quiet
 * terminal is read in the turn in which something is typed, however many others are flooded, and
 * what a flood is read comes in large pieces: each costs its system calls.
 */
#ifndef HOST_LOOP_READ_TURNS_H
#define HOST_LOOP_READ_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embedded in its owner; all zero but for read, which reads once. */
struct reader {
    struct reader *next; /* NULL: not in the ring */
    struct reader *previous;
    void (*read)(struct reader *reader);
    uint64_t last_turn; /* in which it read something; 0: never */
};

/* Of what all readers of a kind are read in a turn. */
struct read_budget {
    size_t turn_bytes;
    size_t least_bytes; /* a read by one who was quiet, when the budget is used up */
    size_t piece_bytes; /* a read when many wait */
    size_t most_bytes;  /* and when nobody does */
};

struct read_turns {
    struct read_budget budget;
    struct reader ring; /* its head */
    size_t waiting;     /* in the ring */
    size_t left_bytes;  /* of this turn's budget */
    uint64_t turn;      /* from 2 on, so that 0 is long ago */
};

void read_turns_init(struct read_turns *turns, const struct read_budget *budget);

/* There is something to read. true: it may be read now; false: its read() comes later. */
bool read_turns_ask(struct read_turns *turns, struct reader *reader);

/* Waits again, behind the others: it left something. */
void read_turns_again(struct read_turns *turns, struct reader *reader);

/* Waits no longer. */
void read_turns_leave(struct read_turns *turns, struct reader *reader);

/* How many bytes to read now, and how many it were. */
size_t read_turns_share(const struct read_turns *turns);
void read_turns_took(struct read_turns *turns, struct reader *reader, size_t bytes);

/* The end of a turn: those in the ring read, as far as the budget goes, and at least one. */
void read_turns_end(struct read_turns *turns);

#endif
