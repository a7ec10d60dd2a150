#include "imqttd/options.h"
#include "imqttd/config/config_table.h"

#include <ctype.h>
#include <err.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/endpoint.h"
#include "imqttd/config/plan.h"
#include "imqttd/log/log_level.h"
#include "imqttd/need.h"

#define FIRST_VALUE 256 /* of getopt_long(): behind every character */

struct row {
    const char *name;
    const char *argument; /* NULL: none */
    const char *help;
    void (*take)(struct options *options, const struct row *row, const char *argument);
};

/* What is wrong, and where to read how it is done. */
/* One line, as every error is: what is wrong, and where to read on. */
static _Noreturn __attribute__((format(printf, 1, 2))) void refuse_usage(const char *format, ...)
{
    va_list arguments;
    (void)fputs("imqttd: ", stderr);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputs(" (usage: imqttd OPTION...; imqttd --help)\n", stderr);
    exit(EXIT_USAGE);
}

static _Noreturn void refuse_value(const struct row *row, const char *value, const char *why)
{
    refuse_usage("--%s%s%s: %s", row->name, *value != '\0' ? " " : "", value, why);
}

/* ---- into the words of the configuration ---------------------------------------------------- */

/* The option as it was typed, for messages that come later. */
static struct config_place place_of(struct options *options, const struct row *row,
                                    const char *value)
{
    struct document *document = &options->document;
    char *text = need_new(strlen(row->name) + strlen(value) + 4);
    sprintf(text, "--%s%s%s", row->name, *value != '\0' ? " " : "", value);
    document->files =
        need_resize(document->files, (document->file_count + 1) * sizeof *document->files);
    document->files[document->file_count++] = text;
    return (struct config_place){text, 0};
}

static void put(struct options *options, const struct row *row, enum config_section_kind kind,
                const char *key, const char *value)
{
    struct config_place place = place_of(options, row, value);
    struct config_section *section = document_section(&options->document, kind, "", place);
    document_put(section, config_key_find(key, kind), value, place);
}

/* A modem is called like the last part of its link or device; what a name may not have becomes an
 * underscore. A second one of a name gets -2. */
static void find_name(const struct document *document, char name[MODEM_NAME_BYTES + 8],
                      const char *wanted)
{
    const char *slash = strrchr(wanted, '/');
    size_t count = 0;
    for (wanted = slash != NULL ? slash + 1 : wanted; *wanted != '\0' && count < 36; wanted++)
        name[count++] = isalnum((unsigned char)*wanted) || strchr("._-", *wanted) ? *wanted : '_';
    name[count] = '\0';
    for (unsigned number = 2;; number++) {
        const struct config_section *each = document->sections;
        while (each != NULL && strcmp(each->name, name) != 0)
            each = each->next;
        if (each == NULL)
            return;
        snprintf(name + count, 8, "-%u", number);
    }
}

static void refuse_twin(const struct options *options, const struct row *row, const char *value)
{
    for (const struct config_section *each = options->document.sections; each != NULL;
         each = each->next)
        if (each->kind == SECTION_MODEM && strcmp(each->entries->key->name, row->name) == 0 &&
            strcmp(each->entries->value, value) == 0)
            refuse_value(row, value, "given twice");
}

static void add_terminal(struct options *options, const struct row *row, const char *wanted,
                         const char *value)
{
    char name[MODEM_NAME_BYTES + 8];
    struct config_place place = place_of(options, row, value);
    find_name(&options->document, name, wanted);
    struct config_section *section =
        document_section(&options->document, SECTION_MODEM, *name != '\0' ? name : "modem", place);
    document_put(section, config_key_find(row->name, SECTION_MODEM), value, place);
}

/* ---- one function an option ----------------------------------------------------------------- */

static void take_pty(struct options *options, const struct row *row, const char *argument)
{
    if (*argument == '\0')
        refuse_value(row, argument, "the link needs a name");
    refuse_twin(options, row, argument);
    add_terminal(options, row, argument, argument);
}

static void take_serial(struct options *options, const struct row *row, const char *argument)
{
    const char *comma = strrchr(argument, ',');
    char *device =
        need_copy_bytes(argument, comma != NULL ? (size_t)(comma - argument) : strlen(argument));
    if (*device == '\0')
        refuse_value(row, argument, "the device needs a name");
    refuse_twin(options, row, argument);
    add_terminal(options, row, device, argument);
    free(device);
}

