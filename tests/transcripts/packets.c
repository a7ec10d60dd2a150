#include "tests/transcripts/packets.h"

#include <ctype.h>

/* ---- words --------------------------------------------------------------------------------- */

#define WORDS_MAX 80

/* value, or key=value; the value may be quoted. */
struct word {
    struct span key; /* empty: none */
    struct buffer value;
    bool quoted;
};

struct words {
    struct word at[WORDS_MAX];
    size_t count;
};

static struct span take_key(struct span *text)
{
    struct span rest = *text, key;
    size_t letters = 0;
    while (letters < rest.count && isalpha(rest.bytes[letters]))
        letters++;
    span_take(&rest, letters, &key);
    if (letters == 0 || span_first(rest) != '=')
        return SPAN_EMPTY;
    span_skip(&rest, 1);
    *text = rest;
    return key;
}

static size_t quoted_count(struct span text)
{
    size_t at = 1;
    while (at < text.count && text.bytes[at] != '"')
        at += text.bytes[at] == '\\' ? 2 : 1;
    return at;
}

static bool take_value(struct span *text, struct word *word)
{
    struct span value = SPAN_EMPTY;
    word->quoted = span_first(*text) == '"';
    if (!word->quoted) {
        span_take(text, span_find(*text, ' '), &value);
        buffer_put(&word->value, value);
        return true;
    }
    bool closed = span_take(text, quoted_count(*text), &value) && span_skip(text, 1);
    span_skip(&value, 1);
    return closed && buffer_put_escaped(&word->value, value);
}

static bool split(struct span text, struct words *words)
{
    for (text = span_trim(text); text.count > 0; text = span_trim_start(text)) {
        if (words->count == WORDS_MAX)
            return false;
        struct word *word = &words->at[words->count++];
        word->key = take_key(&text);
        if (!take_value(&text, word))
            return false;
    }
    return words->count > 0;
}

static void free_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        buffer_free(&words->at[i].value);
}

static bool is(const struct word *word, const char *text)
{
    return word->key.count == 0 && span_equal(buffer_span(&word->value), span_text(text));
}

static const struct word *find_key(const struct words *words, const char *key)
{
    for (size_t i = 0; i < words->count; i++)
        if (span_equal(words->at[i].key, span_text(key)))
            return &words->at[i];
    return NULL;
}

static bool has(const struct words *words, const char *flag)
{
    for (size_t i = 1; i < words->count; i++)
        if (is(&words->at[i], flag))
            return true;
    return false;
}

static uint16_t number_of(const struct word *word)
{
    struct span digits = buffer_span(&word->value);
    unsigned value = 0;
    for (size_t i = 0; i < digits.count; i++)
        value = value * 10 + (digits.bytes[i] - '0');
    return (uint16_t)value;
}

static uint16_t number(const struct words *words, const char *key, uint16_t otherwise)
{
    const struct word *word = find_key(words, key);
    return word != NULL ? number_of(word) : otherwise;
}

/* ---- packets from words -------------------------------------------------------------------- */

static void put_string(struct buffer *body, const struct word *word)
{
    buffer_put_u16(body, (uint16_t)word->value.count);
    buffer_put(body, buffer_span(&word->value));
}

static void put_optional_string(struct buffer *body, const struct word *word)
{
    if (word != NULL)
        put_string(body, word);
}

static uint8_t connect_flags(const struct words *words)
{
    uint8_t flags = (uint8_t)(number(words, "clean", 1) << 1);
    if (find_key(words, "will") != NULL)
        flags |= (uint8_t)(0x04 | number(words, "willqos", 0) << 3);
    if (has(words, "willretained"))
        flags |= 0x20;
    if (find_key(words, "password") != NULL)
        flags |= 0x40;
    if (find_key(words, "user") != NULL)
        flags |= 0x80;
    return flags;
}

/* CONNECT <client id> [clean=1] [keepalive=120] [version=3.1.1] [user=] [password=]
 * [will=<topic> says=<message> willqos=0 willretained] */
static bool put_connect(const struct words *words, struct buffer *body)
{
    const struct word *version = find_key(words, "version");
    bool old = version != NULL && span_equal(buffer_span(&version->value), span_text("3.1"));
    if (words->count < 2)
        return false;
    buffer_put_u16(body, old ? 6 : 4);
    buffer_put_text(body, old ? "MQIsdp" : "MQTT");
    buffer_put_u8(body, old ? 3 : 4);
    buffer_put_u8(body, connect_flags(words));
    buffer_put_u16(body, number(words, "keepalive", 120));
    put_string(body, &words->at[1]);
    put_optional_string(body, find_key(words, "will"));
    put_optional_string(body, find_key(words, "says"));
    put_optional_string(body, find_key(words, "user"));
    put_optional_string(body, find_key(words, "password"));
    return true;
}

/* CONNACK <code> [session] */
static bool put_connack(const struct words *words, struct buffer *body)
{
    if (words->count < 2)
        return false;
    buffer_put_u8(body, has(words, "session"));
    buffer_put_u8(body, (uint8_t)number_of(&words->at[1]));
    return true;
}

/* PUBLISH <topic> <payload> [qos= id=] [dup] [retained] */
static bool put_publish(const struct words *words, struct buffer *body)
{
    if (words->count < 3)
        return false;
    put_string(body, &words->at[1]);
    if (number(words, "qos", 0) > 0)
        buffer_put_u16(body, number(words, "id", 0));
    buffer_put(body, buffer_span(&words->at[2].value));
    return true;
}

