#include "host/terminal/uart_faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"
#include "host/modem/host_modem.h"
#include "host/terminal/held_line.h"
#include "host/terminal/uart_dialogue.h"
#include "host/terminal/uart_noise.h"
#include "host/terminal/uart_strikes.h"

#define WRITE_BYTES 1024 /* to the host at a time */

struct uart_faults {
    struct terminal terminal; /* first: it is all that its functions get */
    struct terminal_kind kind;
    struct fault_listener listener; /* of the set */
    struct fault_set *set;
    struct loop *loop;
    struct uart_noise up, down;
    struct uart_dialogue dialogue;
    struct alarm *alarm;
    struct held_line held;  /* while its answer may be another's */
    uint64_t late_until_ms; /* the final result waits; 0: it does not */
    bool was_late;          /* and may go now */
    bool is_mute;
    bool takes_input;
    bool has_line; /* the modem was given one in this turn */
};

static struct uart_faults *faults_of(struct terminal *terminal)
{
    return (struct uart_faults *)terminal;
}

static uint64_t now_ms(const struct uart_faults *faults)
{
    return loop_now_ms(faults->loop);
}

static const char *command_of(void *context)
{
    const struct uart_faults *faults = context;
    return dialogue_command(&faults->dialogue);
}

/* ---- to the host ---------------------------------------------------------------------------- */

static void pump_down(struct uart_faults *faults)
{
    uint8_t bytes[WRITE_BYTES];
    size_t count, taken;
    do {
        count = fault_lane_gather(&faults->down.lane, bytes, sizeof bytes);
        taken = count > 0 ? terminal_write(faults->terminal.below, bytes, count) : 0;
        fault_lane_take(&faults->down.lane, taken);
    } while (count == sizeof bytes && taken == count);
}

/* A text of the user's; one without line ends gets the modem's. */
static void say(struct uart_faults *faults, const char *text, bool has_lead)
{
    static const uint8_t frame[] = {'\r', '\n'};
    bool is_whole = strpbrk(text, "\r\n") != NULL;
    if (!is_whole && has_lead)
        uart_noise_add(&faults->down, frame, sizeof frame);
    uart_noise_add(&faults->down, (const uint8_t *)text, strlen(text));
    if (!is_whole)
        uart_noise_add(&faults->down, frame, sizeof frame);
}

static void say_urcs(struct uart_faults *faults, enum fault_at at)
{
    for (struct fault *each = NULL; (each = uart_fault_next(faults->set, each, FAULT_URC)) != NULL;)
        if (each->values[FAULT_AT] == at && fault_strikes(faults->set, each))
            say(faults, each->text, !host_modem_has_bare_lines(faults->terminal.modem));
}

static bool is_late(struct uart_faults *faults)
{
    const struct fault *fault =
        faults->was_late ? NULL : uart_fault_striking(faults->set, FAULT_LATE);
    if (fault == NULL)
        return false;
    faults->late_until_ms = now_ms(faults) + fault->values[FAULT_DELAY_MS];
    return true;
}

static void end_answer(struct uart_faults *faults, const uint8_t *line, size_t count)
{
    if (!faults->is_mute) {
        say_urcs(faults, FAULT_AT_ANSWER);
        uart_noise_add(&faults->down, line, count);
    }
    faults->is_mute = false;
    faults->was_late = false;
    say_urcs(faults,
             FAULT_AT_BETWEEN); /* the first moment that is: a when still knows its command */
    dialogue_ended(&faults->dialogue);
}

/* false: this line and what comes behind it must wait. */
static bool pass_line(struct uart_faults *faults, const uint8_t *line, size_t count)
{
    enum dialogue_event event = dialogue_said(&faults->dialogue, line, count);
    if (event == DIALOGUE_FINAL_RESULT) {
        if (!faults->is_mute && is_late(faults))
            return false;
        end_answer(faults, line, count);
        return true;
    }
    if (!faults->is_mute)
        uart_noise_add(&faults->down, line, count);
    if (event == DIALOGUE_PROMPT)
        say_urcs(faults, FAULT_AT_PROMPT);
    return true;
}

static bool waits_to_be_late(struct uart_faults *faults)
{
    if (faults->late_until_ms == 0)
        return false;
    if (now_ms(faults) < faults->late_until_ms)
        return true;
    faults->late_until_ms = 0;
    faults->was_late = true;
    return false;
}

