/* A modem of another maker's dialect in the same world as the engine's (steps.h). What its hosts must
 * read is its dialect's own, so nobody reads it here; what holds whatever is said: bounds of memory, a
 * loop that does not spin, input that is taken when it is wanted, and a modem that comes to rest in a
 * world that works, gives its memory back, and then answers one OK to one AT. */
#include "tests/fuzz/input.h"
#include "tests/fuzz/steps.h"
#include "tests/fuzz/target.h"

/* Longer than any prompt, request or keep-alive of a dialect waits. */
#define LONG_MS 8000000U

static const struct imqtt_dialect *choose_dialect(struct span *input)
{
    size_t count = 1;
    while (imqtt_dialect_name(count) != NULL)
        count++;
    return imqtt_dialect_named(imqtt_dialect_name(1 + take_choice(input, count - 1)));
}

static void begin(struct engine *engine, struct span *input)
{
    enum pieces pieces = (enum pieces)take_choice(input, 3);
    uint8_t seed = take_byte(input), ports = take_byte(input);
    struct machine_options options = {
        .dialect = choose_dialect(input),
        .boot_urcs = true,
        .has_store = (ports & 1) == 0,
        .no_crypto = (ports & 2) != 0,
        .clients = 1 + (ports >> 2) % 3,
    };
    engine->machine.pieces = pieces;
    engine->machine.random = (seed + 1) * 0x9E3779B97F4A7C15U;
    engine_watch(engine);
    machine_start(&engine->machine, &options);
    engine_settle(engine);
}

static void let_client_work(struct machine_client *client)
{
    client->network.room = SIZE_MAX;
    for (int i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++)
        client->lent[i].refuses = false;
}

static void let_all_work(struct machine *machine)
{
    machine->host.room = SIZE_MAX;
    machine->store.waits = machine->store.fails = false;
    machine->growths_until_refusal = 0;
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        let_client_work(&machine->clients[i]);
}

static void wait_long(struct engine *engine)
{
    enum { SLICES = 100 };
    for (int i = 0; i < SLICES; i++) {
        machine_wait(&engine->machine, LONG_MS / SLICES);
        engine_settle(engine);
    }
    promise(imqtt_modem_wants(engine->machine.modem).terminal_input, "a prompt ends");
}

/* What a host types that has given up: all that may wait in slots is read, no line is half typed. The
 * end of one that was may open a prompt, which ends as any other. */
static void wait_for_rest(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    wait_long(engine);
    buffer_put_text(&machine->host.in, "\r");
    engine_settle(engine);
    wait_long(engine);
    buffer_put_text(&machine->host.in, "ATQ0V1E0\r");
    engine_settle(engine);
    promise(machine->host.in.count == 0, "all that was typed is taken");
}

static void check_one_answer(struct engine *engine)
{
    static const char answer[] = "\r\nOK\r\n";
    struct machine *machine = &engine->machine;
    buffer_clear(&machine->host.out);
    buffer_put_text(&machine->host.in, "AT\r");
    machine_run(machine);
    struct span out = buffer_span(&machine->host.out);
    promise(span_equal(out, span_text(answer)), "a modem at rest answers AT with one OK");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct engine engine = {.links = {LINK_CLOSED}, .is_unread = true};
    struct span input = span_of(bytes, count);
    begin(&engine, &input);
    while (input.count > 0)
        engine_step(&engine, &input);
    let_all_work(&engine.machine);
    engine_settle(&engine);
    wait_for_rest(&engine);
    check_one_answer(&engine);
    oracle_end(&engine.oracle);
    machine_end(&engine.machine);
    if (engine.machine.failure[0] != '\0')
        promise_broken("%s", engine.machine.failure);
    return 0;
}
