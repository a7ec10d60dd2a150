/* verbs.h: the one table of verbs. Usage, help, completions, the prompt and the check of the manual
 * page are made from it. */
#ifndef IMQTTCTL_VERBS_H
#define IMQTTCTL_VERBS_H

#include <stdio.h>

#include "imqttctl/ctl.h"
#include "imqttctl/verb_arguments.h"

#define VERB_PLACES 3

/* In `completes`: the words that can stand there, with spaces between, or one of these. */
#define COMPLETES_MODEM "@modem"
#define COMPLETES_FILE  "@file"

struct verb {
    const char *name;
    const char *arguments;
    const char *help;                   /* one line */
    const char *completes[VERB_PLACES]; /* at the first places behind the verb; the last repeats */
    enum ctl_exit (*run)(struct ctl *ctl, struct verb_arguments *arguments);
};

/* All of them; the one behind the last has no name. */
const struct verb *verbs_all(void);
const struct verb *verbs_find(const char *name);

/* Runs a verb and its arguments; says what is wrong with them. */
enum ctl_exit verbs_run(struct ctl *ctl, int count, char **words);

/* What run() returns when its arguments are wrong. */
enum ctl_exit verbs_wrong_usage(const char *name);

void verbs_print_help(FILE *file);

/* The functions of the table, a file a family. */
typedef enum ctl_exit verb_function(struct ctl *ctl, struct verb_arguments *arguments);
verb_function verb_list, verb_show, verb_metrics; /* show.c */
verb_function verb_radio, verb_power, verb_urc, verb_link, verb_type, verb_reset, verb_reload;
verb_function verb_fault;
verb_function verb_trace, verb_record, verb_replay, verb_report;
verb_function verb_help;

#endif