/* Up to the end of the first line that is not empty: the modem begins each with a line end. */
static size_t count_line(const uint8_t *bytes, size_t count)
{
    size_t begin = 0;
    while (begin < count && (bytes[begin] == '\r' || bytes[begin] == '\n'))
        begin++;
    const uint8_t *end = memchr(bytes + begin, '\n', count - begin);
    return end != NULL ? (size_t)(end + 1 - bytes) : count;
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct uart_faults *faults = faults_of(terminal);
    size_t taken = 0;
    while (taken < count && fault_lane_has_room(&faults->down.lane) && !waits_to_be_late(faults)) {
        size_t line_bytes = count_line(bytes + taken, count - taken);
        if (!pass_line(faults, bytes + taken, line_bytes))
            break;
        taken += line_bytes;
    }
    pump_down(faults);
    return taken;
}

/* ---- to the modem --------------------------------------------------------------------------- */

static void pass_held_line(struct uart_faults *faults)
{
    struct held_line *held = &faults->held;
    terminal_typed(&faults->terminal, held->bytes, held->count);
    held->has_begun = faults->dialogue.typed_bytes > 0 && faults->dialogue.state != DIALOGUE_DATA;
    held->count = 0;
}

/* The modem does not see it. */
static void drop_held_line(struct uart_faults *faults)
{
    faults->held.count = 0;
    dialogue_ended(&faults->dialogue);
}

static void answer_instead(struct uart_faults *faults, const struct fault *fault)
{
    char error[sizeof "+CME ERROR: 65535"] = "ERROR";
    if (!host_modem_has_plain_error(faults->terminal.modem, faults->dialogue.command))
        snprintf(error, sizeof error, "+CME ERROR: %u", (unsigned)fault->values[FAULT_ERROR]);
    if (host_modem_echoes(faults->terminal.modem))
        uart_noise_add(&faults->down, faults->held.bytes, faults->held.count);
    drop_held_line(faults);
    say(faults, *fault->text != '\0' ? fault->text : error, true);
}

static bool strikes_modem(struct uart_faults *faults)
{
    if (uart_fault_strikes_with_when(faults->set, FAULT_FREEZE))
        host_modem_freeze(faults->terminal.modem);
    else if (uart_fault_strikes_with_when(faults->set, FAULT_REBOOT))
        host_modem_reboot(faults->terminal.modem);
    else
        return false;
    drop_held_line(faults);
    return true;
}

static void end_typed_line(struct uart_faults *faults)
{
    const struct fault *answer =
        faults->held.has_begun ? NULL : uart_fault_striking(faults->set, FAULT_ANSWER);
    if (answer != NULL) {
        answer_instead(faults, answer);
        return;
    }
    if (strikes_modem(faults))
        return;
    faults->is_mute = uart_fault_striking(faults->set, FAULT_MUTE) != NULL;
    pass_held_line(faults);
    say_urcs(faults, FAULT_AT_ECHO);
}

static void take_typed(struct uart_faults *faults, uint8_t byte)
{
    dialogue_follow_data(&faults->dialogue, host_modem_awaits_data(faults->terminal.modem));
    enum dialogue_event event = dialogue_typed(&faults->dialogue, byte);
    if (!held_line_add(&faults->held, byte)) {
        pass_held_line(faults);
        terminal_typed(&faults->terminal, &byte, 1);
    }
    faults->has_line = event == DIALOGUE_LINE_ENDED;
    if (faults->has_line)
        end_typed_line(faults);
    if (event == DIALOGUE_DATA_TYPED)
        say_urcs(faults, FAULT_AT_DATA);
}

/* Whether a command is being answered, and which, is of no interest to any fault. */
static bool is_transparent(const struct uart_faults *faults)
{
    return !uart_faults_are_about_commands(faults->set) && faults->held.count == 0 &&
           !faults->is_mute && faults->late_until_ms == 0 && !faults->was_late;
}

static void pass_as_it_is(struct uart_faults *faults, const uint8_t *bytes, size_t count)
{
    faults->dialogue = (struct uart_dialogue){.state = DIALOGUE_IDLE};
    faults->held.has_begun = bytes[count - 1] != '\r' && bytes[count - 1] != '\n';
    terminal_typed(&faults->terminal, bytes, count);
}

/* A line is held back until it ends only where its answer may be another one. How much was used: up
 * to the end of a line. */
static size_t hand_on(struct uart_faults *faults, const uint8_t *bytes, size_t count)
{
    size_t used = 0;
    if (is_transparent(faults)) {
        pass_as_it_is(faults, bytes, count);
        return count;
    }
    while (used < count && !faults->has_line)
        take_typed(faults, bytes[used++]);
    bool holds = uart_faults_hold_lines(faults->set);
    if (faults->held.count > 0 && (!holds || faults->dialogue.state == DIALOGUE_DATA))
        pass_held_line(faults);
    return used;
}

