#include "imqttd/fleet/fleet_changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "imqttd/log/log.h"
#include "imqttd/need.h"

#define WHY_BYTES 512

void fleet_changes_fail(struct fleet_changes *changes, const char *name, const char *what,
                        const struct host_refusal *refusal)
{
    char why[WHY_BYTES];
    (void)snprintf(why, sizeof why, "%s: %s%s%s: %s", what, refusal->setting,
                   refusal->value != NULL ? " " : "", refusal->value != NULL ? refusal->value : "",
                   refusal->why);
    log_format(LEVEL_ERROR, name, "%s", why);
    if (changes == NULL)
        return;
    changes->failures =
        need_resize(changes->failures, (changes->failed + 1) * sizeof(struct fleet_failure));
    changes->failures[changes->failed++] = (struct fleet_failure){need_copy(name), need_copy(why)};
}

void fleet_changes_free(struct fleet_changes *changes)
{
    for (size_t i = 0; i < changes->failed; i++) {
        free(changes->failures[i].name);
        free(changes->failures[i].why);
    }
    free(changes->failures);
    *changes = (struct fleet_changes){0};
}
