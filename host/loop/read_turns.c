#include "host/loop/read_turns.h"

void read_turns_init(struct read_turns *turns, const struct read_budget *budget)
{
    *turns = (struct read_turns){.budget = *budget, .left_bytes = budget->turn_bytes, .turn = 2};
    turns->ring.next = turns->ring.previous = &turns->ring;
}

void read_turns_again(struct read_turns *turns, struct reader *reader)
{
    if (reader->next != NULL)
        return;
    reader->previous = turns->ring.previous;
    reader->next = &turns->ring;
    reader->previous->next = reader;
    turns->ring.previous = reader;
    turns->waiting++;
}

void read_turns_leave(struct read_turns *turns, struct reader *reader)
{
    if (reader->next == NULL)
        return;
    reader->previous->next = reader->next;
    reader->next->previous = reader->previous;
    reader->next = reader->previous = NULL;
    turns->waiting--;
}

bool read_turns_ask(struct read_turns *turns, struct reader *reader)
{
    bool was_quiet = turns->turn - reader->last_turn > 1;
    bool is_enough = turns->waiting == 0 && turns->left_bytes >= turns->budget.piece_bytes;
    if (reader->next != NULL)
        return false;
    if (!was_quiet && !is_enough)
        read_turns_again(turns, reader);
    return was_quiet || is_enough;
}

static size_t least_of(size_t one, size_t other)
{
    return one < other ? one : other;
}

static size_t most_of(size_t one, size_t other)
{
    return one > other ? one : other;
}

/* Those who wait share the budget. */
size_t read_turns_share(const struct read_turns *turns)
{
    const struct read_budget *budget = &turns->budget;
    size_t part_bytes = budget->turn_bytes / (turns->waiting + 1);
    size_t share_bytes = most_of(budget->piece_bytes, least_of(part_bytes, budget->most_bytes));
    return most_of(budget->least_bytes, least_of(share_bytes, turns->left_bytes));
}

void read_turns_took(struct read_turns *turns, struct reader *reader, size_t bytes)
{
    reader->last_turn = turns->turn;
    turns->left_bytes -= least_of(bytes, turns->left_bytes);
}

static void read_next(struct read_turns *turns)
{
    struct reader *reader = turns->ring.next;
    read_turns_leave(turns, reader);
    reader->read(reader);
}

/* Only those who wait already: one that asks again does so for the next turn. */
void read_turns_end(struct read_turns *turns)
{
    size_t most = turns->waiting;
    for (size_t i = 0; i < most && turns->waiting > 0; i++) {
        if (i > 0 && turns->left_bytes < turns->budget.piece_bytes)
            break;
        read_next(turns);
    }
    turns->left_bytes = turns->budget.turn_bytes;
    turns->turn++;
}
