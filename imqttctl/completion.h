/* completion.h: what can stand next on a line, from the table of verbs and the daemon. */
#ifndef IMQTTCTL_COMPLETION_H
#define IMQTTCTL_COMPLETION_H

#include <stdio.h>

#include "imqttctl/ctl.h"

/* Called with each candidate for the word behind these; "@file" stands for any file's name. */
typedef void completion_taker(void *context, const char *candidate);
void completion_find(struct ctl *ctl, int count, char **words, completion_taker *take,
                     void *context);

/* The script of a shell: bash, zsh or fish. It asks the program itself (--complete WORD...). */
enum ctl_exit completion_print_script(const char *shell);

#endif