static void take_tcp(struct options *options, const struct row *row, const char *argument)
{
    struct endpoint where;
    char name[16];
    if (!endpoint_parse(&where, argument, strlen(argument)))
        refuse_value(row, argument, endpoint_complaint(argument));
    snprintf(name, sizeof name, "tcp-%u", where.port);
    add_terminal(options, row, name, argument);
}

static void take_stdio(struct options *options, const struct row *row, const char *argument)
{
    (void)argument;
    refuse_twin(options, row, "");
    add_terminal(options, row, "stdio", "");
}

static void take_state(struct options *options, const struct row *row, const char *argument)
{
    if (*argument == '\0')
        refuse_value(row, argument, "the folder needs a name");
    put(options, row, SECTION_PROGRAM, "state", argument);
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
    static bool given[IMQTT_IDENTITY_FIELD_COUNT];
    char key[32];
    size_t key_bytes = strcspn(pair, "=");
    if (pair[key_bytes] == '\0')
        refuse_value(row, pair, "not of the form KEY=VALUE");
    enum imqtt_identity_field field = find_field(row, pair, key_bytes);
    const char *rule = imqtt_identity_problem(field, pair + key_bytes + 1);
    if (rule != NULL)
        refuse_usage("--%s %s: must be %s", row->name, pair, rule);
    if (given[field])
        refuse_value(row, pair, "given twice");
    given[field] = true;
    snprintf(key, sizeof key, "identity.%.*s", (int)key_bytes, pair);
    put(options, row, SECTION_DEFAULTS, key, pair + key_bytes + 1);
}

static void take_identity(struct options *options, const struct row *row, const char *argument)
{
    static bool given;
    char *text = need_copy(argument);
    if (given)
        refuse_value(row, argument, "given twice");
    given = true;
    for (char *rest = text; rest != NULL;)
        take_identity_field(options, row, strsep(&rest, ","));
    free(text);
}

/* The rows below are keys of the configuration by the same name. */
static void take_key(struct options *options, const struct row *row, const char *argument)
{
    const struct config_key *key = config_key_find(row->name, SECTION_PROGRAM);
    put(options, row, key != NULL ? SECTION_PROGRAM : SECTION_DEFAULTS, row->name,
        argument != NULL ? argument : "yes");
}

static void take_no_boot_urc(struct options *options, const struct row *row, const char *argument)
{
    (void)argument;
    put(options, row, SECTION_DEFAULTS, "boot-urcs", "no");
}

static void take_log(struct options *options, const struct row *row, const char *argument)
{
    enum log_level level;
    if (!log_level_parse(&level, argument))
        refuse_value(row, argument, "not one of error, warning, info, debug");
    take_key(options, row, argument);
}

static void take_config(struct options *options, const struct row *row, const char *argument)
{
    if (options->config_file != NULL)
        refuse_value(row, argument, "given twice");
    options->config_file = argument;
}

static void take_check(struct options *options, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    options->check_config = true;
}

static void take_print(struct options *options, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    options->print_config = true;
}

static void take_strict(struct options *options, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    options->strict = true;
}

void options_end_told(void)
{
    if (fflush(stdout) != 0)
        err(EXIT_FAILURE, "standard output");
    exit(EXIT_SUCCESS);
}

static void take_version(struct options *options, const struct row *row, const char *argument)
{
    (void)options, (void)row, (void)argument;
    puts("imqttd " IMQTT_VERSION);
    options_end_told();
}

static void take_help(struct options *options, const struct row *row, const char *argument);

