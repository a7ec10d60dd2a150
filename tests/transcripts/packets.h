/* packets.h: MQTT packets in words, for both directions. README.md has the notation.
 *
 * On purpose not built on core/mqtt: a second opinion of what a packet looks like.
 */
#ifndef TESTS_TRANSCRIPTS_PACKETS_H
#define TESTS_TRANSCRIPTS_PACKETS_H

#include "tests/transcripts/buffer.h"

enum packet_type {
    PACKET_CONNECT = 1,
    PACKET_CONNACK,
    PACKET_PUBLISH,
    PACKET_PUBACK,
    PACKET_PUBREC,
    PACKET_PUBREL,
    PACKET_PUBCOMP,
    PACKET_SUBSCRIBE,
    PACKET_SUBACK,
    PACKET_UNSUBSCRIBE,
    PACKET_UNSUBACK,
    PACKET_PINGREQ,
    PACKET_PINGRESP,
    PACKET_DISCONNECT,
};

/* Appends the packet that the words describe. NULL, or what is wrong with them. */
const char *packet_from_words(struct span words, struct buffer *packet);

const char *packet_name(enum packet_type type);

/* Cuts the first whole packet off *stream; false if there is none. */
bool packet_take(struct span *stream, struct span *packet);

/* What follows the fixed header of a whole packet. */
struct span packet_body(struct span packet);

/* Takes a string with its two length bytes. */
bool packet_take_string(struct span *body, struct span *string);

/* Prints a whole packet in words. */
void packet_print(FILE *to, struct span packet);

#endif
