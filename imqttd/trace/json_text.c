#include "imqttd/trace/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/trace/eight_bytes.h"

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

static size_t count_digits(uint64_t number)
{
    size_t count = 1;
    for (; number >= 1000; number /= 1000)
        count += 3;
    return count + (number >= 10) + (number >= 100);
}

size_t json_digits(char text[JSON_DIGITS], uint64_t number)
{
    size_t count = count_digits(number);
    char *at = text + count;
    for (; number >= 100; number /= 100)
        memcpy(at -= 2, decimal_pairs + 2 * (number % 100), 2);
    if (number >= 10)
        memcpy(text, decimal_pairs + 2 * number, 2);
    else
        *text = (char)('0' + number);
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

/* How a byte is written that cannot stand as it is: so many bytes of each. */
struct escapes {
    char control[4]; /* what stands before its two hex digits */
    size_t control_bytes;
    char backslash[4];
    size_t backslash_bytes;
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

static char *put_control(char *end, uint8_t byte, const struct escapes *escapes)
{
    memcpy(end, escapes->control, sizeof escapes->control);
    return put_hex_pair(end + escapes->control_bytes, byte);
}

/* One character or byte that is special; *at is behind it then. */
static char *put_special(char *end, const uint8_t **at, size_t count, const struct escapes *escapes)
{
    const uint8_t *bytes = *at;
    size_t length = *bytes < 0x80 ? 1 : json_utf8_bytes(bytes, count);
    *at += length > 0 ? length : 1;
    if (length > 1)
        return mempcpy(end, bytes, length);
    if (*bytes == '"')
        return mempcpy(end, "\\\"", 2);
    if (*bytes != '\\')
        return put_control(end, *bytes, escapes);
    memcpy(end, escapes->backslash, sizeof escapes->backslash);
    return end + escapes->backslash_bytes;
}

static bool may_have_special(uint64_t eight)
{
    return (eight_below_or_high(eight, ' ') | eight_has(eight, '"') | eight_has(eight, '\\') |
            eight_has(eight, 0x7F)) != 0;
}

/* What stands for itself, as far as eight bytes do. */
static char *put_plain(char *end, const uint8_t **at, const uint8_t *behind)
{
    for (; behind - *at >= 8 && !may_have_special(eight_at(*at)); *at += 8, end += 8)
        memcpy(end, *at, 8);
    return end;
}

static void put_quoted(struct json_text *json, const char *key, const uint8_t *bytes, size_t count,
                       const struct escapes *escapes)
{
    const uint8_t *at = bytes, *behind = bytes + count;
    char *end = json_put_key(json, key, ESCAPED_BYTES * count + 4);
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
    static const struct escapes escapes = {"\\u00", 4, "\\\\", 2};
    put_quoted(json, key, bytes, count, &escapes);
}

void json_put_string(struct json_text *json, const char *key, const char *text)
{
    json_put_text(json, key, text, strlen(text));
}

void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count)
{
    static const struct escapes escapes = {"\\\\x", 3, "\\\\\\\\", 4};
    put_quoted(json, key, bytes, count, &escapes);
}
