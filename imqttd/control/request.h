/* request.h: one request, from its first line to its answer. */
#ifndef IMQTTD_CONTROL_REQUEST_H
#define IMQTTD_CONTROL_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "imqttd/daemon.h"

#define REQUEST_BODY_BYTES 65536
#define REQUEST_ARGUMENTS  4
#define REQUEST_NAME_BYTES 64

struct request {
    struct MHD_Connection *connection;
    struct control *control;
    struct daemon *daemon;
    const char *method;
    char path[512]; /* as it was sent */
    char *body;
    size_t body_bytes;
    bool is_too_large;
    bool is_answered;
    struct events_client *events; /* it is a stream */
    const char *header;           /* one more of the answer; NULL: none */
    char header_value[48];

    /* Of the path, decoded. */
    char name[REQUEST_NAME_BYTES + 1];
    char fault[REQUEST_NAME_BYTES + 1];
    json_t *json; /* the body; NULL: there was none */
};

/* ---- answers: each gives what a handler returns ---------------------------------------------- */

/* Takes the value over. */
enum MHD_Result answer_json(struct request *request, unsigned status, json_t *value);

enum MHD_Result answer_text(struct request *request, unsigned status, const char *type,
                            const char *text, size_t count);

/* field NULL: the error is about nothing in particular. */
enum MHD_Result answer_error(struct request *request, unsigned status, const char *code,
                             const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Queues a response made elsewhere, and lets go of it. Nothing of it is kept by who asked. */
enum MHD_Result answer_with(struct request *request, unsigned status,
                            struct MHD_Response *response);

/* The same for one that says itself how long it may be kept. */
enum MHD_Result answer_as_it_is(struct request *request, unsigned status,
                                struct MHD_Response *response);

/* ---- what was asked -------------------------------------------------------------------------- */

/* Percent-decodes; false: not a valid form, a NUL, or too long. */
bool request_decode(char *decoded, size_t room, const char *text, size_t count);

/* A value of the query, decoded into text. NULL: it is not there. */
const char *request_query(const struct request *request, const char *key, char *text, size_t room);

/* The query has nothing but these keys; else the error was answered. */
bool request_has_only(struct request *request, const char *const *keys, enum MHD_Result *result);

#endif
