#include "imqttd/control/body.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_BYTES 4096

static bool is_listed(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

bool body_has_only(struct request *request, json_t *json, const char *const *keys,
                   enum MHD_Result *result)
{
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        if (is_listed(key, keys))
            continue;
        *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "unknown_key", key,
                               "there is no such key here");
        return false;
    }
    return true;
}

bool body_is_empty(struct request *request, enum MHD_Result *result)
{
    static const char *const none[] = {NULL};
    return body_has_only(request, request->json, none, result);
}

/* Of the only key. NULL: the error was answered. */
static json_t *only_value(struct request *request, const char *key, enum MHD_Result *result)
{
    const char *const keys[] = {key, NULL};
    json_t *value = json_object_get(request->json, key);
    if (!body_has_only(request, request->json, keys, result))
        return NULL;
    if (value == NULL)
        *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "missing", key,
                               "%s is missing", key);
    return value;
}

bool body_number(struct request *request, const char *key, uint64_t most, uint64_t *number,
                 enum MHD_Result *result)
{
    json_t *value = only_value(request, key, result);
    if (value == NULL)
        return false;
    json_int_t given = json_is_integer(value) ? json_integer_value(value) : -1;
    *number = (uint64_t)given;
    if (given >= 0 && *number <= most)
        return true;
    *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", key,
                           "%s is no number from 0 to %" PRIu64, key, most);
    return false;
}

static const char *only_string(struct request *request, const char *key, size_t *count,
                               enum MHD_Result *result)
{
    json_t *value = only_value(request, key, result);
    if (value == NULL)
        return NULL;
    if (!json_is_string(value)) {
        *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", key,
                               "%s is no string", key);
        return NULL;
    }
    *count = json_string_length(value);
    return json_string_value(value);
}

bool body_word(struct request *request, const char *key, const char *const *words, size_t *place,
               enum MHD_Result *result)
{
    size_t count;
    const char *word = only_string(request, key, &count, result);
    if (word == NULL)
        return false;
    for (*place = 0; words[*place] != NULL; ++*place)
        if (strcmp(words[*place], word) == 0)
            return true;
    *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", key,
                           "%s is none of %s, %s%s%s", key, words[0], words[1],
                           words[2] != NULL ? ", " : "", words[2] != NULL ? words[2] : "");
    return false;
}

static bool is_control(char byte)
{
    return (unsigned char)byte < ' ' || byte == 0x7F;
}

bool body_text(struct request *request, const char *key, const char *but, const char **text,
               enum MHD_Result *result)
{
    size_t count, i = 0;
    *text = only_string(request, key, &count, result);
    if (*text == NULL)
        return false;
    while (i < count && (!is_control((*text)[i]) || memchr(but, (*text)[i], strlen(but)) != NULL))
        i++;
    if (count > 0 && count <= TEXT_BYTES && i == count)
        return true;
    *result = answer_error(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", key,
                           "%s has 1 to %d bytes, and no control bytes%s", key, TEXT_BYTES,
                           *but != '\0' ? " but Ctrl-Z and ESC" : "");
    return false;
}