/* PUBACK <id> */
static bool put_id(const struct words *words, struct buffer *body)
{
    if (words->count < 2)
        return false;
    buffer_put_u16(body, number_of(&words->at[1]));
    return true;
}

/* SUBSCRIBE <id> <filter> <qos> [<filter> <qos> ...] */
static bool put_subscribe(const struct words *words, struct buffer *body)
{
    if (!put_id(words, body) || words->count % 2 != 0)
        return false;
    for (size_t i = 2; i < words->count; i += 2) {
        put_string(body, &words->at[i]);
        buffer_put_u8(body, (uint8_t)number_of(&words->at[i + 1]));
    }
    return true;
}

/* SUBACK <id> <code> [<code> ...] */
static bool put_suback(const struct words *words, struct buffer *body)
{
    if (!put_id(words, body))
        return false;
    for (size_t i = 2; i < words->count; i++)
        buffer_put_u8(body, (uint8_t)number_of(&words->at[i]));
    return true;
}

/* UNSUBSCRIBE <id> <filter> [<filter> ...] */
static bool put_unsubscribe(const struct words *words, struct buffer *body)
{
    if (words->count < 3 || !put_id(words, body))
        return false;
    for (size_t i = 2; i < words->count; i++)
        put_string(body, &words->at[i]);
    return true;
}

static bool put_nothing(const struct words *words, struct buffer *body)
{
    (void)body;
    return words->count == 1;
}

static const struct {
    const char *name;
    bool (*put)(const struct words *words, struct buffer *body);
    uint8_t flags;
} types[16] = {
    [PACKET_CONNECT] = {"CONNECT", put_connect, 0},
    [PACKET_CONNACK] = {"CONNACK", put_connack, 0},
    [PACKET_PUBLISH] = {"PUBLISH", put_publish, 0},
    [PACKET_PUBACK] = {"PUBACK", put_id, 0},
    [PACKET_PUBREC] = {"PUBREC", put_id, 0},
    [PACKET_PUBREL] = {"PUBREL", put_id, 2},
    [PACKET_PUBCOMP] = {"PUBCOMP", put_id, 0},
    [PACKET_SUBSCRIBE] = {"SUBSCRIBE", put_subscribe, 2},
    [PACKET_SUBACK] = {"SUBACK", put_suback, 0},
    [PACKET_UNSUBSCRIBE] = {"UNSUBSCRIBE", put_unsubscribe, 2},
    [PACKET_UNSUBACK] = {"UNSUBACK", put_id, 0},
    [PACKET_PINGREQ] = {"PINGREQ", put_nothing, 0},
    [PACKET_PINGRESP] = {"PINGRESP", put_nothing, 0},
    [PACKET_DISCONNECT] = {"DISCONNECT", put_nothing, 0},
};

const char *packet_name(enum packet_type type)
{
    return types[type].name != NULL ? types[type].name : "no such packet";
}

static uint8_t type_of(const struct word *word)
{
    for (uint8_t i = PACKET_CONNECT; i <= PACKET_DISCONNECT; i++)
        if (is(word, types[i].name))
            return i;
    return 0;
}

static uint8_t flags_of(uint8_t type, const struct words *words)
{
    if (type != PACKET_PUBLISH)
        return types[type].flags;
    unsigned flags = number(words, "qos", 0) << 1;
    return (uint8_t)(flags | (has(words, "dup") ? 0x08 : 0) | (has(words, "retained") ? 0x01 : 0));
}

static void put_packet(struct buffer *packet, uint8_t first, struct span body)
{
    size_t rest = body.count;
    buffer_put_u8(packet, first);
    for (; rest >= 0x80; rest >>= 7)
        buffer_put_u8(packet, (uint8_t)(rest | 0x80));
    buffer_put_u8(packet, (uint8_t)rest);
    buffer_put(packet, body);
}

/* hex 30 03 00 01 61 */
static bool put_hex(const struct words *words, struct buffer *packet)
{
    struct buffer escaped = BUFFER_EMPTY;
    bool pairs = true;
    for (size_t i = 1; i < words->count; i++) {
        pairs = pairs && words->at[i].value.count == 2;
        buffer_put_text(&escaped, "\\x");
        buffer_put(&escaped, buffer_span(&words->at[i].value));
    }
    pairs = pairs && buffer_put_escaped(packet, buffer_span(&escaped));
    buffer_free(&escaped);
    return pairs;
}

static const char *from_words(const struct words *words, struct buffer *packet)
{
    const struct word *first = &words->at[0];
    if (first->quoted) {
        buffer_put(packet, buffer_span(&first->value));
        return words->count == 1 ? NULL : "nothing may follow raw text";
    }
    if (is(first, "hex"))
        return put_hex(words, packet) ? NULL : "not hex bytes";
    uint8_t type = type_of(first);
    struct buffer body = BUFFER_EMPTY;
    if (type == 0)
        return "no such packet";
    bool complete = types[type].put(words, &body);
    put_packet(packet, (uint8_t)(type << 4 | flags_of(type, words)), buffer_span(&body));
    buffer_free(&body);
    return complete ? NULL : "something is missing in this packet";
}

const char *packet_from_words(struct span text, struct buffer *packet)
{
    struct words words = {.count = 0};
    const char *problem =
        split(text, &words) ? from_words(&words, packet) : "not words of a packet";
    free_words(&words);
    return problem;
}
