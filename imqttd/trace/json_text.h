/* json_text.h: JSON written as text, for what happens thousands of times a second; what is asked for
 * now and then is made with jansson. Bytes of any kind become valid JSON.
 *
 * What is short stands here, so that the lengths of keys and words are known when the program is built.
 */
#ifndef IMQTTD_TRACE_JSON_TEXT_H
#define IMQTTD_TRACE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* All zero: empty. */
struct json_text {
    char *text; /* NUL-terminated once something was put */
    size_t count, room;
    bool failed; /* no memory: what was put since is missing */
};

/* Forgets what was put; the memory stays. */
void json_text_clear(struct json_text *json);
void json_text_free(struct json_text *json);

/* Room for so much in all, at once. false: no memory. */
bool json_text_reserve(struct json_text *json, size_t bytes);

/* Room for so much more, and the NUL. false: no memory. */
bool json_text_grow(struct json_text *json, size_t more);

/* Where so many bytes and a NUL can be put. NULL: no memory. */
static inline char *json_room(struct json_text *json, size_t more)
{
    bool has_room = json->count + more < json->room || json_text_grow(json, more);
    return has_room ? json->text + json->count : NULL;
}

/* What was put there ends here. */
static inline void json_put_up_to(struct json_text *json, char *end)
{
    *end = '\0';
    json->count = (size_t)(end - json->text);
}

static inline void json_put_bytes(struct json_text *json, const char *text, size_t count)
{
    char *end = json_room(json, count);
    if (end != NULL)
        json_put_up_to(json, (char *)memcpy(end, text, count) + count);
}

static inline void json_put(struct json_text *json, const char *text)
{
    json_put_bytes(json, text, strlen(text));
}

/* "key": with the comma, but behind the '{' that began the object. more: room for the value. Where
 * that goes, or NULL. */
static inline char *json_put_key(struct json_text *json, const char *key, size_t more)
{
    size_t bytes = strlen(key);
    char *end = json_room(json, bytes + more + 4);
    if (end == NULL)
        return NULL;
    if (json->count > 0 && end[-1] != '{')
        *end++ = ',';
    *end++ = '"';
    end = mempcpy(end, key, bytes);
    *end++ = '"';
    *end++ = ':';
    return end;
}

/* ,"key":value. A word is one of the program's own: it has nothing that needs escaping. */
static inline void json_put_word(struct json_text *json, const char *key, const char *word)
{
    size_t bytes = strlen(word);
    char *end = json_put_key(json, key, bytes + 2);
    if (end == NULL)
        return;
    *end++ = '"';
    end = mempcpy(end, word, bytes);
    *end++ = '"';
    json_put_up_to(json, end);
}

static inline void json_put_flag(struct json_text *json, const char *key, bool flag)
{
    char *end = json_put_key(json, key, 5);
    if (end != NULL)
        json_put_up_to(json, stpcpy(end, flag ? "true" : "false"));
}

/* The digits of a number; how many there are. */
#define JSON_DIGITS 20
size_t json_digits(char text[JSON_DIGITS], uint64_t number);

static inline void json_put_number(struct json_text *json, const char *key, int64_t number)
{
    char *end = json_put_key(json, key, 1 + JSON_DIGITS);
    if (end == NULL)
        return;
    if (number < 0)
        *end++ = '-';
    end += json_digits(end, number < 0 ? -(uint64_t)number : (uint64_t)number);
    json_put_up_to(json, end);
}

/* Bytes of any kind; what is no UTF-8 is taken for Latin-1. */
void json_put_text(struct json_text *json, const char *key, const void *bytes, size_t count);
void json_put_string(struct json_text *json, const char *key, const char *text);
void json_put_hex(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* Control bytes, and what is no UTF-8, as \xNN, and a backslash as two: for people, and without
 * loss. */
void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* The length of the UTF-8 character there, 0 if there is none. */
size_t json_utf8_bytes(const uint8_t *bytes, size_t count);

#endif
