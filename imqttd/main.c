/* imqttd: AT+IMQTT modems on terminals of this computer. See imqttd(8). */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/modem/host.h"
#include "host/modem/modem_config.h"
#include "host/terminal/terminal_pty.h"
#include "host/terminal/terminal_serial.h"
#include "host/terminal/terminal_stdio.h"
#include "host/terminal/terminal_tcp.h"
#include "imqttd/log.h"
#include "imqttd/options.h"

/* Whatever is opened later must not take the place of a standard stream that was closed. */
static void open_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Passwords are in memory: no core dump, and no debugger of the same user. */
static void guard_memory(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

static void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    setenv("UV_THREADPOOL_SIZE", "16", 0); /* names that are looked up at a time */
}

/* ---- modems --------------------------------------------------------------------------------- */

/* The last part of a path. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What a modem is called: the name of its link or device; a listener finds its own. */
static char *name_of(const struct terminal_option *terminal)
{
    char *name;
    if (terminal->type == TERMINAL_TCP)
        return NULL;
    if (terminal->type == TERMINAL_STDIO)
        return strdup("stdio");
    return asprintf(&name, "%s", last_part(terminal->value)) < 0 ? NULL : name;
}

/* What its settings are stored under: the option as it was given. */
static char *stored_as(const struct terminal_option *terminal)
{
    char *name;
    if (terminal->type == TERMINAL_STDIO)
        return strdup("stdio");
    return asprintf(&name, "%s %s", terminal->option, terminal->value) < 0 ? NULL : name;
}

static bool open_terminal(struct host *host, const struct terminal_option *terminal,
                          const struct modem_config *config, struct host_refusal *refusal)
{
    switch (terminal->type) {
    case TERMINAL_PTY:
        return terminal_pty_open(host, terminal->value, config, refusal);
    case TERMINAL_SERIAL:
        return terminal_serial_open(host, terminal->value, terminal->baud, config, refusal);
    case TERMINAL_TCP:
        return terminal_tcp_listen(host, &terminal->where, config, refusal);
    case TERMINAL_STDIO:
        return terminal_stdio_open(host, config, refusal);
    }
    return refuse(refusal, "terminal", terminal->value, "unknown");
}

static bool start_terminal(struct host *host, const struct options *options,
                           const struct redirects *redirects, struct terminal_option *terminal,
                           struct host_refusal *refusal)
{
    struct modem_config *config = &terminal->config;
    *config = modem_config_default();
    config->name = name_of(terminal);
    config->stored_as = stored_as(terminal);
    config->identity = options->identity;
    config->boot_urcs = !options->no_boot_urc;
    config->tls = options->tls;
    config->redirects = redirects;
    if (config->stored_as == NULL)
        return refuse(refusal, "terminal", terminal->value, strerror(ENOMEM));
    return open_terminal(host, terminal, config, refusal);
}

static void tell(const struct host_refusal *refusal)
{
    const char *value = refusal->value != NULL ? refusal->value : "";
    warnx("%s%s%s: %s", refusal->setting, *value != '\0' ? " " : "", value, refusal->why);
}

static bool start_terminals(struct host *host, struct options *options,
                            const struct redirects *redirects)
{
    struct host_refusal refusal;
    for (size_t i = 0; i < options->terminal_count; i++) {
        if (start_terminal(host, options, redirects, &options->terminals[i], &refusal))
            continue;
        tell(&refusal);
        return false;
    }
    return true;
}

/* ---- signals -------------------------------------------------------------------------------- */

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    host_stop(signal->data);
}

static void listen_for(uv_signal_t *signal, struct host *host, int number)
{
    uv_signal_init(&host->loop.uv, signal);
    signal->data = host;
    uv_signal_start(signal, on_signal, number);
}

static void ignore(int number)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigaction(number, &action, NULL);
}

/* Returns the program's status. */
static int run(struct host *host, struct options *options, const struct redirects *redirects)
{
    static uv_signal_t terminate, interrupt; /* closed when the loop is */
    int status = EXIT_SUCCESS;
    ignore(SIGPIPE);
    ignore(SIGXFSZ); /* a file too large is an error like any other */
    ignore(SIGHUP);  /* there is nothing to read again, and the modems outlive a login */
    listen_for(&terminate, host, SIGTERM);
    listen_for(&interrupt, host, SIGINT);
    if (!start_terminals(host, options, redirects)) {
        status = EXIT_USAGE;
        host_stop(host);
    }
    host_run(host);
    uv_close((uv_handle_t *)&terminate, NULL);
    uv_close((uv_handle_t *)&interrupt, NULL);
    return status;
}

static void announce(void *context, const char *terminal, const char *address)
{
    (void)context;
    printf("ready %s %s\n", terminal, address);
    (void)fflush(stdout);
}

static const struct observer observer = {.log = log_line, .ready = announce};

/* A mistake in what the modems share is told before the first of them starts. */
static bool begin(struct host *host, const struct options *options, struct redirects *redirects,
                  struct host_refusal *refusal)
{
    const char *connect_to = getenv("IMQTT_CONNECT_TO");
    struct host_settings settings = {.observer = &observer,
                                     .allow_remote = options->allow_remote,
                                     .state_folder = options->state_folder};
    if (!redirects_parse(redirects, connect_to))
        return refuse(refusal, "IMQTT_CONNECT_TO", connect_to,
                      "not of the form HOST:PORT=HOST2:PORT2[,…]");
    return host_init(host, &settings, refusal) && host_tls(host, &options->tls, refusal) != NULL;
}

int main(int argc, char **argv)
{
    static struct host host;
    static struct options options;
    static struct redirects redirects;
    struct host_refusal refusal;
    open_standard_streams();
    options_read(&options, argc, argv);
    log_set_level(options.log_level);
    guard_memory();
    raise_limits();
    if (!begin(&host, &options, &redirects, &refusal)) {
        tell(&refusal);
        return EXIT_USAGE;
    }
    int status = run(&host, &options, &redirects);
    redirects_end(&redirects);
    options_free(&options);
    if (!host_end(&host))
        _exit(status); /* exit() would wait for what cannot be stopped */
    return status;
}
