#include "host/net/broker_packets.h"

#include <stdlib.h>
#include <string.h>

#define DUP      0x08
#define QOS_BITS 0x06

#define COPY_MAX 524288 /* larger ones are too large for any modem, and come once */

#define NOT_AUTHORIZED 5 /* CONNACK's usual return code, if none is given */

enum { CONNACK = 2, PUBLISH = 3 };

static const uint8_t types[] = {
    [FAULT_PACKET_CONNACK] = CONNACK, [FAULT_PACKET_PUBACK] = 4,
    [FAULT_PACKET_PUBREC] = 5,        [FAULT_PACKET_PUBREL] = 6,
    [FAULT_PACKET_PUBCOMP] = 7,       [FAULT_PACKET_SUBACK] = 9,
    [FAULT_PACKET_UNSUBACK] = 11,     [FAULT_PACKET_PINGRESP] = 13,
    [FAULT_PACKET_PUBLISH] = PUBLISH,
};

/* ---- fates ---------------------------------------------------------------------------------- */

static enum broker_packet_fate fate_under(const struct fault *fault, unsigned type)
{
    bool is_refusal = fault->type == FAULT_REFUSE && type == CONNACK &&
                      fault->values[FAULT_STAGE] == FAULT_STAGE_CONNACK;
    if (is_refusal)
        return PACKET_IS_REFUSAL;
    if (fault->type == FAULT_WITHHOLD && type == types[fault->values[FAULT_PACKET]])
        return PACKET_IS_WITHHELD;
    return fault->type == FAULT_DUPLICATE && type == PUBLISH ? PACKET_IS_DOUBLED : PACKET_PASSES;
}

/* The first fault that strikes decides. */
static void find_fate(struct broker_packets *packets, uint8_t first)
{
    struct fault_set *set = packets->lane->set;
    struct fault *fault = NULL;
    packets->fate = PACKET_PASSES;
    if (packets->lane->stream != FAULT_DOWN)
        return;
    while ((fault = fault_set_next(set, fault, FAULT_ON_BROKER, FAULT_DOWN)) != NULL) {
        enum broker_packet_fate fate = fate_under(fault, mqtt_frame_type(first));
        if (fate == PACKET_PASSES || !fault_strikes(set, fault))
            continue;
        uint64_t code = fault->values[FAULT_CODE];
        packets->fate = fate;
        packets->return_code = (uint8_t)(code != 0 ? code : NOT_AUTHORIZED);
        packets->body_bytes = 0;
        return;
    }
}

/* ---- what is sent twice --------------------------------------------------------------------- */

static void drop_copy(struct broker_packets *packets)
{
    free(packets->copy);
    packets->copy = NULL;
    packets->copy_bytes = 0;
}

static void add_to_copy(struct broker_packets *packets, const struct mqtt_frame_part *part)
{
    size_t bytes = packets->copy_bytes + part->count;
    uint8_t *copy = bytes <= COPY_MAX ? realloc(packets->copy, bytes) : NULL;
    if (copy == NULL) {
        drop_copy(packets);
        packets->fate = PACKET_PASSES;
        return;
    }
    memcpy(copy + packets->copy_bytes, part->bytes, part->count);
    packets->copy = copy;
    packets->copy_bytes = bytes;
}

/* DUP is for QoS 1 and 2 only [MQTT-3.3.1-2]. */
static bool send_copy(struct broker_packets *packets)
{
    if ((packets->copy[0] & QOS_BITS) != 0)
        packets->copy[0] |= DUP;
    bool is_added = fault_lane_add(packets->lane, packets->copy, packets->copy_bytes);
    fault_lane_close_piece(packets->lane);
    drop_copy(packets);
    return is_added;
}

/* ---- parts ---------------------------------------------------------------------------------- */

/* A refusal: session present must be 0, and the return code is the fault's. */
static bool add_refusal(struct broker_packets *packets, const struct mqtt_frame_part *part)
{
    bool is_added = true;
    for (size_t i = 0; i < part->count && is_added; i++) {
        uint8_t byte = packets->body_bytes == 0 ? 0 : packets->return_code;
        is_added = fault_lane_add(packets->lane, &byte, 1);
        packets->body_bytes++;
    }
    return is_added;
}

static bool pass(struct broker_packets *packets, const struct mqtt_frame_part *part)
{
    switch (packets->fate) {
    case PACKET_IS_WITHHELD:
        return true;
    case PACKET_IS_REFUSAL:
        return part->begins ? fault_lane_add(packets->lane, part->bytes, part->count)
                            : add_refusal(packets, part);
    case PACKET_IS_DOUBLED:
        add_to_copy(packets, part);
        break;
    default:
        break;
    }
    return fault_lane_add(packets->lane, part->bytes, part->count);
}

/* The fate of a header that has begun to pass is sealed. */
static void take_off_passed(struct broker_packets *packets, struct mqtt_frame_part *part)
{
    part->bytes += packets->passed_bytes;
    part->count -= packets->passed_bytes;
    packets->passed_bytes = 0;
    packets->fate = PACKET_PASSES;
}

static bool end_packet(struct broker_packets *packets)
{
    bool is_twice = packets->fate == PACKET_IS_DOUBLED && packets->copy != NULL;
    packets->fate = PACKET_PASSES;
    fault_lane_close_piece(packets->lane);
    return !is_twice || send_copy(packets);
}

bool broker_packets_add(struct broker_packets *packets, const uint8_t *bytes, size_t count)
{
    struct mqtt_frame_part part;
    while (mqtt_frames_next(&packets->frames, &bytes, &count, &part)) {
        if (packets->passed_bytes > 0)
            take_off_passed(packets, &part);
        else if (part.begins)
            find_fate(packets, *part.bytes);
        if (!pass(packets, &part) || (part.ends && !end_packet(packets)))
            return false;
    }
    return true;
}

void broker_packets_end(struct broker_packets *packets)
{
    drop_copy(packets);
}
