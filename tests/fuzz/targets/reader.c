/* The MQTT reader (core/mqtt/reader.h): a broker's bytes, cut in any way, give the same packets and
 * the same fault, and no more memory is borrowed than has come. */
#include <stdlib.h>

#include "core/mqtt/reader.h"
#include "imqtt/limits.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"
#include "tests/transcripts/buffer.h"

/* What a block may be larger than the bytes that it is for: it grows by doubling. */
#define SMALLEST_BLOCK_BYTES 256

struct listener {
    struct imqtt_memory_port port;
    size_t lent_bytes, come_bytes;
    bool refuses;
    struct reader reader;
    struct buffer heard; /* each packet as bytes, and the fault */
    enum reader_result result;
};

static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    struct listener *listener = context;
    promise(purpose == IMQTT_MEMORY_RECEIVE && old_bytes == listener->lent_bytes,
            "the block that was lent is the one that is resized");
    promise(bytes <= SMALLEST_BLOCK_BYTES || bytes <= 2 * listener->come_bytes,
            "memory grows with what has come, not with what was announced");
    if (bytes > old_bytes && listener->refuses)
        return NULL;
    void *moved = bytes > 0 ? malloc(bytes) : NULL;
    if (moved != NULL && block != NULL)
        memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
    free(block);
    listener->lent_bytes = bytes;
    return moved;
}

static void hear_number(struct listener *listener, uint32_t number)
{
    buffer_put_u16(&listener->heard, (uint16_t)(number >> 16));
    buffer_put_u16(&listener->heard, (uint16_t)number);
}

static void hear(struct listener *listener, const struct mqtt_packet *packet)
{
    buffer_put_u8(&listener->heard, (uint8_t)packet->type);
    buffer_put_u8(&listener->heard, packet->qos);
    buffer_put_u8(&listener->heard, packet->return_code);
    hear_number(listener, packet->packet_id);
    if (packet->type == MQTT_PUBLISH)
        hear_number(listener, packet->payload_bytes);
    if (packet->is_drained)
        return;
    promise(packet->type != MQTT_PUBLISH || packet->payload.count == packet->payload_bytes,
            "a payload is as long as it says");
    promise(packet->payload.count <= IMQTT_PAYLOAD_BYTES, "a larger payload is drained");
    buffer_put(&listener->heard, packet->topic);
    buffer_put(&listener->heard, packet->payload);
    buffer_put(&listener->heard, packet->codes);
}

static void listen(struct listener *listener, struct span piece)
{
    struct mqtt_packet packet;
    listener->come_bytes += piece.count;
    do {
        packet = (struct mqtt_packet){.type = MQTT_PUBLISH};
        listener->result = reader_take(&listener->reader, &piece, &packet);
        if (listener->result == READER_PACKET)
            hear(listener, &packet);
        reader_tidy(&listener->reader);
    } while (listener->result == READER_PACKET);
    promise(listener->result == READER_FAULT || piece.count == 0, "what is no fault is read");
}

static void listen_copy(struct listener *listener, struct span piece)
{
    uint8_t *copy = malloc(piece.count + 1);
    if (piece.count > 0)
        memcpy(copy, piece.bytes, piece.count);
    listen(listener, span_of(copy, piece.count));
    free(copy);
}

static void listener_init(struct listener *listener, enum mqtt_version version, bool refuses)
{
    *listener = (struct listener){.port = {listener, resize}, .refuses = refuses};
    reader_init(&listener->reader, &listener->port);
    reader_reset(&listener->reader, version);
}

static void listener_end(struct listener *listener)
{
    reader_reset(&listener->reader, MQTT_3_1_1);
    promise(listener->lent_bytes == 0, "a reader gives its memory back");
    buffer_free(&listener->heard);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct span input = span_of(bytes, count);
    uint8_t choice = take_byte(&input);
    enum mqtt_version version = choice & 1 ? MQTT_3_1 : MQTT_3_1_1;
    bool refuses = (choice & 2) != 0;
    size_t step = 1 + (choice >> 2);
    struct listener whole, pieces;
    listener_init(&whole, version, false);
    listener_init(&pieces, version, refuses);
    listen_copy(&whole, input);
    for (struct span rest = input; rest.count > 0 && pieces.result != READER_FAULT;)
        listen_copy(&pieces, take_up_to(&rest, step));
    if (!refuses && input.count > 0) {
        promise(whole.result == pieces.result && whole.reader.fault == pieces.reader.fault,
                "a fault is the same, however its bytes are cut");
        promise(span_equal(buffer_span(&whole.heard), buffer_span(&pieces.heard)),
                "the packets are the same, however their bytes are cut");
    }
    listener_end(&whole);
    listener_end(&pieces);
    return 0;
}
