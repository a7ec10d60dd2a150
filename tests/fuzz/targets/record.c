/* The stored records (core/settings/profile.h, record.h): a modem starts whatever its store holds,
 * and answers. Settings that it believes are what it has after they were stored again. */
#include <stdio.h>

#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"
#include "tests/transcripts/machine.h"

static void fill(struct machine *machine, enum imqtt_record which, struct span bytes)
{
    struct record *record = &machine->clients[0].records[which];
    record->exists = true;
    buffer_clear(&record->bytes);
    buffer_put(&record->bytes, bytes);
}

static bool ends_in(struct span text, const char *end)
{
    struct span last = span_text(end);
    return span_skip(&text, text.count > last.count ? text.count - last.count : 0) &&
           span_equal(text, last);
}

/* Each command is answered, with OK unless it may also fail. */
static void ask(struct machine *machine, const char *command, bool may_fail)
{
    buffer_clear(&machine->host.out);
    buffer_put_text(&machine->host.in, command);
    machine_run(machine);
    struct span answer = buffer_span(&machine->host.out);
    if (!ends_in(answer, "\r\nOK\r\n") && !(may_fail && ends_in(answer, "\r\nERROR\r\n")))
        promise_broken("%s is answered", command);
}

/* What is read back can be typed: a number out of its range would be refused. */
static void type_back(struct machine *machine, const char *name)
{
    struct buffer command = BUFFER_EMPTY;
    char read[40];
    snprintf(read, sizeof read, "AT%s?\r", name);
    ask(machine, read, false);
    struct span answer = buffer_span(&machine->host.out), value;
    span_skip(&answer, span_find(answer, ':') + 1);
    span_take(&answer, span_find(answer, '\r'), &value);
    buffer_put_text(&command, "AT");
    buffer_put_text(&command, name);
    buffer_put_u8(&command, '=');
    buffer_put(&command, value);
    buffer_put(&command, span_of((const uint8_t *)"\r", 2)); /* its NUL ends the text */
    ask(machine, (const char *)buffer_span(&command).bytes, false);
    buffer_free(&command);
}

/* ERROR is for what a text cannot show (a binary will), or what is not configured. */
static void ask_all(struct machine *machine)
{
    ask(machine, "ATV1Q0+CMEE=0\r", false);
    ask(machine, "AT&V\r", false);
    type_back(machine, "+IMQTTMODE");
    type_back(machine, "+IMQTTPARA");
    type_back(machine, "+CMEE");
    ask(machine, "AT+IMQTTUSER?\r", false);
    ask(machine, "AT+IMQTTADDR?\r", false);
    ask(machine, "AT+IMQTTLWT?\r", true);
    ask(machine, "AT+IMQTTLWTBIN?\r", false);
    ask(machine, "AT+IMQTTAUTH?\r", false);
    ask(machine, "AT+IMQTTDYNREG?\r", false);
    ask(machine, "AT+IMQTTDYNREG=2\r", false);
    ask(machine, "AT+IMQTTCONN\r", true);
    ask(machine, "AT\r", false);
}

static bool has_noted(const struct machine *machine, const char *text)
{
    struct span log = buffer_span(&machine->log), note = span_text(text);
    for (; log.count >= note.count; span_skip(&log, 1))
        if (memcmp(log.bytes, note.bytes, note.count) == 0)
            return true;
    return false;
}

static bool has_refused_settings(const struct machine *machine)
{
    char unreadable[80];
    snprintf(unreadable, sizeof unreadable, "factory values are used: %d\n", IMQTT_RECORD_SETTINGS);
    return has_noted(machine, unreadable);
}

/* A record of an older version, or with settings that this one does not know, is stored as this
 * version writes it; from then on it stays as it is. */
static void check_is_stored_again(struct machine *machine)
{
    struct record *record = &machine->clients[0].records[IMQTT_RECORD_SETTINGS];
    struct buffer first = BUFFER_EMPTY;
    if (has_refused_settings(machine))
        return;
    ask(machine, "AT&W\r", false);
    buffer_put(&first, buffer_span(&record->bytes));
    machine_restart(machine);
    ask(machine, "AT&W\r", false);
    promise(!has_refused_settings(machine), "what was stored is believed");
    promise(span_equal(buffer_span(&record->bytes), buffer_span(&first)),
            "settings that were believed are stored again byte for byte");
    buffer_free(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const struct machine_options options = {
        .has_store = true, .boot_urcs = true, .keeps_session = true};
    struct machine machine = {.pieces = PIECES_WHOLE};
    struct span input = span_of(bytes, count);
    struct span triple = take_short(&input), token = take_short(&input);
    struct span session = take_short(&input);
    fill(&machine, IMQTT_RECORD_TRIPLE, triple);
    fill(&machine, IMQTT_RECORD_TOKEN, token);
    fill(&machine, IMQTT_RECORD_SESSION, session);
    fill(&machine, IMQTT_RECORD_SETTINGS, input);
    machine_start(&machine, &options);
    check_is_stored_again(&machine);
    ask_all(&machine);
    machine_restart(&machine);
    ask(&machine, "ATZ\r", false);
    ask_all(&machine);
    machine_end(&machine);
    if (machine.failure[0] != '\0')
        promise_broken("%s", machine.failure);
    return 0;
}
