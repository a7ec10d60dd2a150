/* prompt.h: verbs that are typed, with history and completion, or read from a file. */
#ifndef IMQTTCTL_PROMPT_H
#define IMQTTCTL_PROMPT_H

#include <stdio.h>

#include "imqttctl/ctl.h"

/* Until the end of input, or "quit". Returns how the last verb ended. */
enum ctl_exit prompt_run(struct ctl *ctl);

/* A verb a line; the first that fails ends it. */
enum ctl_exit prompt_batch(struct ctl *ctl, FILE *file);

#endif
