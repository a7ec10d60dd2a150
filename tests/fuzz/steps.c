#include "tests/fuzz/steps.h"

#include "core/modem/spelling.h"
#include "core/session/broker_link.h"
#include "imqtt/dialect.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/trace.h"
#include "tests/fuzz/words.h"
#include "tests/transcripts/broker.h"

/* More is not typed while so much waits: a real line has an end too. */
#define TYPED_AHEAD_BYTES 512

/* ---- the host types ------------------------------------------------------------------------- */

static void type(struct engine *engine, struct span bytes)
{
    struct buffer *in = &engine->machine.host.in;
    if (in->count < TYPED_AHEAD_BYTES)
        buffer_put(in, bytes);
}

static void type_line(struct engine *engine, struct span *input)
{
    const struct word_list *lines = useful_lines_of(engine->machine.options.dialect);
    type(engine, span_text(lines->words[take_choice(input, lines->count)]));
}

static const struct at_table *table_of(const struct engine *engine)
{
    const struct imqtt_dialect *dialect = engine->machine.options.dialect;
    return dialect != NULL ? &dialect->commands : &imqtt_dialect_default.commands;
}

static void put_parameter(struct buffer *line, struct span *input)
{
    size_t choice = take_byte(input);
    if (choice < parameter_count)
        buffer_put_text(line, parameters[choice]);
    else
        buffer_put(line, take_up_to(input, choice % 32));
}

static void put_parameters(struct buffer *line, struct span *input)
{
    for (size_t i = 0, count = take_choice(input, 10); i < count; i++) {
        buffer_put_text(line, i == 0 ? "" : ",");
        put_parameter(line, input);
    }
}

static void type_command(struct engine *engine, struct span *input)
{
    static const char *const forms[] = {"=", "", "?", "=?"};
    static const char *const ends[] = {"\r", "\r\n", "\n", ";", ""};
    struct buffer line = BUFFER_EMPTY;
    size_t form;
    buffer_put_text(&line, take_choice(input, 8) == 0 ? "" : "AT");
    const struct at_table *table = table_of(engine);
    buffer_put_text(&line, table->commands[take_choice(input, table->count)].name);
    form = take_choice(input, sizeof forms / sizeof forms[0]);
    buffer_put_text(&line, forms[form]);
    if (form == 0)
        put_parameters(&line, input);
    buffer_put_text(&line, ends[take_choice(input, sizeof ends / sizeof ends[0])]);
    type(engine, buffer_span(&line));
    buffer_free(&line);
}

/* ---- the broker ----------------------------------------------------------------------------- */

/* Of the client that this step is about. */
static enum link *link_of(struct engine *engine)
{
    return &engine->links[engine->machine.client->number];
}

/* What the modem has opened or closed since the last time. */
static void follow_link_of_client(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    for (size_t i = 0; i < machine->client->mark_count; i++) {
        bool is_open = machine->client->marks[i].is_open;
        promise(is_open == (*link_of(engine) == LINK_CLOSED),
                "the network is opened and closed in turn");
        *link_of(engine) = is_open ? LINK_OPENING : LINK_CLOSED;
    }
    if (machine->client->mark_count > 0) {
        size_t at = machine->client->marks[machine->client->mark_count - 1].at;
        promise(machine->client->network.out.count == at, "only an open network is written to");
        buffer_clear(&machine->client->network.out);
    }
    machine->client->mark_count = 0;
}

static void follow_link(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    struct machine_client *turned_to = machine->client;
    for (uint8_t i = 0; machine_turn_to(machine, i); i++)
        follow_link_of_client(engine);
    machine->client = turned_to;
}

static void open_link(struct engine *engine)
{
    if (*link_of(engine) != LINK_OPENING)
        return;
    *link_of(engine) = LINK_OPEN;
    imqtt_modem_client_opened(engine->machine.modem, engine->machine.client->number,
                              engine->machine.now_ms);
}

