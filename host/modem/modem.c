#include "host/modem/host_modem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/budgets.h"
#include "host/modem/modem_parts.h"

/* A slow line that is kept full both ways delivers a few bytes at a time, and each would wake the
 * program. While output waits for the terminal, an answer could only queue up behind it: so what
 * comes in is left to gather for so long, unless there is room before. With 921,600 baud full both ways
 * that takes 1.7 % of a core instead of 5.6 % (script/bench line). */
#define REST_MS        8
#define REST_MAX_BYTES 2048 /* more in a turn is no slow line */

/* When memory is used up: who has more than a fourth of his share waits, and looks again. */
#define PART                4
#define MEMORY_ALWAYS_BYTES 4096
#define MEMORY_WAIT_MS      100

void host_modem_touch(struct host_modem *modem)
{
    loop_soon(&modem->host->loop, &modem->task);
}

/* ---- what comes in -------------------------------------------------------------------------- */

void host_modem_typed(struct host_modem *modem, const uint8_t *bytes, size_t count)
{
    if (modem->core == NULL || modem->is_frozen)
        return;
    modem->typed_bytes += count;
    host_modem_touch(modem);
    if (!imqtt_pump_typed(&modem->pump, bytes, count, host_modem_now_ms(modem)))
        observer_log(modem->host->observer, LEVEL_ERROR, modem->label,
                     "out of memory: typed bytes are lost");
}

static void on_alarm(void *owner)
{
    struct host_modem *modem = owner;
    modem->alarm_ms = IMQTT_NO_DEADLINE;
    if (modem->is_frozen)
        return;
    imqtt_modem_tick(modem->core, host_modem_now_ms(modem));
    host_modem_touch(modem);
}

/* ---- the end of a turn ---------------------------------------------------------------------- */

static void exchange(struct host_modem *modem)
{
    imqtt_modem_set_short_of_memory(modem->core, modem->host->memory.is_short);
    for (int round = 0; round < BUDGET_ROUNDS; round++) {
        bool wants_more = imqtt_pump_settle(&modem->pump, 1, host_modem_now_ms(modem));
        bool has_more = uplinks_go_on(&modem->uplinks);
        if (!wants_more && !has_more)
            return;
    }
    host_modem_touch(modem);
}

static bool only_a_little_came(struct host_modem *modem)
{
    size_t bytes = modem->typed_bytes + uplinks_heard_bytes(&modem->uplinks);
    return bytes > 0 && bytes <= REST_MAX_BYTES && !imqtt_pump_has_input(&modem->pump);
}

static void rest_or_go_on(struct host_modem *modem, bool terminal_is_full)
{
    uint64_t now = host_modem_now_ms(modem);
    if (!terminal_is_full || now >= modem->rest_until_ms)
        modem->rest_until_ms = 0;
    if (terminal_is_full && modem->rest_until_ms == 0 && only_a_little_came(modem))
        modem->rest_until_ms = now + REST_MS;
    modem->typed_bytes = 0;
}

/* It has more than its part of a memory that is used up: its broker is not read until others have
 * given some back. Its deadlines go on: a modem that nothing helps loses its connection, and the
 * broker sends again what was not acknowledged. */
static bool has_too_much(const struct host_modem *modem)
{
    const struct host *host = modem->host;
    size_t part_bytes = host->memory.budget_bytes / PART / (host->modem_count + 1);
    return memory_is_used_up(&host->memory) && modem->memory.bytes > MEMORY_ALWAYS_BYTES &&
           modem->memory.bytes > part_bytes;
}

static bool waits_for_memory(struct host_modem *modem, bool wants_input)
{
    bool has_enough = has_too_much(modem);
    if (has_enough && wants_input)
        return !memory_may_overdraw(&modem->memory, host_modem_now_ms(modem));
    memory_end_overdraft(&modem->memory);
    return has_enough;
}

static void watch(struct host_modem *modem)
{
    struct imqtt_wants wants = imqtt_pump_wants(&modem->pump);
    rest_or_go_on(modem, wants.terminal_room);
    bool may_read = modem->rest_until_ms == 0;
    terminal_watch(modem->terminal, wants.terminal_input && may_read, wants.terminal_room);
    modem->waits_for_memory = waits_for_memory(modem, uplinks_want_input(&modem->uplinks));
    uplinks_watch(&modem->uplinks, may_read && !modem->waits_for_memory);
}

static uint64_t next_alarm_ms(const struct host_modem *modem)
{
    uint64_t deadline_ms = imqtt_modem_next_deadline(modem->core);
    if (modem->rest_until_ms != 0 && modem->rest_until_ms < deadline_ms)
        deadline_ms = modem->rest_until_ms;
    if (modem->waits_for_memory && host_modem_now_ms(modem) + MEMORY_WAIT_MS < deadline_ms)
        deadline_ms = host_modem_now_ms(modem) + MEMORY_WAIT_MS;
    return deadline_ms;
}

