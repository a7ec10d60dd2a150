/* memory.h: the memory port on malloc, and the budget of all modems together.
 *
 * Nothing is refused for the budget's sake. From three eighths of it on, until there is less than a
 * quarter, memory is short: modems whose hosts do not read are not read from (imqtt/modem.h). At
 * one half it is used up: no new modem begins, and those that have much are not read from. The
 * other half is for what was under way then: blocks double, and one modem at a time may overdraw,
 * or all could wait with half a message each.
 *
 * What grew with traffic is handed on to the kernel once traffic has paused. Until then malloc
 * keeps it, since the next message will want it again.
 */
#ifndef HOST_MODEM_MEMORY_H
#define HOST_MODEM_MEMORY_H

#include "host/loop/alarm.h"
#include "host/observer.h"
#include "imqtt/ports.h"

/* What one modem has of it. */
struct memory_account {
    struct memory *memory;
    size_t bytes;
};

/* Private but for its place in the host. All zero: nothing was given back. */
struct memory {
    struct alarm *pause; /* set while large blocks that were given back are malloc's */
    unsigned given_back; /* so many since it was set */
    const struct observer *observer;
    size_t budget_bytes;
    size_t used_bytes;
    bool is_short;
    bool was_used_up;                       /* since it is short */
    const struct memory_account *overdraws; /* NULL: nobody */
    uint64_t overdraws_until_ms;
};

/* budget_bytes 0: there is no limit. false: no memory. */
bool memory_init(struct memory *memory, struct loop *loop, const struct observer *observer,
                 size_t budget_bytes);
void memory_end(struct memory *memory);

static inline bool memory_is_used_up(const struct memory *memory)
{
    return memory->used_bytes >= memory->budget_bytes / 2;
}

/* Whether this modem may go on although all is in use: one at a time, for some seconds. */
bool memory_may_overdraw(const struct memory_account *account, uint64_t now_ms);

/* It does not need to any more. */
void memory_end_overdraft(const struct memory_account *account);

/* Blocks that are given back or moved are wiped. */
struct imqtt_memory_port memory_port(struct memory_account *account);

#endif
