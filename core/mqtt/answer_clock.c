#include "core/mqtt/answer_clock.h"
#include "core/bytes/one_copy.h"
#include "imqtt/limits.h"

ONE_COPY uint64_t answer_clock_now(const struct answer_clock *clock, uint64_t now_ms)
{
    return (clock->is_paused ? clock->paused_since_ms : now_ms) - clock->stood_still_ms;
}

ONE_COPY uint64_t answer_clock_real(const struct answer_clock *clock, uint64_t due_ms)
{
    bool is_never = clock->is_paused || due_ms == ANSWER_CLOCK_NEVER;
    return is_never ? ANSWER_CLOCK_NEVER : due_ms + clock->stood_still_ms;
}

bool answer_clock_is_past(struct answer_clock *clock, uint64_t due_ms, uint64_t now_ms)
{
    uint64_t clock_ms = answer_clock_now(clock, now_ms);
    if (clock_ms < due_ms)
        return false;
    uint64_t late_ms = clock_ms - due_ms;
    bool is_excused = due_ms + clock->stood_still_ms <= clock->excused_ms;
    if (late_ms < IMQTT_STALL_MS || is_excused)
        return true;
    clock->stood_still_ms += late_ms + IMQTT_STALL_READ_MS;
    clock->excused_ms = due_ms + clock->stood_still_ms;
    return false;
}

void answer_clock_pause(struct answer_clock *clock, uint64_t now_ms)
{
    if (clock->is_paused)
        return;
    clock->is_paused = true;
    clock->paused_since_ms = now_ms;
}

void answer_clock_resume(struct answer_clock *clock, uint64_t now_ms)
{
    if (!clock->is_paused)
        return;
    clock->is_paused = false;
    clock->stood_still_ms += now_ms - clock->paused_since_ms;
}
