#include "imqtt/pump.h"

#include <string.h>

/* ---- bytes that wait ------------------------------------------------------------------------- */

static size_t waiting(const struct imqtt_pump_queue *queue)
{
    return queue->block_bytes - queue->start;
}

static void drop(const struct imqtt_memory_port *memory, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue)
{
    if (queue->block_bytes > 0)
        memory->resize(memory->context, purpose, queue->block, queue->block_bytes, 0);
    *queue = (struct imqtt_pump_queue){0};
}

/* What was used stays in front until all is: a block is seldom added to. */
static bool keep(const struct imqtt_memory_port *memory, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue, const uint8_t *bytes, size_t count)
{
    size_t before = queue->block_bytes;
    if (count == 0)
        return true;
    uint8_t *block = memory->resize(memory->context, purpose, queue->block, before, before + count);
    if (block == NULL)
        return false;
    memcpy(block + before, bytes, count);
    queue->block = block;
    queue->block_bytes = before + count;
    return true;
}

static void used(const struct imqtt_memory_port *memory, enum imqtt_memory_purpose purpose,
                 struct imqtt_pump_queue *queue, size_t count)
{
    queue->start += count;
    if (waiting(queue) == 0)
        drop(memory, purpose, queue);
}

/* ---- whose stream it is ---------------------------------------------------------------------- */

/* NULL: there is no such client. */
static struct imqtt_pump_stream *stream_of(struct imqtt_pump *pump, uint8_t client)
{
    if (client == 0)
        return &pump->first;
#if IMQTT_CLIENTS > 1
    return client < IMQTT_CLIENTS ? pump->further[client - 1] : NULL;
#else
    return NULL;
#endif
}

static size_t input(struct imqtt_pump *pump, uint8_t client, const uint8_t *bytes, size_t count,
                    uint64_t now_ms)
{
#if IMQTT_CLIENTS > 1
    return imqtt_modem_client_input(pump->modem, client, bytes, count, now_ms);
#else
    (void)client;
    return imqtt_modem_network_input(pump->modem, bytes, count, now_ms);
#endif
}

static void fail(struct imqtt_pump *pump, uint8_t client, const struct imqtt_failure *failure,
                 uint64_t now_ms)
{
#if IMQTT_CLIENTS > 1
    imqtt_modem_client_failed(pump->modem, client, failure, now_ms);
#else
    (void)client;
    imqtt_modem_network_failed(pump->modem, failure, now_ms);
#endif
}

/* ---- what comes in --------------------------------------------------------------------------- */

bool imqtt_pump_typed(struct imqtt_pump *pump, const uint8_t *bytes, size_t count, uint64_t now_ms)
{
    size_t taken = 0;
    if (waiting(&pump->typed) == 0)
        taken = imqtt_modem_terminal_input(pump->modem, bytes, count, now_ms);
    return keep(&pump->memory, IMQTT_MEMORY_TYPED, &pump->typed, bytes + taken, count - taken);
}

/* Not when it is closed: the modem may be reading from there at that moment. */
static void drop_stale(struct imqtt_pump_stream *stream)
{
    if (stream->was_closed)
        drop(&stream->memory, IMQTT_MEMORY_RECEIVED, &stream->received);
    stream->was_closed = false;
}

static bool receive(struct imqtt_pump *pump, uint8_t client, struct imqtt_pump_stream *stream,
                    const uint8_t *bytes, size_t count, uint64_t now_ms)
{
    size_t taken = 0;
    drop_stale(stream);
    if (waiting(&stream->received) == 0)
        taken = input(pump, client, bytes, count, now_ms);
    if (stream->was_closed)
        return true;
    return keep(&stream->memory, IMQTT_MEMORY_RECEIVED, &stream->received, bytes + taken,
                count - taken);
}

static void note_end(struct imqtt_pump_stream *stream, const struct imqtt_failure *failure)
{
    const char *end = memchr(failure->text, '\0', IMQTT_FAILURE_TEXT_BYTES);
    size_t bytes = end != NULL ? (size_t)(end - failure->text) : IMQTT_FAILURE_TEXT_BYTES;
    memcpy(stream->failure_text, failure->text, bytes);
    stream->failure_text[bytes] = '\0';
    stream->failure = *failure;
    stream->failure.text = stream->failure_text;
    stream->has_ended = true;
}

static void note_closed(struct imqtt_pump_stream *stream)
{
    stream->was_closed = true;
    stream->has_ended = false;
}

bool imqtt_pump_received(struct imqtt_pump *pump, const uint8_t *bytes, size_t count,
                         uint64_t now_ms)
{
    return receive(pump, 0, &pump->first, bytes, count, now_ms);
}

void imqtt_pump_ended(struct imqtt_pump *pump, const struct imqtt_failure *failure)
{
    note_end(&pump->first, failure);
}

void imqtt_pump_closed(struct imqtt_pump *pump)
{
    note_closed(&pump->first);
}

/* ---- the end of a turn ----------------------------------------------------------------------- */

static bool offer_typed(struct imqtt_pump *pump, uint64_t now_ms)
{
    struct imqtt_pump_queue *typed = &pump->typed;
    if (waiting(typed) == 0)
        return false;
    size_t taken = imqtt_modem_terminal_input(pump->modem, typed->block + typed->start,
                                              waiting(typed), now_ms);
    used(&pump->memory, IMQTT_MEMORY_TYPED, typed, taken);
    return taken > 0;
}