static const struct row rows[] = {
    {"pty", "LINK", "a modem on a pseudo-terminal, to be opened as LINK", take_pty},
    {"serial", "DEV[,BAUD]", "a modem on a serial port (115200 baud)", take_serial},
    {"tcp", "HOST:PORT", "a modem for each connection to a TCP port (0: any)", take_tcp},
    {"allow-remote", NULL, "let other computers reach --tcp and --control-tcp", take_key},
    {"stdio", NULL, "a modem on standard input and output", take_stdio},
    {"strict", NULL, "end with status 1 if a command ended in an error", take_strict},
    {"config", "FILE", "the modems of a configuration (imqttd.conf(5))", take_config},
    {"check-config", NULL, "only say what is wrong with it", take_check},
    {"print-config", NULL, "only print it, as it takes effect", take_print},
    {"control", "PATH", "the control interface, on a Unix socket", take_key},
    {"control-tcp", "HOST:PORT", "the control interface, on TCP; needs --token-file", take_key},
    {"token-file", "FILE", "the token that --control-tcp asks for", take_key},
    {"trace", "FILE", "append what happens to FILE, as JSON lines", take_key},
    {"identity", "KEY=VALUE,...", "who the modems say they are (manufacturer, model, imei)",
     take_identity},
    {"dialect", "NAME", "whose AT commands they speak (docs/dialects)", take_key},
    {"limits", "manual|wide", "which ranges commands have", take_key},
    {"state", "DIR", "keep stored settings in this folder", take_state},
    {"keep-session", "memory|disk", "disk: kept sessions outlive a power cut; needs --state",
     take_key},
    {"max-memory", "SIZE", "what may wait in all modems together (" MAX_MEMORY_DEFAULT ")",
     take_key},
    {"max-files", "N", "descriptors, half of them for hosts that connect", take_key},
    {"tls-ca", "FILE", "trust these certificate authorities, not the system's", take_key},
    {"tls-cert", "FILE", "the certificate that modems show to brokers", take_key},
    {"tls-key", "FILE", "the key of that certificate", take_key},
    {"tls-min", "1.2|1.3", "the oldest version of TLS", take_key},
    {"tls-crl", "FILE", "refuse the certificates that these lists revoke", take_key},
    {"tls-insecure", NULL, "do not verify certificates (for tests)", take_key},
    {"no-boot-urc", NULL, "do not begin with RDY and +CPIN: READY", take_no_boot_urc},
    {"log", "LEVEL", "error, warning, info (as without it) or debug", take_log},
    {"version", NULL, "print the version", take_version},
    {"help", NULL, "print this (-h)", take_help},
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
        printf("%*s%s\n", 30 - written, "", rows[i].help);
    }
    options_end_told();
}

/* ---- the command line ----------------------------------------------------------------------- */

static _Noreturn void refuse_option(int result, char **argv)
{
    if (result == ':')
        refuse_usage("--%s needs %s", rows[optopt - FIRST_VALUE].name,
                     rows[optopt - FIRST_VALUE].argument);
    if (optopt >= FIRST_VALUE)
        refuse_usage("--%s takes no value", rows[optopt - FIRST_VALUE].name);
    if (optopt != 0)
        refuse_usage("-%c: unknown option", optopt);
    refuse_usage("%s: unknown option", argv[optind - 1]);
}

static bool has_terminal(const struct document *document)
{
    for (const struct config_section *each = document->sections; each != NULL; each = each->next)
        if (each->kind == SECTION_MODEM)
            return true;
    return false;
}

static void read_all(struct options *options, int argc, char **argv, const struct option *known)
{
    int result;
    opterr = 0;
    while ((result = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (result == 'h')
            take_help(options, rows, NULL);
        if (result >= FIRST_VALUE)
            rows[result - FIRST_VALUE].take(options, &rows[result - FIRST_VALUE], optarg);
        else
            refuse_option(result, argv);
    }
    if (optind < argc)
        refuse_usage("%s: not an option", argv[optind]);
    if ((options->check_config || options->print_config) && options->config_file == NULL)
        refuse_usage("--%s needs --config",
                     options->check_config ? "check-config" : "print-config");
    if (options->config_file == NULL && !has_terminal(&options->document))
        refuse_usage(
            "no terminal: give at least one of --pty, --serial, --tcp, --stdio, or --config");
}

void options_read(struct options *options, int argc, char **argv)
{
    struct option known[ROWS + 1] = {{0}};
    for (size_t i = 0; i < ROWS; i++) {
        known[i].name = rows[i].name;
        known[i].has_arg = rows[i].argument != NULL ? required_argument : no_argument;
        known[i].val = FIRST_VALUE + (int)i;
    }
    *options = (struct options){0};
    read_all(options, argc, argv, known);
}

void options_free(struct options *options)
{
    document_free(&options->document);
}
