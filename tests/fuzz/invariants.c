/* invariants.c: what holds at every moment, whatever has happened to a modem. */
#include "tests/fuzz/invariants.h"

#include "core/session/broker_link.h"
#include "tests/fuzz/target.h"

#define SHELF_BYTES   65535U
#define MESSAGE_BYTES (8 + 65535U + IMQTT_PAYLOAD_BYTES)

/* The largest block of each purpose, as limits.h and ports.h have it. */
static const size_t most_bytes[IMQTT_MEMORY_PURPOSE_COUNT] = {
    [IMQTT_MEMORY_LINE] = IMQTT_LINE_BYTES,
    [IMQTT_MEMORY_OUTPUT] =
        2 * (IMQTT_OUTPUT_HIGH_BYTES + 2 * IMQTT_INBOX_MESSAGES * MESSAGE_BYTES),
    [IMQTT_MEMORY_URCS] = 2 * (IMQTT_OUTPUT_HIGH_BYTES + 2 * MESSAGE_BYTES),
    [IMQTT_MEMORY_INBOX] = IMQTT_INBOX_MESSAGES * MESSAGE_BYTES,
    [IMQTT_MEMORY_RECALL] = SHELF_BYTES,
    [IMQTT_MEMORY_SETTINGS] = SHELF_BYTES,
    [IMQTT_MEMORY_CONTEXTS] = SHELF_BYTES,
    [IMQTT_MEMORY_RECEIPTS] = IMQTT_UNACKNOWLEDGED * sizeof(struct receipt),
    [IMQTT_MEMORY_SUBSCRIPTIONS] = IMQTT_SUBSCRIPTIONS_BYTES,
    [IMQTT_MEMORY_RESUBSCRIBE] = IMQTT_SUBSCRIPTIONS_BYTES,
    [IMQTT_MEMORY_PRESET] = IMQTT_LINE_BYTES,
    [IMQTT_MEMORY_OUTBOX] = IMQTT_OUTBOX_BYTES,
    [IMQTT_MEMORY_TRANSMIT] = IMQTT_TRANSMIT_BYTES,
    [IMQTT_MEMORY_RECEIVE] = MESSAGE_BYTES,
    [IMQTT_MEMORY_INBOUND_QOS2] = IMQTT_INBOUND_QOS2 * sizeof(uint16_t),
    [IMQTT_MEMORY_REGISTRATION] = SHELF_BYTES,
    [IMQTT_MEMORY_RECORD] = 327680,
    [IMQTT_MEMORY_CLIENTS] = IMQTT_CLIENTS_BYTES,
    [IMQTT_MEMORY_DATA] = IMQTT_DATA_BYTES,
    [IMQTT_MEMORY_CERTIFICATES] = 327680,
    [IMQTT_MEMORY_LINK] = sizeof(struct broker_link),
};

static void check_bounds_of(const struct machine_client *client)
{
    for (int i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++)
        if (client->lent[i].bytes > most_bytes[i])
            promise_broken("memory %d has a limit: %zu", i, client->lent[i].bytes);
}

static void check_bounds(const struct machine *machine)
{
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        check_bounds_of(&machine->clients[i]);
}

/* A line is short, so while the host cannot read, its own typing adds next to nothing. */
static void check_is_fluent(const struct engine *engine)
{
    const struct machine *machine = &engine->machine;
    if (machine->host.room == 0 || machine->client->network.room == 0)
        return;
    struct imqtt_wants wants = imqtt_modem_client_wants(machine->modem, machine->client->number);
    promise(!wants.terminal_input || machine->host.in.count == 0,
            "what the modem wants from the host it takes");
    promise(!wants.network_input || machine->client->network.in.count == 0,
            "what the modem wants from the network it takes");
}

void engine_check(const struct engine *engine)
{
    check_bounds(&engine->machine);
    check_is_fluent(engine);
    if (engine->machine.failure[0] != '\0')
        promise_broken("%s", engine->machine.failure);
}
