#include "imqttd/options.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/terminal/serial_line.h"
#include "imqttd/log.h"

#define FIRST_VALUE 256 /* of getopt_long(): behind every character */

struct row {
    const char *name;
    const char *argument; /* NULL: none */
    const char *help;
    void (*take)(struct options *options, const struct row *row, const char *argument);
};

static _Noreturn void refuse_value(const struct row *row, const char *value, const char *why)
{
    errx(EXIT_USAGE, "--%s%s%s: %s", row->name, *value != '\0' ? " " : "", value, why);
}

/* ---- one function an option ----------------------------------------------------------------- */

static void refuse_twin(const struct options *options, const struct row *row,
                        const struct terminal_option *new)
{
    for (size_t i = 0; i < options->terminal_count; i++) {
        const struct terminal_option *each = &options->terminals[i];
        if (each->type == new->type &&new->type != TERMINAL_TCP &&
            strcmp(each->value, new->value) == 0)
            refuse_value(row, new->value, "given twice");
    }
}

static const char *keep(struct options *options, const char *text, size_t count)
{
    char *kept = options->values + options->values_bytes;
    memcpy(kept, text, count);
    kept[count] = '\0';
    options->values_bytes += count + 1;
    return kept;
}

/* Its value is the first count bytes of text. */
static struct terminal_option *add_terminal(struct options *options, const struct row *row,
                                            enum terminal_type type, const char *text, size_t count)
{
    struct terminal_option *added = &options->terminals[options->terminal_count];
    *added = (struct terminal_option){
        .type = type, .option = row->name, .value = keep(options, text, count)};
    refuse_twin(options, row, added);
    options->terminal_count++;
    return added;
}

static void take_pty(struct options *options, const struct row *row, const char *argument)
{
    if (*argument == '\0')
        refuse_value(row, argument, "the link needs a name");
    add_terminal(options, row, TERMINAL_PTY, argument, strlen(argument));
}

static uint32_t parse_baud(const struct row *row, const char *argument, const char *digits)
{
    size_t count = strspn(digits, "0123456789");
    unsigned long baud =
        count > 0 && count < 9 && digits[count] == '\0' ? strtoul(digits, NULL, 10) : 0;
    if (baud < SERIAL_BAUD_MIN || baud > SERIAL_BAUD_MAX)
        refuse_value(row, argument, "no such baud rate");
    return (uint32_t)baud;
}

static void take_serial(struct options *options, const struct row *row, const char *argument)
{
    uint32_t baud = SERIAL_BAUD_DEFAULT;
    const char *comma = strrchr(argument, ',');
    size_t count = comma != NULL ? (size_t)(comma - argument) : strlen(argument);
    if (count == 0)
        refuse_value(row, argument, "the device needs a name");
    if (comma != NULL)
        baud = parse_baud(row, argument, comma + 1);
    add_terminal(options, row, TERMINAL_SERIAL, argument, count)->baud = baud;
}

static void take_tcp(struct options *options, const struct row *row, const char *argument)
{
    struct endpoint where;
    if (!endpoint_parse(&where, argument, strlen(argument)))
        refuse_value(row, argument, "not of the form HOST:PORT");
    add_terminal(options, row, TERMINAL_TCP, argument, strlen(argument))->where = where;
}

static void take_stdio(struct options *options, const struct row *row, const char *argument)
{
    (void)argument;
    add_terminal(options, row, TERMINAL_STDIO, "", 0);
}

static void take_state(struct options *options, const struct row *row, const char *argument)
{
    if (*argument == '\0')
        refuse_value(row, argument, "the folder needs a name");
    options->state_folder = argument;
}

static enum imqtt_identity_field find_field(const struct row *row, const char *key, size_t count)
{
#define FIELD_KEY(name, key, rule) key,
    static const char *const keys[] = {IMQTT_IDENTITY_FIELDS(FIELD_KEY)};
#undef FIELD_KEY
#define NEXT_KEY(name, key, rule) " " key
    for (unsigned i = 0; i < IMQTT_IDENTITY_FIELD_COUNT; i++)
        if (strlen(keys[i]) == count && memcmp(keys[i], key, count) == 0)
            return i;
    refuse_value(row, key, "the keys are" IMQTT_IDENTITY_FIELDS(NEXT_KEY));
#undef NEXT_KEY
}

static void take_identity_field(struct options *options, const struct row *row, const char *pair)
{
    size_t key_bytes = strcspn(pair, "=");
    if (pair[key_bytes] == '\0')
        refuse_value(row, pair, "not of the form KEY=VALUE");
    enum imqtt_identity_field field = find_field(row, pair, key_bytes);
    const char *value = pair + key_bytes + 1;
    const char *rule = imqtt_identity_problem(field, value);
    if (rule != NULL)
        errx(EXIT_USAGE, "--%s %s: must be %s", row->name, pair, rule);
    if (options->identity.given[field] != NULL)
        refuse_value(row, pair, "given twice");
    options->identity.given[field] = value;
}

static void take_identity(struct options *options, const struct row *row, const char *argument)
{
    if (options->identity_text != NULL)
        refuse_value(row, argument, "given twice");
    options->identity_text = strdup(argument);
    if (options->identity_text == NULL)
        err(EXIT_USAGE, "--%s", row->name);
    for (char *rest = options->identity_text; rest != NULL;)
        take_identity_field(options, row, strsep(&rest, ","));
}

static void take_allow_remote(struct options *options, const struct row *row, const char *argument)
{
    (void)row;
    (void)argument;
    options->allow_remote = true;
}

