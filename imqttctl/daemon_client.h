/* daemon_client.h: requests to a daemon's control interface, over its Unix socket or TCP. */
#ifndef IMQTTCTL_DAEMON_CLIENT_H
#define IMQTTCTL_DAEMON_CLIENT_H

#include <jansson.h>
#include <stddef.h>

#include "imqttctl/ctl.h"

struct daemon_client;

struct daemon_target {
    const char *socket;     /* a path; used if there is no address */
    const char *address;    /* "HOST:PORT" */
    const char *token_file; /* of TCP; NULL: none */
};

/* What the daemon answered. */
struct daemon_answer {
    long status;
    char *text; /* ends with 0 */
    size_t bytes;
    json_t *json; /* NULL: it is none */
};

/* NULL: a line says why. No connection is made before the first request. */
struct daemon_client *daemon_client_new(const struct daemon_target *target);
void daemon_client_end(struct daemon_client *client);

/* body: taken over; NULL: none. CTL_DONE: it was done; otherwise a line has said why not, but for a
 * status of 409 and a body with "errors", which the caller says. */
enum ctl_exit daemon_ask(struct daemon_client *client, const char *method, const char *path,
                         json_t *body, struct daemon_answer *answer);
/* GET; nothing is said. true: it was done. */
bool daemon_ask_quietly(struct daemon_client *client, const char *path,
                        struct daemon_answer *answer);
void daemon_answer_end(struct daemon_answer *answer);

/* Hands over what comes, until the daemon ends it (CTL_FAILED, said), the receiver has enough
 * (false) or the user (CTL_DONE). No bytes: it begins. */
typedef bool daemon_receiver(void *context, const char *bytes, size_t count);
enum ctl_exit daemon_follow(struct daemon_client *client, const char *path,
                            daemon_receiver *receiver, void *context);

/* "/v1/modems/NAME" and what comes behind it, NAME encoded; free it. */
char *daemon_modem_path(const char *name, const char *behind);

/* A word for use in a query; free it. */
char *daemon_encode(const char *word);

#endif
