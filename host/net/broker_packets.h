/* broker_packets.h: what faults do to the packets that come from the broker: withhold them, send
 * them twice, change a CONNACK; and how they go into a lane, packet by packet.
 */
#ifndef HOST_NET_BROKER_PACKETS_H
#define HOST_NET_BROKER_PACKETS_H

#include "host/faults/fault_lane.h"
#include "host/net/mqtt_frames.h"

/* What becomes of the packet that has begun. */
enum broker_packet_fate { PACKET_PASSES, PACKET_IS_WITHHELD, PACKET_IS_DOUBLED, PACKET_IS_REFUSAL };

/* All zero but for the lane: at the beginning of a packet. */
struct broker_packets {
    struct fault_lane *lane;
    struct mqtt_frames frames;
    uint8_t passed_bytes; /* of the header that has begun: they went before the faults came */
    enum broker_packet_fate fate;
    uint8_t return_code; /* of a refusal */
    uint8_t body_bytes;  /* of a refusal, so far */
    uint8_t *copy;       /* of what is sent twice */
    size_t copy_bytes;
};

void broker_packets_end(struct broker_packets *packets);

/* Bytes of the stream, into the lane. Only what comes from the broker (a lane down) has faults on
 * single packets. false: no memory. */
bool broker_packets_add(struct broker_packets *packets, const uint8_t *bytes, size_t count);

#endif
