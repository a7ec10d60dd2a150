/* json_text.h: JSON written as text, for what happens thousands of times a second; what is asked for
 * now and then is made with jansson. Bytes of any kind become valid JSON. */
#ifndef IMQTTD_TRACE_JSON_TEXT_H
#define IMQTTD_TRACE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: empty. */
struct json_text {
    char *text; /* NUL-terminated once something was put */
    size_t count, room;
    bool failed; /* no memory: what was put since is missing */
};

/* Forgets what was put; the memory stays. */
void json_text_clear(struct json_text *json);
void json_text_free(struct json_text *json);

void json_put(struct json_text *json, const char *text);
void json_put_bytes(struct json_text *json, const char *text, size_t count);

/* ,"key":value - with the comma, but behind the '{' that began the object. */
void json_put_number(struct json_text *json, const char *key, int64_t number);
void json_put_flag(struct json_text *json, const char *key, bool flag);
void json_put_text(struct json_text *json, const char *key, const void *bytes, size_t count);
void json_put_word(struct json_text *json, const char *key, const char *word);
void json_put_hex(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* Control bytes, and what is no UTF-8, as \xNN, and a backslash as two: for people, and without
 * loss. */
void json_put_visible(struct json_text *json, const char *key, const uint8_t *bytes, size_t count);

/* The length of the UTF-8 character there, 0 if there is none. */
size_t json_utf8_bytes(const uint8_t *bytes, size_t count);

#endif
