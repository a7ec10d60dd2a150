/* fleet_changes.h: what a new configuration came to: counts, and what of it could not be had. */
#ifndef IMQTTD_FLEET_FLEET_CHANGES_H
#define IMQTTD_FLEET_FLEET_CHANGES_H

#include <stddef.h>

#include "host/refusal.h"

struct fleet_failure {
    char *name; /* a modem's */
    char *why;
};

/* All zero: nothing yet. What failed is counted nowhere else. */
struct fleet_changes {
    size_t unchanged, changed, added, removed, failed;
    struct fleet_failure *failures; /* so many as failed, in the order they were met */
};

/* Logs what came of a modem ("cannot start"), and keeps it, unless changes is NULL. */
void fleet_changes_fail(struct fleet_changes *changes, const char *name, const char *what,
                        const struct host_refusal *refusal);

void fleet_changes_free(struct fleet_changes *changes);

#endif
