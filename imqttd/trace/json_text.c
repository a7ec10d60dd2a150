#include "imqttd/trace/json_text.h"

#include <stdlib.h>
#include <string.h>

void json_text_clear(struct json_text *json)
{
    json->count = 0;
    json->failed = false;
}

void json_text_free(struct json_text *json)
{
    free(json->text);
    *json = (struct json_text){0};
}

bool json_text_reserve(struct json_text *json, size_t bytes)
{
    char *text = realloc(json->text, bytes);
    if (text == NULL) {
        json->failed = true;
        return false;
    }
    json->text = text;
    json->room = bytes;
    return true;
}

bool json_text_grow(struct json_text *json, size_t more)
{
    size_t room = json->room != 0 ? json->room : 256;
    while (room <= json->count + more)
        room *= 2;
    return json_text_reserve(json, room);
}

/* ---- digits --------------------------------------------------------------------------------- */

/* All pairs of digits, in order: two are written at a time. */
#define TEN(first)                                                                                 \
    first "0" first "1" first "2" first "3" first "4" first "5" first "6" first "7" first          \
          "8" first "9"
#define SIXTEEN(first) TEN(first) first "a" first "b" first "c" first "d" first "e" first "f"

static const char decimal_pairs[] =
    TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") TEN("7") TEN("8") TEN("9");
static const char hex_pairs[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4")
    SIXTEEN("5") SIXTEEN("6") SIXTEEN("7") SIXTEEN("8") SIXTEEN("9") SIXTEEN("a") SIXTEEN("b")
        SIXTEEN("c") SIXTEEN("d") SIXTEEN("e") SIXTEEN("f");

static char *put_hex_pair(char *end, uint8_t byte)
{
    return (char *)memcpy(end, hex_pairs + 2 * (size_t)byte, 2) + 2;
}

size_t json_digits(char text[JSON_DIGITS], uint64_t number)
{
    char digits[JSON_DIGITS], *at = digits + JSON_DIGITS;
    if (number < 10) {
        *text = (char)('0' + number);
        return 1;
    }
    for (; number >= 100; number /= 100)
        memcpy(at -= 2, decimal_pairs + 2 * (number % 100), 2);
    *--at = decimal_pairs[2 * number + 1];
    if (number >= 10)
        *--at = decimal_pairs[2 * number];
    size_t count = (size_t)(digits + JSON_DIGITS - at);
    memcpy(text, at, count);
    return count;
}

void json_put_hex(struct json_text *json, const char *key, const uint8_t *bytes, size_t count)
{
    char *end = json_put_key(json, key, 2 * count + 2);
    if (end == NULL)
        return;
    *end++ = '"';
    for (size_t i = 0; i < count; i++)
        end = put_hex_pair(end, bytes[i]);
    *end++ = '"';
    json_put_up_to(json, end);
}

/* ---- strings -------------------------------------------------------------------------------- */

size_t json_utf8_bytes(const uint8_t *bytes, size_t count)
{
    uint8_t first = bytes[0];
    size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || length > count || first > 0xF4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    if (length < 3)
        return length;
    bool is_overlong = (first == 0xE0 && bytes[1] < 0xA0) || (first == 0xF0 && bytes[1] < 0x90);
    bool is_outside = (first == 0xED && bytes[1] > 0x9F) || (first == 0xF4 && bytes[1] > 0x8F);
    return is_overlong || is_outside ? 0 : length;
}

/* How a byte is written that cannot stand as it is. */
struct escapes {
    const char *control; /* what stands before its two hex digits */
    const char *backslash;
};

#define ESCAPED_BYTES 6 /* a byte becomes at most so many */

/* A bit a byte: control bytes, '"', '\', and whatever is no ASCII. */
static bool is_special(uint8_t byte)
{
    static const uint32_t special[8] = {0xFFFFFFFF,        1U << ('"' - 32), 1U << ('\\' - 64),
                                        1U << (0x7F - 96), 0xFFFFFFFF,       0xFFFFFFFF,
                                        0xFFFFFFFF,        0xFFFFFFFF};
    return (special[byte >> 5] >> (byte & 31) & 1) != 0;
}

/* One character or byte that is special; *at is behind it then. */
static char *put_special(char *end, const uint8_t **at, size_t count, const struct escapes *escapes)
{
    const uint8_t *bytes = *at;
    size_t length = json_utf8_bytes(bytes, count);
    *at += length > 0 ? length : 1;
    if (*bytes == '"')
        return stpcpy(end, "\\\"");
    if (*bytes == '\\')
        return stpcpy(end, escapes->backslash);
    if (length > 1)
        return (char *)memcpy(end, bytes, length) + length;
    return put_hex_pair(stpcpy(end, escapes->control), *bytes);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* A byte that is 0 leaves its highest bit, and bytes above it may. */
static uint64_t zeros(uint64_t eight)
{
    return (eight - EACH(1)) & ~eight & EACH(0x80);
}

/* Eight bytes at once; a doubt is settled byte by byte. */
static bool may_have_special(uint64_t eight)
{
    uint64_t controls = (eight - EACH(' ')) & EACH(0x80);
    uint64_t others =
        zeros(eight ^ EACH('"')) | zeros(eight ^ EACH('\\')) | zeros(eight ^ EACH(0x7F));
    return (controls | others | (eight & EACH(0x80))) != 0;
}

/* What stands for itself, as far as eight bytes do. */
static char *put_plain(char *end, const uint8_t **at, const uint8_t *behind)
{
    for (uint64_t eight; behind - *at >= 8; *at += 8, end += 8) {
        memcpy(&eight, *at, 8);
        if (may_have_special(eight))
            break;
        memcpy(end, &eight, 8);
    }
    return end;
}

static void put_quoted(struct json_text *json, const char *key, const uint8_t *bytes, size_t count,
                       const struct escapes *escapes)
{
    const uint8_t *at = bytes, *behind = bytes + count;
    char *end = json_put_key(json, key, ESCAPED_BYTES * count + 2);
    if (end == NULL)
        return;
    *end++ = '"';
    while (at < behind) {
        if (is_special(*at))
            end = put_special(end, &at, (size_t)(behind - at), escapes);
        else
            *end++ = (char)*at++;
        end = put_plain(end, &at, behind);
    }
    *end++ = '"';
    json_put_up_to(json, end);
}

void json_put_text(struct json_text *json, const char *key, const void *bytes, size_t count)
{
    static const struct escapes escapes = {"\\u00", "\\\\"};
    put_quoted(json, key, bytes, count, &escapes);
}

void json_put_string(struct json_text *json, const char *key, const char *text)
{
    json_put_text(json, key, text, strlen(text));
}

void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count)
{
    static const struct escapes escapes = {"\\\\x", "\\\\\\\\"};
    put_quoted(json, key, bytes, count, &escapes);
}