static void fail_link(struct engine *engine, struct span *input)
{
    struct imqtt_failure failure = {.stage = (enum imqtt_stage)take_choice(input, 9),
                                    .code = take_byte(input),
                                    .text = "injected"};
    engine_settle(engine);
    if (*link_of(engine) == LINK_CLOSED)
        return;
    *link_of(engine) = LINK_CLOSED;
    machine_failed(&engine->machine, &failure);
}

static void hear(struct engine *engine, struct span bytes)
{
    if (*link_of(engine) == LINK_OPEN)
        buffer_put(&engine->machine.client->network.in, bytes);
}

static void broker_answers(struct engine *engine)
{
    engine_settle(engine);
    if (*link_of(engine) == LINK_OPENING)
        open_link(engine);
    engine_settle(engine);
    if (*link_of(engine) == LINK_OPEN)
        broker_answer(&engine->machine);
}

/* Behind what waits already. */
static void broker_errs(struct engine *engine, struct span *input)
{
    struct buffer *in = &engine->machine.client->network.in;
    uint8_t at = take_byte(input), change = take_byte(input);
    broker_answers(engine);
    if (at < in->count)
        in->block[in->start + at] ^= change;
}

static void broker_sends(struct engine *engine, struct span *input)
{
    struct buffer payload = BUFFER_EMPTY;
    struct span topic = span_text(topics[take_choice(input, topic_count)]);
    uint8_t qos = (uint8_t)take_choice(input, 3);
    struct span text = take_short(input);
    size_t doublings = take_choice(input, engine->machine.pieces == PIECES_BYTES ? 6 : 12);
    for (size_t i = 0; i < (size_t)1 << doublings; i++)
        buffer_put(&payload, text);
    if (*link_of(engine) == LINK_OPEN)
        broker_send(&engine->machine, topic, qos, buffer_span(&payload));
    buffer_free(&payload);
}

/* ---- the rest of the world ------------------------------------------------------------------ */

static void take_room(struct stream *stream, struct span *input)
{
    uint8_t room = take_byte(input);
    stream->room = room == UINT8_MAX ? SIZE_MAX : room;
}

static void change_memory(struct engine *engine, struct span *input)
{
    struct machine *machine = &engine->machine;
    size_t purpose = take_choice(input, IMQTT_MEMORY_PURPOSE_COUNT + 1);
    uint8_t choice = take_byte(input);
    if (purpose == IMQTT_MEMORY_PURPOSE_COUNT)
        machine->growths_until_refusal = choice;
    else
        machine->client->lent[purpose].refuses = choice % 2 == 1;
}

static void change_store(struct engine *engine, struct span *input)
{
    uint8_t choice = take_byte(input);
    engine->machine.store.fails = (choice & 1) != 0;
    engine->machine.store.waits = (choice & 2) != 0;
}

/* Between a question and its answer, too: that is what a broken disk does. */
static void fill_store(struct engine *engine, struct span *input)
{
    struct record *record =
        &engine->machine.client->records[take_choice(input, IMQTT_RECORD_COUNT)];
    record->exists = true;
    buffer_clear(&record->bytes);
    buffer_put(&record->bytes, take_short(input));
}

static void change_radio(struct engine *engine, struct span *input)
{
    struct machine *machine = &engine->machine;
    struct imqtt_radio radio = imqtt_modem_radio(machine->modem);
    uint8_t value = (uint8_t)(take_byte(input) % 32);
    switch (take_choice(input, 4)) {
    case 0:
        radio.signal = value;
        break;
    case 1:
        radio.registered = value % 6;
        break;
    case 2:
        radio.sim_ready = value % 2 == 1;
        break;
    default:
        radio.cell = value;
        break;
    }
    imqtt_modem_set_radio(machine->modem, &radio, machine->now_ms);
}

void engine_watch(struct engine *engine)
{
    oracle_start(&engine->oracle, &engine->machine);
    engine->oracle.is_lost = engine->is_unread;
}

