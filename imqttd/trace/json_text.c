#include "imqttd/trace/json_text.h"

#include <inttypes.h>
#include <stdio.h>
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

static bool make_room(struct json_text *json, size_t more)
{
    size_t room = json->room != 0 ? json->room : 256;
    if (json->count + more < json->room)
        return true;
    while (room <= json->count + more)
        room *= 2;
    char *text = realloc(json->text, room);
    if (text == NULL) {
        json->failed = true;
        return false;
    }
    json->text = text;
    json->room = room;
    return true;
}

void json_put_bytes(struct json_text *json, const char *text, size_t count)
{
    if (!make_room(json, count))
        return;
    memcpy(json->text + json->count, text, count);
    json->count += count;
    json->text[json->count] = '\0';
}

void json_put(struct json_text *json, const char *text)
{
    json_put_bytes(json, text, strlen(text));
}

static void put_key(struct json_text *json, const char *key)
{
    if (json->count > 0 && json->text[json->count - 1] != '{')
        json_put(json, ",");
    json_put(json, "\"");
    json_put(json, key);
    json_put(json, "\":");
}

void json_put_number(struct json_text *json, const char *key, int64_t number)
{
    char digits[24];
    put_key(json, key);
    size_t digit_count = (size_t)snprintf(digits, sizeof digits, "%" PRId64, number);
    json_put_bytes(json, digits, digit_count);
}

void json_put_flag(struct json_text *json, const char *key, bool flag)
{
    put_key(json, key);
    json_put(json, flag ? "true" : "false");
}

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

static bool is_control(uint8_t byte)
{
    return byte < ' ' || byte == 0x7F;
}

/* One character or byte that cannot stand as it is; how many bytes it took. */
static size_t put_special(struct json_text *json, const uint8_t *bytes, size_t count,
                          const char *control_form)
{
    char text[8];
    size_t length = json_utf8_bytes(bytes, count);
    if (length == 0 || is_control(bytes[0])) {
        size_t text_bytes = (size_t)snprintf(text, sizeof text, control_form, bytes[0]);
        json_put_bytes(json, text, text_bytes);
        return 1;
    }
    if (bytes[0] == '"')
        json_put(json, "\\\"");
    else
        json_put_bytes(json, (const char *)bytes, length);
    return length;
}

static void put_quoted(struct json_text *json, const uint8_t *bytes, size_t count,
                       const char *control_form, const char *backslash)
{
    size_t plain = 0, i = 0;
    json_put(json, "\"");
    while (i < count) {
        uint8_t byte = bytes[i];
        if (byte >= ' ' && byte < 0x7F && byte != '"' && byte != '\\') {
            i++;
            continue;
        }
        json_put_bytes(json, (const char *)bytes + plain, i - plain);
        if (byte == '\\') {
            json_put(json, backslash);
            i++;
        } else {
            i += put_special(json, bytes + i, count - i, control_form);
        }
        plain = i;
    }
    json_put_bytes(json, (const char *)bytes + plain, i - plain);
    json_put(json, "\"");
}

void json_put_text(struct json_text *json, const char *key, const void *bytes, size_t count)
{
    put_key(json, key);
    put_quoted(json, bytes, count, "\\u%04x", "\\\\");
}

void json_put_word(struct json_text *json, const char *key, const char *word)
{
    json_put_text(json, key, word, strlen(word));
}

void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count)
{
    put_key(json, key);
    put_quoted(json, bytes, count, "\\\\x%02x", "\\\\\\\\");
}

void json_put_hex(struct json_text *json, const char *key, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    put_key(json, key);
    json_put(json, "\"");
    if (make_room(json, 2 * count)) {
        for (size_t i = 0; i < count; i++) {
            json->text[json->count++] = digits[bytes[i] >> 4];
            json->text[json->count++] = digits[bytes[i] & 15];
        }
        json->text[json->count] = '\0';
    }
    json_put(json, "\"");
}
