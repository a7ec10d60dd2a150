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
    struct document document; /* sections of modems, of the program, and [defaults], which win */
};

/* Reads the command line. Does not return for --help and --version (status 0), nor when something
 * is wrong with it: then one line on stderr names the option (EXIT_USAGE). */
void options_read(struct options *options, int argc, char **argv);

void options_free(struct options *options);

#endif
