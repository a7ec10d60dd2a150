#include "tests/unit/mqtt_stream.h"

#include <stdlib.h>

struct reader new_reader(struct fixture *f, enum mqtt_version version)
{
    struct reader reader;
    reader_init(&reader, &f->memory);
    reader_reset(&reader, version);
    return reader;
}

static void note_packet(struct outcome *outcome, const struct mqtt_packet *packet)
{
    struct out topic = out_on(outcome->topic, sizeof outcome->topic);
    struct out payload = out_on(outcome->payload, sizeof outcome->payload);
    outcome->packets++;
    outcome->last = *packet;
    out_span(&topic, packet->topic);
    out_span(&payload, packet->payload);
}

void read_piece(struct reader *reader, struct span in, struct outcome *outcome)
{
    struct mqtt_packet packet;
    enum reader_result result;
    while ((result = reader_take(reader, &in, &packet)) == READER_PACKET)
        note_packet(outcome, &packet);
    if (result == READER_MORE)
        assert_int_equal(in.count, 0);
    else
        outcome->fault = reader->fault;
}

/* Each piece in a block of its own size, so that a sanitizer sees a read behind its end. */
static void read_copy(struct reader *reader, struct span piece, struct outcome *outcome)
{
    uint8_t *copy = malloc(piece.count);
    memcpy(copy, piece.bytes, piece.count);
    read_piece(reader, span_of(copy, piece.count), outcome);
    free(copy);
}

struct outcome read_split(struct fixture *f, enum mqtt_version version, const struct bytes *bytes,
                          size_t split)
{
    struct reader reader = new_reader(f, version);
    struct outcome outcome = {.packets = 0};
    struct span rest = span_of(bytes->bytes, bytes->count), piece;
    size_t step = split == SINGLE_BYTES ? 1 : split;
    while (outcome.fault == NULL && rest.count > 0 && span_take(&rest, step, &piece)) {
        read_copy(&reader, piece, &outcome);
        step = split == SINGLE_BYTES ? 1 : rest.count;
    }
    reader_reset(&reader, version);
    return outcome;
}

void expect_fault(struct fixture *f, enum mqtt_version version, const char *packets,
                  const char *fault)
{
    struct bytes bytes = bytes_of(packets);
    for (size_t split = 0; split <= bytes.count; split++) {
        struct outcome outcome = read_split(f, version, &bytes, split == 0 ? SINGLE_BYTES : split);
        if (outcome.fault == NULL)
            fail_msg("%s: no fault when split at %zu", packets, split);
        assert_string_equal(outcome.fault, fault);
    }
}
