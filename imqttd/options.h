/* options.h: the command line of imqttd. What it says of modems and of the program it says in the
 * words of the configuration, so that there is one way from words to modems. */
#ifndef IMQTTD_OPTIONS_H
#define IMQTTD_OPTIONS_H

#include <stdbool.h>

#include "imqttd/config/document.h"

/* Status of a program that was called wrongly or cannot start. */
#define EXIT_USAGE 2

struct options {
    const char *config_file; /* NULL: none */
    bool check_config;
    bool print_config;
    bool strict;              /* a command that ended in an error makes the status 1 */
    struct document document; /* sections of modems, of the program, and [defaults], which win */
};

/* Reads the command line. Does not return for --help and --version (status 0), nor when something
 * is wrong with it: then a line on stderr names the option, another one --help (EXIT_USAGE). */
void options_read(struct options *options, int argc, char **argv);

/* Ends the program behind what it was only to print: status 1 if standard output did not take it, as
 * on a full disk. */
_Noreturn void options_end_told(void);

void options_free(struct options *options);

#endif