static bool offer_received(struct imqtt_pump *pump, uint8_t client,
                           struct imqtt_pump_stream *stream, uint64_t now_ms)
{
    struct imqtt_pump_queue *received = &stream->received;
    drop_stale(stream);
    if (waiting(received) == 0)
        return false;
    size_t taken =
        input(pump, client, received->block + received->start, waiting(received), now_ms);
    if (!stream->was_closed)
        used(&stream->memory, IMQTT_MEMORY_RECEIVED, received, taken);
    drop_stale(stream);
    return taken > 0;
}

static bool tell_end(struct imqtt_pump *pump, uint8_t client, struct imqtt_pump_stream *stream,
                     uint64_t now_ms)
{
    if (!stream->has_ended || waiting(&stream->received) > 0)
        return false;
    stream->has_ended = false;
    fail(pump, client, &stream->failure, now_ms);
    return true;
}

static bool offer_streams(struct imqtt_pump *pump, uint64_t now_ms)
{
    struct imqtt_pump_stream *stream;
    bool moved = false;
    for (uint8_t client = 0; (stream = stream_of(pump, client)) != NULL; client++) {
        moved |= offer_received(pump, client, stream, now_ms);
        moved |= tell_end(pump, client, stream, now_ms);
    }
    return moved;
}

/* What was typed comes before the flush, so that one write takes its answers along. */
static bool one_round(struct imqtt_pump *pump, uint64_t now_ms)
{
    offer_typed(pump, now_ms);
    imqtt_modem_flush(pump->modem, now_ms);
    bool took_typed = offer_typed(pump, now_ms);
    bool moved = offer_streams(pump, now_ms);
    return took_typed || moved;
}

bool imqtt_pump_settle(struct imqtt_pump *pump, unsigned rounds, uint64_t now_ms)
{
    while (rounds-- > 0)
        if (!one_round(pump, now_ms))
            return false;
    return true;
}

static struct imqtt_wants narrow(struct imqtt_wants wants, const struct imqtt_pump *pump,
                                 const struct imqtt_pump_stream *stream)
{
    wants.terminal_input = wants.terminal_input && waiting(&pump->typed) == 0;
    wants.network_input = wants.network_input && waiting(&stream->received) == 0;
    return wants;
}

struct imqtt_wants imqtt_pump_wants(const struct imqtt_pump *pump)
{
    return narrow(imqtt_modem_wants(pump->modem), pump, &pump->first);
}

bool imqtt_pump_has_input(const struct imqtt_pump *pump)
{
    bool has_input = waiting(&pump->typed) > 0 || waiting(&pump->first.received) > 0;
#if IMQTT_CLIENTS > 1
    for (uint8_t i = 0; i < IMQTT_CLIENTS - 1 && pump->further[i] != NULL; i++)
        has_input |= waiting(&pump->further[i]->received) > 0;
#endif
    return has_input;
}

/* ---- any client ------------------------------------------------------------------------------ */

#if IMQTT_CLIENTS > 1

void imqtt_pump_add_client(struct imqtt_pump *pump, struct imqtt_pump_stream *stream,
                           const struct imqtt_memory_port *memory)
{
    uint8_t place = 0;
    while (pump->further[place] != NULL)
        place++;
    *stream = (struct imqtt_pump_stream){.memory = *memory};
    pump->further[place] = stream;
}

bool imqtt_pump_client_received(struct imqtt_pump *pump, uint8_t client, const uint8_t *bytes,
                                size_t count, uint64_t now_ms)
{
    struct imqtt_pump_stream *stream = stream_of(pump, client);
    return stream == NULL || receive(pump, client, stream, bytes, count, now_ms);
}

void imqtt_pump_client_ended(struct imqtt_pump *pump, uint8_t client,
                             const struct imqtt_failure *failure)
{
    struct imqtt_pump_stream *stream = stream_of(pump, client);
    if (stream != NULL)
        note_end(stream, failure);
}

void imqtt_pump_client_closed(struct imqtt_pump *pump, uint8_t client)
{
    struct imqtt_pump_stream *stream = stream_of(pump, client);
    if (stream != NULL)
        note_closed(stream);
}

struct imqtt_wants imqtt_pump_client_wants(const struct imqtt_pump *pump, uint8_t client)
{
    const struct imqtt_pump_stream *stream = client == 0 ? &pump->first : pump->further[client - 1];
    return narrow(imqtt_modem_client_wants(pump->modem, client), pump, stream);
}

#endif

/* ---- life ------------------------------------------------------------------------------------ */

void imqtt_pump_init(struct imqtt_pump *pump, struct imqtt_modem *modem,
                     const struct imqtt_memory_port *memory)
{
    memset(pump, 0, sizeof *pump);
    pump->modem = modem;
    pump->memory = *memory;
    pump->first.memory = *memory;
}

void imqtt_pump_end(struct imqtt_pump *pump)
{
    drop(&pump->memory, IMQTT_MEMORY_TYPED, &pump->typed);
    for (uint8_t client = 0; stream_of(pump, client) != NULL; client++) {
        struct imqtt_pump_stream *stream = stream_of(pump, client);
        drop(&stream->memory, IMQTT_MEMORY_RECEIVED, &stream->received);
    }
}
