/* json_text.h: JSON written as text, for what happens thousands of times a second; what is asked for
 * now and then is made with jansson. Bytes of any kind become valid JSON. */
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

void json_put_bytes(struct json_text *json, const char *text, size_t count);

/* Here, so that the length of what is written in the program is known when it is built. */
static inline void json_put(struct json_text *json, const char *text)
{
    json_put_bytes(json, text, strlen(text));
}

/* ,"key":value - with the comma, but behind the '{' that began the object. */
void json_put_number(struct json_text *json, const char *key, int64_t number);
void json_put_flag(struct json_text *json, const char *key, bool flag);
void json_put_text(struct json_text *json, const char *key, const void *bytes, size_t count);
void json_put_word(struct json_text *json, const char *key, const char *word);
void json_put_hex(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* Control bytes, and what is no UTF-8, as \xNN, and a backslash as two: for people, and without
 * loss. */
void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* A number's digits, not NUL-terminated; how many. */
#define JSON_DIGITS 20
size_t json_digits(char text[JSON_DIGITS], uint64_t number);

/* The length of the UTF-8 character there, 0 if there is none. */
size_t json_utf8_bytes(const uint8_t *bytes, size_t count);

#endif
