/* mqtt_frames.h: where MQTT packets begin and end in a stream of bytes; nothing else of them.
 *
 * For faults that strike packets. It believes what it reads: what cannot be MQTT makes it give up,
 * and everything is one piece a call from then on.
 */
#ifndef HOST_NET_MQTT_FRAMES_H
#define HOST_NET_MQTT_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MQTT_FRAME_HEADER_BYTES 5

struct mqtt_frames { /* all zero: at the beginning of a packet */
    uint8_t header[MQTT_FRAME_HEADER_BYTES];
    uint8_t header_bytes; /* of the packet that has begun; 0: none has */
    bool has_header;
    bool is_lost;
    uint32_t left_bytes; /* of its body */
};

struct mqtt_frame_part {
    const uint8_t *bytes;
    size_t count;
    bool begins; /* it is the whole fixed header */
    bool ends;   /* the packet is over with it */
};

/* The next part of a packet, and the bytes behind it: a header, or as much of a body as there is.
 * The part's bytes may lie in the struct. false: nothing more until more bytes come. */
bool mqtt_frames_next(struct mqtt_frames *frames, const uint8_t **bytes, size_t *count,
                      struct mqtt_frame_part *part);

/* Bytes that somebody else has taken. */
void mqtt_frames_skip(struct mqtt_frames *frames, const uint8_t *bytes, size_t count);

/* The type in the first byte of a packet: 1 CONNECT … 14 DISCONNECT. */
static inline unsigned mqtt_frame_type(uint8_t first)
{
    return first >> 4;
}

#endif
