#include "tests/transcripts/machine.h"

#include <stdarg.h>
#include <stdlib.h>

#include "tests/transcripts/broker.h"
#include "tests/transcripts/machine_ports.h"

/* 2026-03-01 12:00:00 UTC; the zone is eight hours ahead. */
#define NOON_UNIX_MS 1772366400000

void machine_fail(struct machine *machine, const char *format, ...)
{
    va_list arguments;
    if (machine->failure[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(machine->failure, sizeof machine->failure, format, arguments);
    va_end(arguments);
}

/* ---- chance -------------------------------------------------------------------------------- */

/* xorshift64: the same seed gives the same pieces everywhere. */
static uint64_t next_random(struct machine *machine)
{
    uint64_t x = machine->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return machine->random = x;
}

/* Often a few bytes, sometimes many. */
static size_t any_piece(struct machine *machine, size_t count)
{
    size_t most = next_random(machine) % 4 > 0 && count > 8 ? 8 : count;
    return 1 + next_random(machine) % most;
}

size_t random_piece(struct machine *machine, size_t count)
{
    if (machine->pieces == PIECES_WHOLE || count <= 1)
        return count;
    return machine->pieces == PIECES_BYTES ? 1 : any_piece(machine, count);
}

/* Ticking is harmless at any time. */
static void tick_by_chance(struct machine *machine)
{
    if (machine->pieces == PIECES_RANDOM && next_random(machine) % 8 == 0)
        imqtt_modem_tick(machine->modem, machine->now_ms);
}

/* ---- the loop ------------------------------------------------------------------------------ */

typedef size_t input_function(struct machine *machine, const uint8_t *bytes, size_t count);

static size_t input_of_host(struct machine *machine, const uint8_t *bytes, size_t count)
{
    return imqtt_modem_terminal_input(machine->modem, bytes, count, machine->now_ms);
}

static size_t input_of_network(struct machine *machine, const uint8_t *bytes, size_t count)
{
#if IMQTT_CLIENTS > 1
    if (machine->client->number > 0)
        return imqtt_modem_client_input(machine->modem, machine->client->number, bytes, count,
                                        machine->now_ms);
#endif
    return imqtt_modem_network_input(machine->modem, bytes, count, machine->now_ms);
}

static struct imqtt_wants wants_of(const struct machine *machine)
{
#if IMQTT_CLIENTS > 1
    if (machine->client->number > 0)
        return imqtt_modem_client_wants(machine->modem, machine->client->number);
#endif
    return imqtt_modem_wants(machine->modem);
}

/* In a block of its own, so that a byte read too many shows. */
static size_t offer_copy(struct machine *machine, struct span piece, input_function *input)
{
    uint8_t *copy = malloc(piece.count);
    memcpy(copy, piece.bytes, piece.count);
    size_t used = input(machine, copy, piece.count);
    free(copy);
    return used;
}

static const struct machine_watcher *watcher_of(const struct machine *machine,
                                                const struct stream *stream)
{
    bool is_watched = stream == &machine->host && machine->watcher.before != NULL;
    return is_watched ? &machine->watcher : NULL;
}

static bool offer(struct machine *machine, struct stream *stream, bool wanted,
                  input_function *input)
{
    if (stream->in.count == 0 || !wanted)
        return false;
    const struct machine_watcher *watcher = watcher_of(machine, stream);
    struct span waiting = buffer_span(&stream->in), piece = SPAN_EMPTY;
    size_t most = watcher != NULL ? watcher->before(watcher->context, waiting) : waiting.count;
    span_take(&waiting, random_piece(machine, most), &piece);
    size_t used = offer_copy(machine, piece, input);
    if (used == 0)
        machine_fail(machine, "the modem wants input and takes none");
    if (watcher != NULL)
        watcher->after(watcher->context, span_of(piece.bytes, used));
    if (stream->in.count > 0) /* the network may have been closed meanwhile */
        buffer_take(&stream->in, used);
    return used > 0;
}

static uint8_t client_count(const struct machine *machine)
{
    uint8_t asked = machine->options.clients;
    return asked == 0 ? 1 : asked < IMQTT_CLIENTS ? asked : IMQTT_CLIENTS;
}

static size_t written(const struct machine *machine)
{
    size_t count = machine->host.out.count;
    for (uint8_t i = 0; i < client_count(machine); i++)
        count += machine->clients[i].network.out.count;
    return count;
}

static bool has_room_for_output(struct machine *machine)
{
    struct machine_client *turned_to = machine->client;
    bool has_room = false;
    for (uint8_t i = 0; machine_turn_to(machine, i); i++) {
        struct imqtt_wants wants = wants_of(machine);
        has_room |= (wants.terminal_room && machine->host.room > 0) ||
                    (wants.network_room && machine->client->network.room > 0);
    }
    machine->client = turned_to;
    return has_room;
}

static void flush(struct machine *machine)
{
    size_t before;
    do {
        before = written(machine);
        imqtt_modem_flush(machine->modem, machine->now_ms);
    } while (has_room_for_output(machine) && written(machine) > before);
    if (has_room_for_output(machine))
        machine_fail(machine, "the modem wants room and has it, but does not write");
}

static bool offer_network(struct machine *machine)
{
    struct machine_client *turned_to = machine->client;
    bool moved = false;
    for (uint8_t i = 0; machine_turn_to(machine, i); i++)
        moved |= offer(machine, &machine->client->network, wants_of(machine).network_input,
                       input_of_network);
    machine->client = turned_to;
    return moved;
}

static bool turn(struct machine *machine)
{
    struct imqtt_modem *modem = machine->modem;
    size_t before = written(machine);
    bool moved =
        offer(machine, &machine->host, imqtt_modem_wants(modem).terminal_input, input_of_host);
    tick_by_chance(machine);
    flush(machine);
    moved |= offer_network(machine);
    flush(machine);
    moved |= written(machine) > before;
    moved |= store_answer(machine);
    if (machine->options.has_broker)
        moved |= broker_answer(machine);
    return moved && machine->failure[0] == '\0';
}

static bool is_due(const struct machine *machine)
{
    return imqtt_modem_next_deadline(machine->modem) <= machine->now_ms;
}

void machine_run(struct machine *machine)
{
    enum { TICKS_MAX = 10 };
    while (turn(machine))
        continue;
    for (int ticks = 0; is_due(machine); ticks++) {
        if (ticks == TICKS_MAX) {
            machine_fail(machine, "the modem's deadline stays in the past: its loop would spin");
            return;
        }
        imqtt_modem_tick(machine->modem, machine->now_ms);
        while (turn(machine))
            continue;
    }
}

void machine_wait(struct machine *machine, uint64_t ms)
{
    uint64_t end_ms = machine->now_ms + ms, deadline_ms;
    while (machine->failure[0] == '\0' &&
           (deadline_ms = imqtt_modem_next_deadline(machine->modem)) <= end_ms) {
        machine->now_ms = deadline_ms;
        imqtt_modem_tick(machine->modem, machine->now_ms);
        machine_run(machine);
    }
    machine->now_ms = end_ms;
}

void machine_stall(struct machine *machine, uint64_t ms)
{
    machine->now_ms += ms;
    imqtt_modem_tick(machine->modem, machine->now_ms);
    machine_run(machine);
}

bool machine_turn_to(struct machine *machine, uint8_t client)
{
    bool is_there = client < client_count(machine);
    if (is_there)
        machine->client = &machine->clients[client];
    return is_there;
}

void machine_opened(struct machine *machine)
{
    machine->client->network_state = NETWORK_OPEN;
#if IMQTT_CLIENTS > 1
    imqtt_modem_client_opened(machine->modem, machine->client->number, machine->now_ms);
#else
    imqtt_modem_network_opened(machine->modem, machine->now_ms);
#endif
    machine_run(machine);
}

void machine_failed(struct machine *machine, const struct imqtt_failure *failure)
{
    machine_run(machine);
    buffer_clear(&machine->client->network.in);
    machine->client->network_state = NETWORK_CLOSED;
#if IMQTT_CLIENTS > 1
    imqtt_modem_client_failed(machine->modem, machine->client->number, failure, machine->now_ms);
#else
    imqtt_modem_network_failed(machine->modem, failure, machine->now_ms);
#endif
    machine_run(machine);
}

/* ---- power --------------------------------------------------------------------------------- */

static void power_on(struct machine *machine)
{
    struct imqtt_ports ports = machine_ports(machine);
    struct imqtt_options options = {
        .dialect = machine->options.dialect,
        .boot_urcs = machine->options.boot_urcs,
        .is_wired = machine->options.is_wired,
        .identity = {.name = "transcript"},
        .unix_time_ms = NOON_UNIX_MS,
        .zone_quarter_hours = 32,
        .baud = machine->options.has_line ? 115200 : 0,
        .keeps_session = machine->options.keeps_session,
        .reconnect_min_s = machine->options.reconnects ? 1 : 0,
        .reconnect_max_s = machine->options.reconnects ? 60 : 0,
    };
#if IMQTT_CLIENTS > 1
    options.clients = machine->options.clients;
    options.client_ports = machine->further;
#endif
    machine->store.question = STORE_QUIET;
    machine->memory = malloc(imqtt_modem_bytes());
    machine->modem = imqtt_modem_init(machine->memory, &ports, &options, machine->now_ms);
    machine_run(machine);
}

static void take_back(struct machine *machine, struct machine_client *client)
{
    for (int i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++) {
        if (client->lent[i].block != NULL)
            machine_fail(machine, "memory %d was not given back", i);
        free(client->lent[i].block);
        client->lent[i] = (struct lent){.block = NULL};
    }
}

static void power_off(struct machine *machine)
{
    imqtt_modem_end(machine->modem);
    free(machine->memory);
    free(machine->arena.bytes);
    machine->arena = arena_on(NULL, 0);
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        take_back(machine, &machine->clients[i]);
}

static void prepare_client(struct machine *machine, uint8_t number)
{
    struct machine_client *client = &machine->clients[number];
    client->machine = machine;
    client->number = number;
    client->network.room = SIZE_MAX;
    if (number > 0)
        machine->further[number - 1] = machine_client_ports(client);
}

void machine_start(struct machine *machine, const struct machine_options *options)
{
    machine->options = *options;
    machine->now_ms = 1000;
    machine->host.room = options->nobody_reads ? 0 : SIZE_MAX;
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        prepare_client(machine, i);
    machine_turn_to(machine, 0);
    power_on(machine);
}

void machine_restart(struct machine *machine)
{
    power_off(machine);
    buffer_clear(&machine->host.in);
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        buffer_clear(&machine->clients[i].network.in);
    power_on(machine);
}

static void free_client(struct machine_client *client)
{
    buffer_free(&client->network.in);
    buffer_free(&client->network.out);
    for (int i = 0; i < IMQTT_RECORD_COUNT; i++)
        buffer_free(&client->records[i].bytes);
}

void machine_end(struct machine *machine)
{
    power_off(machine);
    struct buffer *buffers[] = {&machine->host.in, &machine->host.out, &machine->log,
                                &machine->filters};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_free(buffers[i]);
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        free_client(&machine->clients[i]);
}
