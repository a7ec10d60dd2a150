/* The whole modem between a host, a broker, a store, a clock and a memory that all may do anything
 * (steps.h), watched by an oracle that knows what a host must read (oracle.h). */
#include "tests/fuzz/input.h"
#include "tests/fuzz/steps.h"
#include "tests/fuzz/target.h"

/* Longer than any keep-alive with its grace, and any kept session's answers. */
#define LONG_MS 600000U

static void begin(struct engine *engine, struct span *input)
{
    enum pieces pieces = (enum pieces)take_choice(input, 3);
    uint8_t seed = take_byte(input), ports = take_byte(input);
    struct machine_options options = {
        .boot_urcs = true, /* RDY tells that a modem has begun anew */
        .has_store = (ports & 1) == 0,
        .no_crypto = (ports & 2) != 0,
        .has_line = (ports & 4) != 0,
        .keeps_session = (ports & 8) != 0,
    };
    engine->machine.pieces = pieces;
    engine->machine.random = (seed + 1) * 0x9E3779B97F4A7C15U;
    engine_watch(engine);
    machine_start(&engine->machine, &options);
    engine_settle(engine);
}

static void let_all_work(struct machine *machine)
{
    machine->host.room = machine->clients[0].network.room = SIZE_MAX;
    machine->store.waits = machine->store.fails = false;
    machine->growths_until_refusal = 0;
    for (int i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++)
        machine->clients[0].lent[i].refuses = false;
}

/* What is only for the moment has gone back, but for what is kept to be used again. */
static void check_memory_is_back(const struct machine *machine)
{
    static const enum imqtt_memory_purpose passing[] = {
        IMQTT_MEMORY_OUTPUT,   IMQTT_MEMORY_URCS,    IMQTT_MEMORY_RECEIPTS,
        IMQTT_MEMORY_TRANSMIT, IMQTT_MEMORY_RECEIVE, IMQTT_MEMORY_RECORD,
    };
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
        if (machine->clients[0].lent[passing[i]].bytes > 512)
            promise_broken("memory %d is given back when it is empty", passing[i]);
}

/* A modem that connects again by itself opens the network many times. */
static void wait_settling(struct engine *engine)
{
    enum { SLICES = 100 };
    for (int i = 0; i < SLICES; i++) {
        machine_wait(&engine->machine, LONG_MS / SLICES);
        engine_settle(engine);
    }
}

/* In a world that works again the modem comes to rest: everything is taken, answered, reported. */
static void check_it_rests(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    let_all_work(machine);
    engine_settle(engine);
    wait_settling(engine);
    buffer_put_text(&machine->host.in, "\rAT+IMQTTRECONN=0\r");
    engine_settle(engine);
    machine_wait(machine, LONG_MS);
    engine_settle(engine);
    promise(engine->links[0] == LINK_CLOSED, "a silent broker is given up");
    promise(machine->host.in.count == 0, "all that was typed is taken");
    promise(imqtt_modem_is_idle(machine->modem), "a modem that nobody wants anything of is idle");
    if (!oracle_is_blind(&engine->oracle))
        ledger_check_quiet(&engine->oracle.ledger, imqtt_modem_is_connected(machine->modem));
    check_memory_is_back(machine);
}

static void check_it_answers(struct engine *engine)
{
    struct machine *machine = &engine->machine;
    buffer_put_text(&machine->host.in, "ATQ0V1\r");
    engine_settle(engine);
    promise(machine->host.in.count == 0, "a modem at rest answers");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct engine engine = {.links = {LINK_CLOSED}};
    struct span input = span_of(bytes, count);
    begin(&engine, &input);
    while (input.count > 0)
        engine_step(&engine, &input);
    check_it_rests(&engine);
    check_it_answers(&engine);
    oracle_end(&engine.oracle);
    machine_end(&engine.machine);
    if (engine.machine.failure[0] != '\0')
        promise_broken("%s", engine.machine.failure);
    return 0;
}
