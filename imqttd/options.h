/* options.h: the command line of imqttd. */
#ifndef IMQTTD_OPTIONS_H
#define IMQTTD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/net/endpoint.h"
#include "host/modem/modem_config.h"
#include "host/observer.h"
#include "host/net/tls.h"
#include "imqtt/identity.h"

/* Status of a program that was called wrongly or cannot start. */
#define EXIT_USAGE 2

enum terminal_type { TERMINAL_PTY, TERMINAL_SERIAL, TERMINAL_TCP, TERMINAL_STDIO };

struct terminal_option {
    enum terminal_type type;
    const char *option;         /* "pty": its name, for messages */
    const char *value;          /* pty: the link; serial: the device; tcp: as given; stdio: "" */
    uint32_t baud;              /* serial */
    struct endpoint where;      /* tcp */
    struct modem_config config; /* what its modem is made of, once it was started */
};

struct options {
    struct terminal_option *terminals; /* in the order they were given */
    size_t terminal_count;
    char *values; /* theirs, one behind the other */
    size_t values_bytes;
    struct imqtt_identity identity; /* of all modems; its strings are in identity_text */
    char *identity_text;
    const char *state_folder; /* NULL: nothing is kept over restarts */
    struct tls_settings tls;
    bool allow_remote; /* of --tcp */
    bool no_boot_urc;
    enum log_level log_level;
};

/* Reads the command line. Does not return for --help and --version (status 0), nor when something
 * is wrong with it: then one line on stderr names the option (EXIT_USAGE). */
void options_read(struct options *options, int argc, char **argv);

void options_free(struct options *options);

#endif