static void take_tls_ca(struct options *options, const struct row *row, const char *argument)
{
    (void)row;
    options->tls.ca_file = argument;
}

static void take_tls_crl(struct options *options, const struct row *row, const char *argument)
{
    (void)row;
    options->tls.crl_file = argument;
}

static void take_tls_insecure(struct options *options, const struct row *row, const char *argument)
{
    (void)row;
    (void)argument;
    options->tls.insecure = true;
}

static void take_no_boot_urc(struct options *options, const struct row *row, const char *argument)
{
    (void)row;
    (void)argument;
    options->no_boot_urc = true;
}

static void take_log(struct options *options, const struct row *row, const char *argument)
{
    if (!log_parse_level(&options->log_level, argument))
        refuse_value(row, argument, "not one of error, warning, info, debug");
}

static void take_version(struct options *options, const struct row *row, const char *argument)
{
    (void)options;
    (void)row;
    (void)argument;
    puts("imqttd " IMQTT_VERSION);
    exit(EXIT_SUCCESS);
}

static void take_help(struct options *options, const struct row *row, const char *argument);

static const struct row rows[] = {
    {"pty", "LINK", "a modem on a pseudo-terminal, to be opened as LINK", take_pty},
    {"serial", "DEV[,BAUD]", "a modem on a serial port (115200 baud)", take_serial},
    {"tcp", "HOST:PORT", "a modem for each connection to a TCP port (0: any)", take_tcp},
    {"allow-remote", NULL, "let other computers reach the ports of --tcp", take_allow_remote},
    {"stdio", NULL, "a modem on standard input and output", take_stdio},
    {"identity", "KEY=VALUE,...", "who the modems say they are (manufacturer, model, imei)",
     take_identity},
    {"state", "DIR", "keep stored settings in this folder", take_state},
    {"tls-ca", "FILE", "trust these certificate authorities, not the system's", take_tls_ca},
    {"tls-crl", "FILE", "refuse the certificates that these lists revoke", take_tls_crl},
    {"tls-insecure", NULL, "do not verify certificates (for tests)", take_tls_insecure},
    {"no-boot-urc", NULL, "do not begin with RDY and +CPIN: READY", take_no_boot_urc},
    {"log", "LEVEL", "error, warning, info (as without it) or debug", take_log},
    {"version", NULL, "print the version", take_version},
    {"help", NULL, "print this", take_help},
};

#define ROWS (sizeof rows / sizeof *rows)

static void take_help(struct options *options, const struct row *row, const char *argument)
{
    (void)options;
    (void)row;
    (void)argument;
    puts("usage: imqttd OPTION...\n"
         "The AT+IMQTT modem of an LTE module, in software. Each terminal is a modem of its own;\n"
         "the options that name one can be repeated.\n");
    for (size_t i = 0; i < ROWS; i++) {
        const char *name = rows[i].argument != NULL ? rows[i].argument : "";
        int written = printf("  --%s %s", rows[i].name, name);
        printf("%*s%s\n", 28 - written, "", rows[i].help);
    }
    exit(EXIT_SUCCESS);
}

/* ---- the command line ----------------------------------------------------------------------- */

static _Noreturn void refuse_option(int result, char **argv)
{
    if (result == ':')
        errx(EXIT_USAGE, "--%s needs %s", rows[optopt - FIRST_VALUE].name,
             rows[optopt - FIRST_VALUE].argument);
    if (optopt >= FIRST_VALUE)
        errx(EXIT_USAGE, "--%s takes no value", rows[optopt - FIRST_VALUE].name);
    if (optopt != 0)
        errx(EXIT_USAGE, "-%c: unknown option", optopt);
    errx(EXIT_USAGE, "%s: unknown option", argv[optind - 1]);
}

static void read_all(struct options *options, int argc, char **argv, const struct option *known)
{
    int result;
    opterr = 0;
    while ((result = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        if (result >= FIRST_VALUE)
            rows[result - FIRST_VALUE].take(options, &rows[result - FIRST_VALUE], optarg);
        else
            refuse_option(result, argv);
    }
    if (optind < argc)
        errx(EXIT_USAGE, "%s: not an option", argv[optind]);
    if (options->terminal_count == 0)
        errx(EXIT_USAGE, "no terminal: give at least one of --pty, --serial, --tcp, --stdio");
}

/* For as many terminals, with values as long, as the arguments can name. */
static void make_room(struct options *options, int argc, char **argv)
{
    size_t count = (size_t)argc + 1, bytes = 1; /* a program may be started without arguments */
    for (int i = 0; i < argc; i++)
        bytes += strlen(argv[i]) + 1;
    options->terminals = calloc(count, sizeof *options->terminals);
    options->values = malloc(bytes);
    if (options->terminals == NULL || options->values == NULL)
        err(EXIT_USAGE, NULL);
}

void options_read(struct options *options, int argc, char **argv)
{
    struct option known[ROWS + 1] = {{0}};
    for (size_t i = 0; i < ROWS; i++) {
        known[i].name = rows[i].name;
        known[i].has_arg = rows[i].argument != NULL ? required_argument : no_argument;
        known[i].val = FIRST_VALUE + (int)i;
    }
    *options = (struct options){.log_level = LEVEL_INFO};
    make_room(options, argc, argv);
    read_all(options, argc, argv, known);
}

void options_free(struct options *options)
{
    for (size_t i = 0; i < options->terminal_count; i++) {
        free((char *)options->terminals[i].config.name);
        free((char *)options->terminals[i].config.stored_as);
    }
    free(options->terminals);
    free(options->values);
    free(options->identity_text);
}
