#include "host/net/mqtt_frames.h"

#define CONTINUES 0x80

static bool is_possible_type(uint8_t first)
{
    return mqtt_frame_type(first) >= 1 && mqtt_frame_type(first) <= 14;
}

static bool header_is_whole(const struct mqtt_frames *frames)
{
    return frames->header_bytes >= 2 && (frames->header[frames->header_bytes - 1] & CONTINUES) == 0;
}

static uint32_t body_bytes(const struct mqtt_frames *frames)
{
    uint32_t count = 0;
    for (unsigned i = 1; i < frames->header_bytes; i++)
        count |= (uint32_t)(frames->header[i] & ~CONTINUES) << 7 * (i - 1);
    return count;
}

/* Everything that is there, as one piece. */
static void take_all(const uint8_t **bytes, size_t *count, struct mqtt_frame_part *part)
{
    *part = (struct mqtt_frame_part){*bytes, *count, false, true};
    *bytes += *count;
    *count = 0;
}

static void give_header(struct mqtt_frames *frames, struct mqtt_frame_part *part)
{
    frames->left_bytes = body_bytes(frames);
    *part = (struct mqtt_frame_part){frames->header, frames->header_bytes, true,
                                     frames->left_bytes == 0};
    frames->has_header = frames->left_bytes > 0;
    frames->header_bytes = 0;
}

static void give_up(struct mqtt_frames *frames, struct mqtt_frame_part *part)
{
    frames->is_lost = true;
    *part = (struct mqtt_frame_part){frames->header, frames->header_bytes, false, true};
}

/* true: a part is there. */
static bool read_header(struct mqtt_frames *frames, uint8_t byte, struct mqtt_frame_part *part)
{
    frames->header[frames->header_bytes++] = byte;
    if (header_is_whole(frames)) {
        give_header(frames, part);
        return true;
    }
    bool is_wrong =
        !is_possible_type(frames->header[0]) || frames->header_bytes == MQTT_FRAME_HEADER_BYTES;
    if (is_wrong)
        give_up(frames, part);
    return is_wrong;
}

static void take_body(struct mqtt_frames *frames, const uint8_t **bytes, size_t *count,
                      struct mqtt_frame_part *part)
{
    size_t there = *count < frames->left_bytes ? *count : frames->left_bytes;
    frames->left_bytes -= (uint32_t)there;
    *part = (struct mqtt_frame_part){*bytes, there, false, frames->left_bytes == 0};
    frames->has_header = frames->left_bytes > 0;
    *bytes += there;
    *count -= there;
}

bool mqtt_frames_next(struct mqtt_frames *frames, const uint8_t **bytes, size_t *count,
                      struct mqtt_frame_part *part)
{
    if (*count == 0)
        return false;
    if (frames->is_lost) {
        take_all(bytes, count, part);
        return true;
    }
    if (frames->has_header) {
        take_body(frames, bytes, count, part);
        return true;
    }
    while (*count > 0) {
        (*count)--;
        if (read_header(frames, *(*bytes)++, part))
            return true;
    }
    return false;
}

/* The bytes of the whole packet that is there; 0: it is not, or it is a large one. */
static size_t small_packet(const uint8_t *bytes, size_t count)
{
    if (count < 3 || !is_possible_type(bytes[0]))
        return 0;
    size_t packet_bytes = 2U + bytes[1];
    if ((bytes[1] & CONTINUES) != 0) {
        if ((bytes[2] & CONTINUES) != 0)
            return 0;
        packet_bytes = 3U + (bytes[1] & ~CONTINUES) + ((size_t)bytes[2] << 7);
    }
    return packet_bytes <= count ? packet_bytes : 0;
}

static bool is_between_packets(const struct mqtt_frames *frames)
{
    return frames->header_bytes == 0 && !frames->has_header && !frames->is_lost;
}

/* Every packet of a modem without faults comes by here: few instructions matter. */
void mqtt_frames_skip(struct mqtt_frames *frames, const uint8_t *bytes, size_t count)
{
    struct mqtt_frame_part part;
    do {
        size_t packet = is_between_packets(frames) ? small_packet(bytes, count) : 0;
        for (; packet > 0; packet = small_packet(bytes, count)) {
            bytes += packet;
            count -= packet;
        }
    } while (mqtt_frames_next(frames, &bytes, &count, &part));
}
