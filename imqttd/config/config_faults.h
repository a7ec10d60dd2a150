/* config_faults.h: what is wrong with a configuration: "FILE:LINE: what is wrong", each of it. */
#ifndef IMQTTD_CONFIG_CONFIG_FAULTS_H
#define IMQTTD_CONFIG_CONFIG_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/* Where something stands. line 0: it is an option, and file is how it was typed. */
struct config_place {
    const char *file;
    unsigned line;
};

/* All zero: none. The lines are in the order they were found. */
struct config_faults {
    char **lines;
    size_t count;
    bool is_repeating; /* the modems of a fleet behind its first: one line for a place is enough */
};

void config_fault(struct config_faults *faults, struct config_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A value as it may be shown, in a text that is overwritten by the next: secrets in it are stars. */
const char *config_shown(const char *value, bool is_secret);

void config_faults_free(struct config_faults *faults);

#endif
