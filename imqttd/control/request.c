#include "imqttd/control/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- answers -------------------------------------------------------------------------------- */

enum MHD_Result answer_as_it_is(struct request *request, unsigned status,
                                struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    request->is_answered = true;
    return result;
}

enum MHD_Result answer_with(struct request *request, unsigned status, struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (request->header != NULL)
        MHD_add_response_header(response, request->header, request->header_value);
    return answer_as_it_is(request, status, response);
}

enum MHD_Result answer_text(struct request *request, unsigned status, const char *type,
                            const char *text, size_t count)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(count, (void *)text, MHD_RESPMEM_MUST_COPY);
    if (response != NULL)
        MHD_add_response_header(response, "Content-Type", type);
    return answer_with(request, status, response);
}

enum MHD_Result answer_json(struct request *request, unsigned status, json_t *value)
{
    char *text = value != NULL ? json_dumps(value, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    json_decref(value);
    if (text == NULL)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    else
        MHD_add_response_header(response, "Content-Type", "application/json");
    return answer_with(request, status, response);
}

/* Part of what was asked may stand in it: it becomes valid UTF-8 or is left out. */
static json_t *text_of(const char *text)
{
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("a text that is no UTF-8");
}

enum MHD_Result answer_error(struct request *request, unsigned status, const char *code,
                             const char *field, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is; the check errs on later files */
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    json_t *error = json_pack("{s:s, s:o}", "code", code, "message", text_of(message));
    if (field != NULL)
        json_object_set_new(error, "field", text_of(field));
    return answer_json(request, status, json_pack("{s:o}", "error", error));
}

/* ---- what was asked ------------------------------------------------------------------------- */

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 0x20);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool request_decode(char *decoded, size_t room, const char *text, size_t count)
{
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        int byte = (unsigned char)text[i];
        if (byte == '%') {
            int high = i + 2 < count ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            byte = low >= 0 ? high * 16 + low : 0;
            i += 2;
        }
        if (byte == 0 || written + 1 >= room)
            return false;
        decoded[written++] = (char)byte;
    }
    decoded[written] = '\0';
    return true;
}

const char *request_query(const struct request *request, const char *key, char *text, size_t room)
{
    const char *value =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, key);
    if (value == NULL || !request_decode(text, room, value, strlen(value)))
        return NULL;
    return text;
}

struct key_check {
    const char *const *keys;
    char unknown[REQUEST_NAME_BYTES];
};

static enum MHD_Result check_key(void *context, enum MHD_ValueKind kind, const char *key,
                                 const char *value)
{
    struct key_check *check = context;
    (void)kind;
    for (const char *const *each = check->keys; *each != NULL; each++)
        if (strcmp(*each, key) == 0 && value != NULL)
            return MHD_YES;
    snprintf(check->unknown, sizeof check->unknown, "%s", *key != '\0' ? key : "?");
    return MHD_NO;
}

bool request_has_only(struct request *request, const char *const *keys, enum MHD_Result *result)
{
    struct key_check check = {.keys = keys};
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_key, &check);
    if (check.unknown[0] == '\0')
        return true;
    *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "unknown_key", check.unknown,
                           "%s is no parameter of this path", check.unknown);
    return false;
}