static void switch_off_and_on(struct engine *engine)
{
    oracle_end(&engine->oracle);
    buffer_clear(&engine->machine.host.out);
    engine_watch(engine);
    machine_restart(&engine->machine);
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++) {
        buffer_clear(&engine->machine.clients[i].network.out);
        engine->machine.clients[i].mark_count = 0;
        engine->links[i] = LINK_CLOSED;
    }
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* What the host and the broker do not do. */
static void change_world(struct engine *engine, enum step step, struct span *input)
{
    struct machine *machine = &engine->machine;
    switch (step) {
    case STEP_MEMORY:
        change_memory(engine, input);
        break;
    case STEP_STORE:
        change_store(engine, input);
        break;
    case STEP_STORE_HOLDS:
        fill_store(engine, input);
        break;
    case STEP_CRYPTO:
        machine->crypto_fails = take_choice(input, 2) == 1;
        break;
    case STEP_RADIO:
        change_radio(engine, input);
        break;
    case STEP_POWER:
        switch_off_and_on(engine);
        break;
    case STEP_SHUT_DOWN:
        imqtt_modem_shut_down(machine->modem, machine->now_ms);
        break;
    default:
        break;
    }
}

/* What the broker and the network do. */
static void happen_on_link(struct engine *engine, enum step step, struct span *input)
{
    switch (step) {
    case STEP_OPEN:
        open_link(engine);
        break;
    case STEP_BROKER_ANSWERS:
        broker_answers(engine);
        break;
    case STEP_BROKER_ERRS:
        broker_errs(engine, input);
        break;
    case STEP_BROKER_SENDS:
        broker_sends(engine, input);
        break;
    case STEP_HEAR:
        hear(engine, take_long(input));
        break;
    case STEP_FAIL:
        fail_link(engine, input);
        break;
    default:
        change_world(engine, step, input);
        break;
    }
}

static void happen(struct engine *engine, enum step step, struct span *input)
{
    struct machine *machine = &engine->machine;
    switch (step) {
    case STEP_TYPE_LINE:
        type_line(engine, input);
        break;
    case STEP_TYPE_COMMAND:
        type_command(engine, input);
        break;
    case STEP_TYPE:
        type(engine, take_short(input));
        break;
    case STEP_WAIT:
        machine_wait(machine, take_u16(input));
        break;
    case STEP_HOST_TAKES:
    case STEP_NETWORK_TAKES:
        take_room(step == STEP_HOST_TAKES ? &machine->host : &machine->client->network, input);
        break;
    default:
        happen_on_link(engine, step, input);
        break;
    }
}

static const char *const step_names[STEP_KINDS] = {
    "TYPE_LINE",   "TYPE_COMMAND",  "TYPE",   "OPEN",      "BROKER_ANSWERS",
    "BROKER_ERRS", "BROKER_SENDS",  "HEAR",   "FAIL",      "WAIT",
    "HOST_TAKES",  "NETWORK_TAKES", "MEMORY", "STORE",     "STORE_HOLDS",
    "CRYPTO",      "RADIO",         "POWER",  "SHUT_DOWN",
};

/* Of several; where there is one, no byte is taken. */
static void turn_to_client(struct engine *engine, struct span *input)
{
    uint8_t count = engine->machine.options.clients;
    if (count > 1)
        machine_turn_to(&engine->machine, (uint8_t)take_choice(input, count));
}

void engine_step(struct engine *engine, struct span *input)
{
    uint8_t byte = take_byte(input);
    enum step step = (enum step)((byte & ~STEP_AT_ONCE) % STEP_KINDS);
    turn_to_client(engine, input);
    trace(step_names[step], span_of(input->bytes, input->count < 16 ? input->count : 16));
    happen(engine, step, input);
    if ((byte & STEP_AT_ONCE) == 0)
        engine_settle(engine);
    else
        follow_link(engine);
}

void engine_settle(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    machine_run(machine);
    follow_link(engine);
    if (engine->answers != NULL)
        answers_read(engine->answers);
    oracle_read(&engine->oracle);
    if (machine->host.room > 0)
        oracle_check_all_read(&engine->oracle);
    engine_check(engine);
}
