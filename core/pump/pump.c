#include "imqtt/pump.h"

#include <string.h>

/* ---- bytes that wait ------------------------------------------------------------------------- */

static size_t waiting(const struct imqtt_pump_queue *queue)
{
    return queue->block_bytes - queue->start;
}

static void drop(const struct imqtt_pump *pump, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue)
{
    if (queue->block_bytes > 0)
        pump->memory.resize(pump->memory.context, purpose, queue->block, queue->block_bytes, 0);
    *queue = (struct imqtt_pump_queue){0};
}

/* What was used stays in front until all is: a block is seldom added to. */
static bool keep(const struct imqtt_pump *pump, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue, const uint8_t *bytes, size_t count)
{
    size_t before = queue->block_bytes;
    if (count == 0)
        return true;
    uint8_t *block =
        pump->memory.resize(pump->memory.context, purpose, queue->block, before, before + count);
    if (block == NULL)
        return false;
    memcpy(block + before, bytes, count);
    queue->block = block;
    queue->block_bytes = before + count;
    return true;
}

static void used(const struct imqtt_pump *pump, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue, size_t count)
{
    queue->start += count;
    if (waiting(queue) == 0)
        drop(pump, purpose, queue);
}

/* ---- what comes in --------------------------------------------------------------------------- */

bool imqtt_pump_typed(struct imqtt_pump *pump, const uint8_t *bytes, size_t count, uint64_t now_ms)
{
    size_t taken = 0;
    if (waiting(&pump->typed) == 0)
        taken = imqtt_modem_terminal_input(pump->modem, bytes, count, now_ms);
    return keep(pump, IMQTT_MEMORY_TYPED, &pump->typed, bytes + taken, count - taken);
}

/* Not when it is closed: the modem may be reading from there at that moment. */
static void drop_stale(struct imqtt_pump *pump)
{
    if (pump->was_closed)
        drop(pump, IMQTT_MEMORY_RECEIVED, &pump->received);
    pump->was_closed = false;
}

bool imqtt_pump_received(struct imqtt_pump *pump, const uint8_t *bytes, size_t count,
                         uint64_t now_ms)
{
    size_t taken = 0;
    drop_stale(pump);
    if (waiting(&pump->received) == 0)
        taken = imqtt_modem_network_input(pump->modem, bytes, count, now_ms);
    if (pump->was_closed)
        return true;
    return keep(pump, IMQTT_MEMORY_RECEIVED, &pump->received, bytes + taken, count - taken);
}

void imqtt_pump_ended(struct imqtt_pump *pump, const struct imqtt_failure *failure)
{
    const char *end = memchr(failure->text, '\0', IMQTT_FAILURE_TEXT_BYTES);
    size_t bytes = end != NULL ? (size_t)(end - failure->text) : IMQTT_FAILURE_TEXT_BYTES;
    memcpy(pump->failure_text, failure->text, bytes);
    pump->failure_text[bytes] = '\0';
    pump->failure = *failure;
    pump->failure.text = pump->failure_text;
    pump->has_ended = true;
}

void imqtt_pump_closed(struct imqtt_pump *pump)
{
    pump->was_closed = true;
    pump->has_ended = false;
}

/* ---- the end of a turn ----------------------------------------------------------------------- */

static bool offer_typed(struct imqtt_pump *pump, uint64_t now_ms)
{
    struct imqtt_pump_queue *typed = &pump->typed;
    if (waiting(typed) == 0)
        return false;
    size_t taken = imqtt_modem_terminal_input(pump->modem, typed->block + typed->start,
                                              waiting(typed), now_ms);
    used(pump, IMQTT_MEMORY_TYPED, typed, taken);
    return taken > 0;
}

static bool offer_received(struct imqtt_pump *pump, uint64_t now_ms)
{
    struct imqtt_pump_queue *received = &pump->received;
    drop_stale(pump);
    if (waiting(received) == 0)
        return false;
    size_t taken = imqtt_modem_network_input(pump->modem, received->block + received->start,
                                             waiting(received), now_ms);
    if (!pump->was_closed)
        used(pump, IMQTT_MEMORY_RECEIVED, received, taken);
    drop_stale(pump);
    return taken > 0;
}

static bool tell_end(struct imqtt_pump *pump, uint64_t now_ms)
{
    if (!pump->has_ended || waiting(&pump->received) > 0)
        return false;
    pump->has_ended = false;
    imqtt_modem_network_failed(pump->modem, &pump->failure, now_ms);
    return true;
}

/* What was typed comes before the flush, so that one write takes its answers along. */
static bool one_round(struct imqtt_pump *pump, uint64_t now_ms)
{
    offer_typed(pump, now_ms);
    imqtt_modem_flush(pump->modem, now_ms);
    bool took_typed = offer_typed(pump, now_ms);
    bool took_received = offer_received(pump, now_ms);
    bool told_end = tell_end(pump, now_ms);
    return took_typed || took_received || told_end;
}

bool imqtt_pump_settle(struct imqtt_pump *pump, unsigned rounds, uint64_t now_ms)
{
    while (rounds-- > 0)
        if (!one_round(pump, now_ms))
            return false;
    return true;
}

struct imqtt_wants imqtt_pump_wants(const struct imqtt_pump *pump)
{
    struct imqtt_wants wants = imqtt_modem_wants(pump->modem);
    wants.terminal_input = wants.terminal_input && waiting(&pump->typed) == 0;
    wants.network_input = wants.network_input && waiting(&pump->received) == 0;
    return wants;
}

bool imqtt_pump_has_input(const struct imqtt_pump *pump)
{
    return waiting(&pump->typed) > 0 || waiting(&pump->received) > 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

void imqtt_pump_init(struct imqtt_pump *pump, struct imqtt_modem *modem,
                     const struct imqtt_memory_port *memory)
{
    memset(pump, 0, sizeof *pump);
    pump->modem = modem;
    pump->memory = *memory;
}

void imqtt_pump_end(struct imqtt_pump *pump)
{
    drop(pump, IMQTT_MEMORY_TYPED, &pump->typed);
    drop(pump, IMQTT_MEMORY_RECEIVED, &pump->received);
    pump->has_ended = false;
}
