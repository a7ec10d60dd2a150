#include "core/mqtt/topic.h"
#include "core/bytes/utf8.h"

static bool is_wildcard(uint8_t byte)
{
    return byte == '+' || byte == '#';
}

static bool has_wildcard(struct span text)
{
    for (size_t i = 0; i < text.count; i++)
        if (is_wildcard(text.bytes[i]))
            return true;
    return false;
}

static bool is_ascii(uint8_t byte)
{
    return byte > 0 && byte < 0x80;
}

/* Most topics are plain ASCII: one quick look at each byte then settles it. */
static struct span behind_plain_start(struct span topic)
{
    size_t plain = 0;
    while (plain < topic.count && is_ascii(topic.bytes[plain]) && !is_wildcard(topic.bytes[plain]))
        plain++;
    span_skip(&topic, plain);
    return topic;
}

static bool has_valid_size(struct span topic)
{
    return topic.count > 0 && topic.count <= UINT16_MAX;
}

bool topic_name_is_valid(struct span topic)
{
    if (!has_valid_size(topic))
        return false;
    struct span rest = behind_plain_start(topic);
    return rest.count == 0 || (!has_wildcard(rest) && utf8_is_valid(rest));
}

static bool is_valid_level(struct span level, bool is_last)
{
    if (!has_wildcard(level))
        return true;
    return level.count == 1 && (level.bytes[0] == '+' || is_last);
}

bool topic_filter_is_valid(struct span filter)
{
    if (!has_valid_size(filter) || !utf8_is_valid(filter))
        return false;
    for (;;) {
        size_t level_bytes = span_find(filter, '/');
        bool is_last = level_bytes == filter.count;
        if (!is_valid_level(span_of(filter.bytes, level_bytes), is_last))
            return false;
        if (is_last)
            return true;
        span_skip(&filter, level_bytes + 1);
    }
}