/* A line a turn, so that the answer which the modem then has is known for that line's. */
static void pump_up(struct uart_faults *faults)
{
    size_t count;
    const uint8_t *due;
    while (faults->takes_input && !faults->has_line &&
           (due = fault_lane_due(&faults->up.lane, &count)) != NULL) {
        fault_lane_take(&faults->up.lane, hand_on(faults, due, count));
    }
    if (faults->has_line)
        host_modem_touch(faults->terminal.modem);
}

static void typed(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct uart_faults *faults = faults_of(terminal);
    uart_noise_add(&faults->up, bytes, count);
    pump_up(faults);
    host_modem_touch(terminal->modem);
}

/* ---- time ----------------------------------------------------------------------------------- */

static void set_alarm(struct uart_faults *faults)
{
    uint64_t next_ms = fault_lane_next_ms(&faults->up.lane);
    uint64_t down_ms = fault_lane_next_ms(&faults->down.lane);
    next_ms = down_ms < next_ms ? down_ms : next_ms;
    if (faults->late_until_ms != 0 && faults->late_until_ms < next_ms)
        next_ms = faults->late_until_ms;
    uint64_t now = now_ms(faults);
    if (next_ms == FAULT_LANE_NEVER || next_ms <= now)
        alarm_stop(faults->alarm); /* what is due waits for the terminal or the modem */
    else
        alarm_set(faults->alarm, next_ms - now);
}

static void on_alarm(void *owner)
{
    struct uart_faults *faults = owner;
    pump_up(faults);
    pump_down(faults);
    host_modem_touch(faults->terminal.modem);
}

/* What is due and was not taken waits for room. */
static bool waits_for_room(const struct uart_faults *faults)
{
    return fault_lane_next_ms(&faults->down.lane) <= now_ms(faults);
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    struct uart_faults *faults = faults_of(terminal);
    bool modem_waits =
        room && fault_lane_has_room(&faults->down.lane) && faults->late_until_ms == 0;
    faults->takes_input = input;
    faults->has_line = false;
    pump_down(faults);
    pump_up(faults);
    terminal_watch(terminal->below, input && fault_lane_has_room(&faults->up.lane),
                   modem_waits || waits_for_room(faults));
    set_alarm(faults);
}

/* ---- life ----------------------------------------------------------------------------------- */

static void told(struct fault_listener *listener, const struct fault *fault, enum fault_event event)
{
    struct uart_faults *faults =
        (struct uart_faults *)((char *)listener - offsetof(struct uart_faults, listener));
    if (fault->link != FAULT_ON_UART || event != FAULT_REMOVED)
        return;
    uart_noise_release(&faults->up, fault);
    uart_noise_release(&faults->down, fault);
    bool is_spent = fault->count != 0 && fault->struck >= fault->count; /* its last strike stays */
    if (fault->type == FAULT_LATE && faults->late_until_ms != 0 && !is_spent)
        faults->late_until_ms = now_ms(faults);
    host_modem_touch(faults->terminal.modem);
}

bool uart_faults_is_idle(const struct terminal *terminal)
{
    const struct uart_faults *faults = (const struct uart_faults *)terminal;
    return !fault_set_has(faults->set, FAULT_ON_UART) && faults->held.count == 0 &&
           faults->late_until_ms == 0 && fault_lane_is_empty(&faults->up.lane) &&
           fault_lane_is_empty(&faults->down.lane);
}

static void end(struct terminal *terminal)
{
    struct uart_faults *faults = faults_of(terminal);
    fault_set_ignore(faults->set, &faults->listener);
    if (faults->set->command_context == faults)
        faults->set->command = NULL;
    uart_noise_end(&faults->up);
    uart_noise_end(&faults->down);
    held_line_end(&faults->held);
    alarm_end(faults->alarm);
    explicit_bzero(faults, sizeof *faults); /* typed lines */
    free(faults);
}

struct terminal *uart_faults_new(struct fault_set *set, struct loop *loop,
                                 enum terminal_place place)
{
    struct uart_faults *faults = calloc(1, sizeof *faults);
    struct alarm *alarm = faults != NULL ? alarm_new_of_modem(loop, on_alarm, faults) : NULL;
    if (alarm == NULL) {
        free(faults);
        return NULL;
    }
    faults->kind = (struct terminal_kind){
        .place = place, .write = write_out, .watch = watch, .typed = typed, .end = end};
    faults->terminal.kind = &faults->kind;
    faults->set = set;
    faults->loop = loop;
    faults->alarm = alarm;
    faults->takes_input = true;
    faults->listener.told = told;
    uart_noise_init(&faults->up, set, FAULT_UP);
    uart_noise_init(&faults->down, set, FAULT_DOWN);
    set->command = command_of;
    set->command_context = faults;
    fault_set_listen(set, &faults->listener);
    return &faults->terminal;
}
