/* answer_clock.h: the clock of everything that waits for the broker's answers: it stands still
 * while nobody could have read them.
 *
 *   1. While the owner cannot read (its host does not), it is paused.
 *   2. A deadline that is found long past was missed because this program did not run: a stopped
 *      process, a machine that slept. The answer may lie unread in the network. The clock is set
 *      back to shortly before the deadline, once: whatever came meanwhile is read first.
 */
#ifndef CORE_MQTT_ANSWER_CLOCK_H
#define CORE_MQTT_ANSWER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define ANSWER_CLOCK_NEVER UINT64_MAX

struct answer_clock {
    bool is_paused;
    uint64_t paused_since_ms; /* real times */
    uint64_t stood_still_ms;  /* so long in all */
    uint64_t excused_ms;      /* a deadline was put off until then */
};

/* What the clock shows. */
uint64_t answer_clock_now(const struct answer_clock *clock, uint64_t now_ms);

/* The moment at which the clock will show due_ms. */
uint64_t answer_clock_real(const struct answer_clock *clock, uint64_t due_ms);

/* Whether due_ms has come, and whatever came before it has been read. */
bool answer_clock_is_past(struct answer_clock *clock, uint64_t due_ms, uint64_t now_ms);

void answer_clock_pause(struct answer_clock *clock, uint64_t now_ms);
void answer_clock_resume(struct answer_clock *clock, uint64_t now_ms);

#endif
