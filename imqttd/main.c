/* imqttd: AT+IMQTT modems on terminals of this computer. See imqttd(8). */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/modem/host.h"
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
}

static const char *start_terminal(struct host *host, const struct terminal_option *terminal)
{
    switch (terminal->type) {
    case TERMINAL_PTY:
        return terminal_pty_start(host, terminal->value);
    case TERMINAL_SERIAL:
        return terminal_serial_start(host, terminal->value, terminal->baud);
    case TERMINAL_TCP:
        return terminal_tcp_start(host, &terminal->where);
    case TERMINAL_STDIO:
        return terminal_stdio_start(host);
    }
    return "unknown terminal";
}

static bool start_terminals(struct host *host, const struct options *options)
{
    for (size_t i = 0; i < options->terminal_count; i++) {
        const struct terminal_option *terminal = &options->terminals[i];
        const char *why = start_terminal(host, terminal);
        if (why == NULL)
            continue;
        warnx("--%s%s%s: %s", terminal->option, *terminal->value != '\0' ? " " : "",
              terminal->value, why);
        return false;
    }
    return true;
}

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
static int run(struct host *host, const struct options *options)
{
    uv_signal_t terminate, interrupt;
    int status = EXIT_SUCCESS;
    ignore(SIGPIPE);
    ignore(SIGXFSZ); /* a file too large is an error like any other */
    ignore(SIGHUP);  /* there is nothing to read again, and the modems outlive a login */
    listen_for(&terminate, host, SIGTERM);
    listen_for(&interrupt, host, SIGINT);
    if (!start_terminals(host, options)) {
        status = EXIT_USAGE;
        host_stop(host);
    }
    host_run(host);
    uv_close((uv_handle_t *)&terminate, NULL);
    uv_close((uv_handle_t *)&interrupt, NULL);
    return status;
}

int main(int argc, char **argv)
{
    static struct host host;
    static struct options options;
    struct host_refusal refusal;
    open_standard_streams();
    options_read(&options, argc, argv);
    log_set_level(options.log_level);
    guard_memory();
    raise_limits();
    struct host_settings settings = {
        .tls = options.tls,
        .connect_to = getenv("IMQTT_CONNECT_TO"),
        .allow_remote = options.allow_remote,
        .boot_urcs = !options.no_boot_urc,
        .state_folder = options.state_folder,
        .identity = options.identity,
    };
    if (!host_init(&host, &settings, &refusal)) {
        const char *value = refusal.value != NULL ? refusal.value : "";
        warnx("%s%s%s: %s", refusal.setting, *value != '\0' ? " " : "", value, refusal.why);
        return EXIT_USAGE;
    }
    int status = run(&host, &options);
    options_free(&options);
    host_end(&host);
    return status;
}
