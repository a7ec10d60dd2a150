#include "core/mqtt/wire/topic.h"
#include "core/bytes/utf8.h"
#include "core/bytes/word.h"

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

/* The lowest byte that is not plain sets its high bit in one of these: a byte over 0x7F by itself, one
 * below 0x20, DEL and the wildcards by what is taken from them or added. */
static bool is_plain_word(size_t word)
{
    size_t high = word | (word - WORD_OF(0x20)) | (word + WORD_OF(1)) |
                  ((word ^ WORD_OF('+')) - WORD_OF(1)) | ((word ^ WORD_OF('#')) - WORD_OF(1));
    return (high & WORD_OF(0x80)) == 0;
}

/* Most topics are plain ASCII: a quick look at each word then settles it, the last of which may
 * overlap the one before. */
static bool is_plain(struct span topic)
{
    size_t at = 0;
    if (!WORDS_PAY || topic.count < WORD_BYTES)
        return false;
    for (; topic.count - at >= WORD_BYTES; at += WORD_BYTES)
        if (!is_plain_word(word_at(topic.bytes + at)))
            return false;
    return is_plain_word(word_at(topic.bytes + topic.count - WORD_BYTES));
}

static bool has_valid_size(struct span topic)
{
    return topic.count > 0 && topic.count <= UINT16_MAX;
}

static bool is_unusual_name(struct span topic)
{
    return !has_wildcard(topic) && utf8_is_valid(topic);
}

bool topic_name_is_valid(struct span topic)
{
    return has_valid_size(topic) && (is_plain(topic) || is_unusual_name(topic));
}

bool topic_name_is_undisputed(struct span topic)
{
    return has_valid_size(topic) &&
           (is_plain(topic) || (is_unusual_name(topic) && !utf8_has_disputed(topic)));
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
