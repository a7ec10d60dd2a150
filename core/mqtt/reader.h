/* reader.h: the broker's byte stream cut into packets, decoded and checked strictly.
 *
 *   1. The fixed header is taken byte by byte: type and flags, then one to four length bytes.
 *   2. As soon as it is complete it is checked: a type that brokers send, CONNACK first and only
 *      first, the flags and a length that the type allows. Nothing is believed and waited for that
 *      can be refused now: the topic and packet id of a PUBLISH are checked once they are there.
 *   3. A body that lies whole in the input is decoded where it is. Otherwise it is kept: a short
 * one in the reader, a longer one in borrowed memory that grows with what has come, never with what
 *      was announced.
 *   4. A PUBLISH whose payload is over IMQTT_PAYLOAD_BYTES, or for which there is no memory, is
 *      drained: only its QoS and packet id are kept. Without memory a long topic goes unchecked.
 *   5. A fault ends the stream: reader_take() keeps answering READER_FAULT until the next
 *      reader_reset().
 */
#ifndef CORE_MQTT_READER_H
#define CORE_MQTT_READER_H

#include "core/bytes/lease.h"
#include "core/mqtt/wire/decode.h"

#define READER_SMALL_BYTES 16

struct reader {
    struct lease lease;
    const char *fault;               /* once there is one */
    uint32_t body_bytes;             /* as announced */
    uint32_t seen_bytes;             /* of the body */
    uint16_t topic_bytes, packet_id; /* while draining */
    uint8_t first;                   /* byte of the fixed header */
    uint8_t header_bytes;            /* seen of the fixed header */
    bool has_header, is_draining;
    bool awaits_connack;
    bool is_3_1;
    uint8_t small[READER_SMALL_BYTES];
};

enum reader_result {
    READER_MORE, /* the input is used up */
    READER_PACKET,
    READER_FAULT, /* reader->fault says which, in English */
};

void reader_init(struct reader *reader, const struct imqtt_memory_port *port);

/* A new stream begins. Gives borrowed memory back. */
void reader_reset(struct reader *reader, enum mqtt_version version);

/* Gives back what an ended packet has no more need of; its spans end here. */
void reader_tidy(struct reader *reader);

/* Takes bytes of *in up to the end of one packet, or all of them. */
enum reader_result reader_take(struct reader *reader, struct span *in, struct mqtt_packet *packet);

#endif
