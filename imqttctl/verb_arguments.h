/* verb_arguments.h: the words behind a verb. */
#ifndef IMQTTCTL_VERB_ARGUMENTS_H
#define IMQTTCTL_VERB_ARGUMENTS_H

#include <stdbool.h>

struct verb_arguments {
    int count;
    char **words;
};

/* Takes the option out of the words, wherever it stands: --json */
bool arguments_take_flag(struct verb_arguments *arguments, const char *name);

/* Takes the option and its value out: --seed 7, --seed=7. NULL: it is not there, or (is_wrong) it
 * has no value. */
char *arguments_take_value(struct verb_arguments *arguments, const char *name, bool *is_wrong);

/* The first word that looks like an option and was not taken; NULL: none. */
const char *arguments_stray_option(const struct verb_arguments *arguments);

#endif
