/* A host in good order, of each dialect, imqtt's own included: it waits for each result, gives the data
 * that it is asked for, and reads all that it is told (answer_reader.h), while its broker and its network do
 * what they like. What the broker says is plain text, so that every line can be told from the next. */
#include "tests/fuzz/answer_reader.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/steps.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/words.h"
#include "tests/transcripts/broker.h"

#define SILENCE_MS 1100 /* around +++ */

static const struct imqtt_dialect *choose_dialect(struct span *input)
{
    size_t count = 0;
    while (imqtt_dialect_name(count) != NULL)
        count++;
    return imqtt_dialect_named(imqtt_dialect_name(take_choice(input, count)));
}

static void begin(struct engine *engine, struct answers *answers, struct span *input)
{
    struct machine_options options = {.boot_urcs = true, .has_store = true};
    engine->machine.pieces = (enum pieces)take_choice(input, 3);
    engine->machine.random = (take_byte(input) + 1) * 0x9E3779B97F4A7C15U;
    options.clients = (uint8_t)(1 + take_choice(input, 2));
    options.dialect = choose_dialect(input);
    engine_watch(engine);
    machine_start(&engine->machine, &options);
    answers_begin(answers, &engine->machine);
    engine->answers = answers;
    engine_settle(engine);
}

/* ---- the host ------------------------------------------------------------------------------- */

static void ask(struct engine *engine, struct span line)
{
    answers_type(engine->answers, line);
    engine_settle(engine);
}

/* What is no command is data, or repeats one. */
static void ask_something_useful(struct engine *engine, struct span *input)
{
    const struct word_list *lines = useful_lines_of(engine->machine.options.dialect);
    const char *line = lines->words[take_choice(input, lines->count)];
    if (memcmp(line, "AT", 2) == 0)
        ask(engine, span_text(line));
}

static void ask_anything(struct engine *engine, struct span *input)
{
    static const char *const forms[] = {"", "?", "=?", "="};
    const struct at_table *table = &engine->machine.options.dialect->commands;
    struct buffer line = BUFFER_EMPTY;
    buffer_put_text(&line, "AT");
    buffer_put_text(&line, table->commands[take_choice(input, table->count)].name);
    size_t form = take_choice(input, 6);
    buffer_put_text(&line, forms[form < 3 ? form : 3]);
    for (size_t i = 0, count = form < 3 ? 0 : 1 + take_choice(input, 6); i < count; i++) {
        buffer_put_text(&line, i == 0 ? "" : ",");
        buffer_put_text(&line, parameters[take_choice(input, parameter_count)]);
    }
    buffer_put_text(&line, "\r");
    ask(engine, buffer_span(&line));
    buffer_free(&line);
}

static void wait_ms(struct engine *engine, uint64_t ms)
{
    machine_wait(&engine->machine, ms);
    engine_settle(engine);
}

static size_t wanted_bytes(const struct imqtt_modem *modem)
{
    return modem->data.open ? modem->data.missing : modem->typed.wish.bytes;
}

/* Unless the command has ended meanwhile. */
static void give_pluses(struct engine *engine)
{
    wait_ms(engine, SILENCE_MS);
    if (!modem_takes_data(engine->machine.modem))
        return;
    answers_give(engine->answers, span_text("+++"), 0);
    wait_ms(engine, SILENCE_MS);
}

/* All of it; or, where it ends with a sign, some and that. */
static void give_data(struct engine *engine, struct span *input)
{
    static const char text[] = "0123456789ABCDEF";
    const struct imqtt_modem *modem = engine->machine.modem;
    const struct typed_wish wish = modem->typed.wish;
    bool is_echoed = modem->typed.is_open && wish.is_echoed;
    bool is_counted = modem->data.open || wish.end == TYPED_BY_COUNT;
    size_t wanted = wanted_bytes(modem), bytes = is_counted ? wanted : take_choice(input, 16);
    struct buffer data = BUFFER_EMPTY;
    for (size_t i = 0; i < bytes; i++)
        buffer_put_u8(&data, (uint8_t)text[i % 16]);
    if (!is_counted && wish.end == TYPED_BY_CTRL_Z)
        buffer_put_text(&data, take_choice(input, 4) == 0 ? "\x1B" : "\x1A");
    answers_give(engine->answers, buffer_span(&data), is_echoed ? bytes : 0);
    engine_settle(engine);
    if (!is_counted && wish.end == TYPED_BY_PLUSES)
        give_pluses(engine);
    buffer_free(&data);
}

/* It gives up, and nothing was sent. */
static void wait_for_end_of_prompt(struct engine *engine)
{
    enum { SLICE_MS = 10000, SLICES = 1000 };
    for (int i = 0; i < SLICES && modem_takes_data(engine->machine.modem); i++)
        wait_ms(engine, SLICE_MS);
    promise(!modem_takes_data(engine->machine.modem), "a prompt ends");
}

static void type(struct engine *engine, struct span *input)
{
    bool is_asked = modem_takes_data(engine->machine.modem);
    uint8_t choice = take_byte(input);
    if (is_asked && choice % 8 == 0)
        wait_for_end_of_prompt(engine);
    else if (is_asked)
        give_data(engine, input);
    else if (!answers_is_at_rest(engine->answers))
        wait_ms(engine, choice * 8U);
    else if (choice % 4 == 0)
        ask_anything(engine, input);
    else
        ask_something_useful(engine, input);
}

/* ---- the rest of the world ------------------------------------------------------------------ */

static void send(struct engine *engine, struct span *input)
{
    struct machine *machine = &engine->machine;
    uint8_t qos = (uint8_t)take_choice(input, 3);
    if (engine->links[machine->client->number] == LINK_OPEN)
        broker_send(machine, span_text("/a"), qos, span_text("a payload"));
    engine_settle(engine);
}

/* One that steps.c knows. */
static void happen(struct engine *engine, enum step step, struct span *input)
{
    uint8_t bytes[6] = {(uint8_t)step};
    size_t count = 1;
    if (engine->machine.options.clients > 1)
        bytes[count++] = engine->machine.client->number;
    while (count < sizeof bytes)
        bytes[count++] = take_byte(input);
    struct span text = span_of(bytes, sizeof bytes);
    engine_step(engine, &text);
}

static void step(struct engine *engine, struct span *input)
{
    static const enum step world[] = {STEP_BROKER_ANSWERS, STEP_BROKER_ANSWERS, STEP_OPEN,
                                      STEP_FAIL,           STEP_WAIT,           STEP_RADIO};
    enum { TYPING = 8, SENDING = 2, WORLD = sizeof world / sizeof world[0] };
    size_t choice = take_choice(input, TYPING + SENDING + WORLD);
    machine_turn_to(&engine->machine, (uint8_t)take_choice(input, 2));
    if (choice < TYPING)
        type(engine, input);
    else if (choice < TYPING + SENDING)
        send(engine, input);
    else
        happen(engine, world[choice - TYPING - SENDING], input);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct engine engine = {.links = {LINK_CLOSED}, .is_unread = true};
    struct answers answers;
    struct span input = span_of(bytes, count);
    begin(&engine, &answers, &input);
    while (input.count > 0)
        step(&engine, &input);
    answers_end(&answers);
    oracle_end(&engine.oracle);
    machine_end(&engine.machine);
    if (engine.machine.failure[0] != '\0')
        promise_broken("%s", engine.machine.failure);
    return 0;
}
