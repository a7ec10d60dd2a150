#include "core/aliyun/json.h"

#include "core/bytes/hex.h"
#include "imqtt/features.h"

#if IMQTT_WITH_ALIYUN /* without it jsmn.h need not be there */

#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#define JSMN_STRICT
#include <jsmn.h>

/* Enough for 15 levels of nesting: a key and its container each. How many members an object has
 * does not matter, because tokens that are done with are dropped on the way. */
#define TOKENS 32
#define ROOT   0
#define NONE   (-1)

#define LONGEST_NAME_BYTES 32

struct reader {
    struct span text;
    jsmn_parser parser;
    jsmntok_t tokens[TOKENS];
    struct json_member *members;
    size_t member_count;
};

/* ---- strings ------------------------------------------------------------------------------- */

static bool take_utf16_unit(struct span *raw, uint32_t *unit)
{
    struct span digits;
    uint8_t bytes[2];
    struct out out = out_on(bytes, sizeof bytes);
    if (!span_take(raw, 4, &digits) || !hex_is_valid(digits))
        return false;
    hex_decode(digits, &out);
    *unit = (uint32_t)(bytes[0] << 8 | bytes[1]);
    return true;
}

static bool take_low_surrogate(struct span *raw, uint32_t *unit)
{
    struct span escape;
    return span_take(raw, 2, &escape) && span_equal(escape, span_text("\\u")) &&
           take_utf16_unit(raw, unit) && *unit >= 0xDC00 && *unit <= 0xDFFF;
}

/* The character behind \u: one unit, or a pair of surrogates. */
static bool take_code_point(struct span *raw, uint32_t *point)
{
    uint32_t low;
    if (!take_utf16_unit(raw, point))
        return false;
    if (*point < 0xD800 || *point > 0xDFFF)
        return true;
    if (*point > 0xDBFF || !take_low_surrogate(raw, &low))
        return false;
    *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static void put_utf8(struct out *out, uint32_t point)
{
    static const uint32_t beyond[] = {0x80, 0x800, 0x10000, 0x110000};
    static const uint8_t lead[] = {0x00, 0xC0, 0xE0, 0xF0};
    unsigned continuations = 0;
    while (point >= beyond[continuations])
        continuations++;
    out_u8(out, (uint8_t)(lead[continuations] | point >> (6 * continuations)));
    while (continuations-- > 0)
        out_u8(out, (uint8_t)(0x80 | (point >> (6 * continuations) & 0x3F)));
}

static bool put_escape(struct span *raw, struct out *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint8_t name;
    uint32_t point;
    if (!span_take_u8(raw, &name))
        return false;
    if (name == 'u') {
        if (!take_code_point(raw, &point))
            return false;
        put_utf8(out, point);
        return true;
    }
    size_t index = span_find(span_text(names), name);
    if (index == sizeof names - 1)
        return false;
    out_u8(out, (uint8_t)values[index]);
    return true;
}

/* The string between its quotes. false: it is malformed, or longer than there is room for. */
static bool put_string(struct span raw, struct out *out)
{
    uint8_t byte;
    while (span_take_u8(&raw, &byte)) {
        if (byte != '\\')
            out_u8(out, byte);
        else if (!put_escape(&raw, out))
            return false;
    }
    return !out->overflowed;
}

/* ---- members ------------------------------------------------------------------------------- */

static struct span token_text(const struct reader *reader, const jsmntok_t *token)
{
    return span_of(reader->text.bytes + token->start, (size_t)(token->end - token->start));
}

static struct json_member *member_named(const struct reader *reader, const jsmntok_t *key)
{
    uint8_t bytes[LONGEST_NAME_BYTES];
    struct out name = out_on(bytes, sizeof bytes);
    if (!put_string(token_text(reader, key), &name))
        return NULL;
    for (size_t i = 0; i < reader->member_count; i++)
        if (span_equal(out_written(&name), span_text(reader->members[i].name)))
            return &reader->members[i];
    return NULL;
}

/* The key of a value that stands at the top level, or NULL. */
static const jsmntok_t *top_level_key(const struct reader *reader, const jsmntok_t *value)
{
    if (value->parent == NONE)
        return NULL;
    const jsmntok_t *key = &reader->tokens[value->parent];
    return key->type == JSMN_STRING && key->parent == ROOT ? key : NULL;
}

static void read_value(const struct reader *reader, const jsmntok_t *value)
{
    const jsmntok_t *key = top_level_key(reader, value);
    struct json_member *member = key != NULL ? member_named(reader, key) : NULL;
    if (member == NULL)
        return;
    member->value.count = 0;
    member->value.overflowed = false;
    member->found =
        value->type == JSMN_STRING && put_string(token_text(reader, value), &member->value);
}

/* What jsmn lets pass: a second value behind a key (a comma is missing), and anything that follows
 * the object. */
static bool is_in_place(const struct reader *reader, const jsmntok_t *token)
{
    bool one_value = token->type != JSMN_STRING || token->size <= 1;
    bool one_root = token->parent != NONE || token == &reader->tokens[ROOT];
    return one_value && one_root;
}

static bool read_tokens(const struct reader *reader)
{
    if (reader->tokens[ROOT].type != JSMN_OBJECT)
        return false;
    for (unsigned i = 0; i < reader->parser.toknext; i++) {
        if (!is_in_place(reader, &reader->tokens[i]))
            return false;
        read_value(reader, &reader->tokens[i]);
    }
    return true;
}

/* Keeps only what the parser still needs: the path from the root to where it stands. false: nothing
 * could be dropped, or the object is closed already. */
static bool drop_read_tokens(struct reader *reader)
{
    uint8_t path[TOKENS];
    unsigned length = 0;
    for (int at = reader->parser.toksuper; at != NONE; at = reader->tokens[at].parent)
        path[length++] = (uint8_t)at;
    if (length == 0 || length == TOKENS)
        return false;
    for (unsigned i = 0; i < length; i++) {
        reader->tokens[i] = reader->tokens[path[length - 1 - i]];
        reader->tokens[i].parent = (int)i - 1;
    }
    reader->parser.toknext = length;
    reader->parser.toksuper = (int)length - 1;
    return true;
}

static int parse_on(struct reader *reader)
{
    return jsmn_parse(&reader->parser, (const char *)reader->text.bytes, reader->text.count,
                      reader->tokens, TOKENS);
}

static bool read_strings(struct span text, struct json_member *members, size_t count)
{
    struct reader reader = {.text = text, .members = members, .member_count = count};
    int result;
    if (span_find(text, '\0') < text.count) /* jsmn would take it for the end */
        return false;
    jsmn_init(&reader.parser);
    while ((result = parse_on(&reader)) == JSMN_ERROR_NOMEM)
        if (!read_tokens(&reader) || !drop_read_tokens(&reader))
            return false;
    return result > 0 && read_tokens(&reader);
}

#endif

bool json_read_strings(struct span text, struct json_member *members, size_t count)
{
#if IMQTT_WITH_ALIYUN
    return read_strings(text, members, count);
#else
    (void)text, (void)members, (void)count;
    return false; /* nobody asks; a build that keeps what nothing refers to still links */
#endif
}