/* A later deadline lets the alarm stand: it rings early once, which is harmless and cheaper than
 * setting it anew for every message. */
static void set_alarm(struct host_modem *modem)
{
    uint64_t deadline_ms = next_alarm_ms(modem);
    if (deadline_ms >= modem->alarm_ms)
        return;
    uint64_t now = host_modem_now_ms(modem);
    modem->alarm_ms = deadline_ms;
    alarm_set(modem->alarm, deadline_ms > now ? deadline_ms - now : 0);
}

static void finish_turn(struct host_modem *modem)
{
    watch(modem);
    set_alarm(modem);
    terminal_settled(modem->terminal);
}

static bool is_over(const struct host_modem *modem)
{
    bool has_left =
        modem->is_shutting_down && (modem->core == NULL || uplinks_are_down(&modem->uplinks));
    return modem->has_hung_up || has_left;
}

static bool is_running(const struct host_modem *modem)
{
    return modem->core != NULL && !modem->is_frozen;
}

/* A modem that is off still reads, so that what is typed is gone, and a host that leaves is noticed.
 */
static void settle(struct task *task)
{
    struct host_modem *modem = (struct host_modem *)task;
    host_modem_faults_settle(modem);
    if (is_running(modem))
        exchange(modem);
    if (is_over(modem))
        host_modem_end(modem);
    else if (is_running(modem))
        finish_turn(modem);
    else
        terminal_watch(modem->terminal, true, false);
}

/* ---- life ----------------------------------------------------------------------------------- */

static void enlist(struct host_modem *modem)
{
    modem->next = modem->host->modems;
    modem->link = &modem->host->modems;
    if (modem->next != NULL)
        modem->next->link = &modem->next;
    *modem->link = modem;
    modem->host->modem_count++;
    loop_hold(&modem->host->loop);
}

static void unlist(struct host_modem *modem)
{
    *modem->link = modem->next;
    if (modem->next != NULL)
        modem->next->link = modem->link;
    modem->host->modem_count--;
    loop_release(&modem->host->loop);
}

static struct host_modem *allocate(struct host *host, const char *name)
{
    size_t name_bytes = strlen(name) + 1;
    struct host_modem *modem = calloc(1, sizeof *modem + name_bytes);
    if (modem == NULL)
        return NULL;
    memcpy(modem->name, name, name_bytes);
    modem->host = host;
    modem->task.run = settle;
    modem->alarm_ms = IMQTT_NO_DEADLINE;
    modem->alarm = alarm_new_of_modem(&host->loop, on_alarm, modem);
    if (modem->alarm == NULL) {
        free(modem);
        return NULL;
    }
    return modem;
}

static void discard(struct host_modem *modem)
{
    loop_forget(&modem->task);
    terminal_end(modem->terminal);
    host_modem_faults_end(modem);
    alarm_end(modem->alarm);
    free(modem);
}

struct host_modem *host_modem_new(struct host *host, const char *name,
                                  const struct modem_config *config, struct terminal *terminal,
                                  struct host_refusal *refusal)
{
    struct host_modem *modem = allocate(host, name);
    if (modem == NULL) {
        terminal_end(terminal);
        refuse(refusal, "modem", name, strerror(ENOMEM));
        return NULL;
    }
    modem->config = config;
    modem->radio = config->radio;
    modem->terminal = terminal;
    modem->label = terminal->label;
    terminal->modem = modem;
    host_modem_faults_begin(modem);
    if (!host_modem_power_on(modem, refusal)) {
        discard(modem);
        return NULL;
    }
    enlist(modem);
    if (host->observer->began != NULL && !host->observer->began(host->observer->context, modem)) {
        host_modem_end(modem);
        refuse(refusal, "modem", name, strerror(ENOMEM));
        return NULL;
    }
    return modem;
}

void host_modem_end(struct host_modem *modem)
{
    const struct observer *observer = modem->host->observer;
    if (observer->ended != NULL)
        observer->ended(observer->context, modem);
    unlist(modem);
    host_modem_end_core(modem);
    discard(modem);
}

void host_modem_hang_up(struct host_modem *modem)
{
    modem->has_hung_up = true;
    host_modem_touch(modem);
}

void host_modem_shut_down(struct host_modem *modem)
{
    modem->is_shutting_down = true;
    if (modem->core != NULL)
        imqtt_modem_shut_down(modem->core, host_modem_now_ms(modem));
    host_modem_touch(modem);
}

bool host_modem_is_idle(const struct host_modem *modem)
{
    return modem->core == NULL ||
           (!imqtt_pump_has_input(&modem->pump) && imqtt_modem_is_idle(modem->core));
}

uint64_t host_modem_quiet_ms(const struct host_modem *modem)
{
    return modem->core == NULL ? UINT64_MAX : uplinks_quiet_ms(&modem->uplinks);
}
