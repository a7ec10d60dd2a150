/* control_client.h: requests to a daemon's control interface, over its Unix socket or TCP. Says
 * nothing itself.
 */
#ifndef CONTROL_CLIENT_CONTROL_CLIENT_H
#define CONTROL_CLIENT_CONTROL_CLIENT_H

#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct control_target {
    const char *socket;     /* a path; used if there is no address */
    const char *address;    /* "HOST:PORT" */
    const char *token_file; /* of TCP; NULL: none */
};

/* What the daemon answered. */
struct control_answer {
    long status;
    char *text; /* ends with 0; NULL: nothing */
    size_t bytes;
    json_t *json; /* NULL: it is none */
};

struct control_client;

/* NULL: no memory, or with *has_token false no token in the file. No connection is made before the
 * first request. */
struct control_client *control_client_new(const struct control_target *target, bool *has_token);
void control_client_end(struct control_client *client);

/* body: taken over; NULL: none. Not CURLE_OK: no answer came. */
CURLcode control_ask(struct control_client *client, const char *method, const char *path,
                     json_t *body, struct control_answer *answer);
void control_answer_end(struct control_answer *answer);

/* Makes a transfer of the caller ask for something: a stream. What it takes and until when is the
 * caller's. */
void control_aim(const struct control_client *client, CURL *transfer, const char *method,
                 const char *path);

/* For a transfer of the caller that gets an answer after all: CURLOPT_WRITEFUNCTION, and what is
 * done once all is there. */
size_t control_answer_take(char *bytes, size_t size, size_t count, void *answer);
void control_answer_finish(struct control_answer *answer, CURL *transfer);

/* A word for use in a path or a query; free it. */
char *control_encode(const char *word);

/* "/v1/modems/NAME" and what comes behind it, NAME encoded; free it. */
char *control_modem_path(const char *name, const char *behind);

#endif
