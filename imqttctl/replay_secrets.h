/* replay_secrets.h: what a recording has as stars, and the user gives again. */
#ifndef IMQTTCTL_REPLAY_SECRETS_H
#define IMQTTCTL_REPLAY_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLAY_SECRETS 16

struct replay_secrets {
    const char *given[REPLAY_SECRETS]; /* "NAME=VALUE" */
    size_t count;
};

/* The line with the value of the secret that is named like its command (IMQTTUSER) in the place of
 * its stars. Allocated; NULL: none was given, and name says which. */
uint8_t *replay_secrets_fill(const struct replay_secrets *secrets, const uint8_t *line,
                             size_t line_bytes, size_t *filled_bytes, char name[32]);

#endif
