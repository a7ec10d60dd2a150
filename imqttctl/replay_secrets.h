/* replay_secrets.h: what a recording has as stars, and the user gives again. */
#ifndef IMQTTCTL_REPLAY_SECRETS_H
#define IMQTTCTL_REPLAY_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLAY_SECRETS    16
#define REPLAY_LINE_BYTES 5120 /* of a host's line that are remembered */

struct replay_secrets {
    const char *given[REPLAY_SECRETS]; /* "NAME=VALUE" */
    size_t count;
    uint8_t line[REPLAY_LINE_BYTES]; /* as it was recorded, up to the event that is said next */
    size_t line_bytes;
    size_t data_bytes_left; /* behind it, which are a secret */
    bool is_filled;         /* its secret has been said */
};

/* What an event with stars stands for, which may be one of several pieces of its line: they have the
 * value of the secret that is named like its command (IMQTTUSER) in the place of all their stars.
 * Allocated; NULL: no such value was given, and *name says which; "": nobody can tell, the line is
 * hidden as a whole. */
uint8_t *replay_secrets_fill(struct replay_secrets *secrets, const uint8_t *bytes, size_t count,
                             size_t *filled_bytes, const char **name);

/* The host has said this, as it was recorded: each of its events, in their order. */
void replay_secrets_follow(struct replay_secrets *secrets, const uint8_t *bytes, size_t count,
                           bool is_starred);

#endif
