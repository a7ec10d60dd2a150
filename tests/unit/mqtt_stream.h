/* mqtt_stream.h: a broker's byte stream through the MQTT reader alone, cut in any way. */
#ifndef TESTS_UNIT_MQTT_STREAM_H
#define TESTS_UNIT_MQTT_STREAM_H

#include "core/mqtt/reader.h"
#include "tests/unit/mqtt_fixture.h"

#define CONNACK "20 02 00 00"

#define SINGLE_BYTES SIZE_MAX

/* What came out of a stream of bytes. */
struct outcome {
    size_t packets;
    struct mqtt_packet last;
    uint8_t topic[64], payload[64]; /* the start of the last one's */
    const char *fault;
};

struct reader new_reader(struct fixture *f, enum mqtt_version version);

/* Reads on, up to the end of the piece or a fault. */
void read_piece(struct reader *reader, struct span piece, struct outcome *outcome);

/* What comes of bytes in two pieces, cut behind `split` of them, or in SINGLE_BYTES. */
struct outcome read_split(struct fixture *f, enum mqtt_version version, const struct bytes *bytes,
                          size_t split);

/* The packets lead to this fault, whole and however they are cut. */
void expect_fault(struct fixture *f, enum mqtt_version version, const char *packets,
                  const char *fault);

#endif
