/* imqttd: AT+IMQTT modems on terminals of this computer. See imqttd(8). */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/modem/host.h"
#include "host/modem/host_modem.h"
#include "imqttd/config_checks.h"
#include "imqttd/control/control.h"
#include "imqttd/daemon.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/log/log.h"
#include "imqttd/metrics/metrics.h"
#include "imqttd/ready_lines.h"
#include "imqttd/service.h"
#include "imqttd/trace/trace.h"
#include "imqttd/trace/trace_file.h"

/* Whatever is opened later must not take the place of a standard stream that was closed. To write
 * to one still fails: what is lost is told by the exit status. */
static void open_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
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

/* As many descriptors as the system has, or max_files of them: the kernel refuses more. Returns how
 * many. */
static uint32_t limit_files(uint32_t max_files)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return max_files;
    files.rlim_cur = max_files != 0 && max_files < files.rlim_max ? max_files : files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur < UINT32_MAX ? (uint32_t)files.rlim_cur : UINT32_MAX;
}

/* ---- what the modems tell ------------------------------------------------------------------- */

/* Where a modem speaks, others say nothing. */
static void announce(void *context, const char *terminal, const char *address)
{
    const struct daemon *daemon = context;
    ready_lines_put(daemon->ready_lines, terminal, address);
}

static bool modem_began(void *context, struct host_modem *modem)
{
    struct daemon *daemon = context;
    fleet_began(modem);
    return watch_began(daemon->watches, modem);
}

static void modem_ended(void *context, struct host_modem *modem)
{
    struct daemon *daemon = context;
    watch_ended(daemon->watches, modem);
    fleet_ended(&daemon->fleet, modem);
}

static void modem_told(void *context, struct host_modem *modem, const struct imqtt_news *news)
{
    struct daemon *daemon = context;
    if (news->kind == IMQTT_NEWS_COMMAND && news->result != IMQTT_DONE)
        daemon->has_failed_command = true;
    watch_news(daemon->watches, modem, news);
}

/* ---- the configuration ---------------------------------------------------------------------- */

/* An option's mistake begins with the program's name, like those that are found at once. */
static void print_faults(const struct config_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        fprintf(stderr, "%s%s\n", strncmp(faults->lines[i], "--", 2) == 0 ? "imqttd: " : "",
                faults->lines[i]);
}

static void tell(const struct host_refusal *refusal)
{
    const char *value = refusal->value != NULL ? refusal->value : "";
    warnx("%s%s%s: %s", refusal->setting, *value != '\0' ? " " : "", value, refusal->why);
}

static bool read_redirects(struct daemon *daemon)
{
    const char *connect_to = getenv("IMQTT_CONNECT_TO");
    if (redirects_parse(&daemon->redirects, connect_to)) {
        if (daemon->redirects.count > 0)
            log_line(daemon, LEVEL_INFO, "IMQTT_CONNECT_TO", connect_to);
        return true;
    }
    warnx("IMQTT_CONNECT_TO %s: not of the form HOST:PORT=HOST2:PORT2[,…]", connect_to);
    return false;
}

/* Does not return if there is nothing to run. */
static bool has_stdio(const struct config *config)
{
    for (size_t i = 0; i < config->modem_count; i++)
        if (config->modems[i]->type == TERMINAL_STDIO)
            return true;
    return false;
}

static void read_configuration(struct daemon *daemon)
{
    const struct options *options = &daemon->options;
    config_read(&daemon->config, options->config_file, &options->document);
    if (!options->print_config) /* it may be looked at where its files are not */
        config_checks_note(&daemon->config, &options->document);
    print_faults(&daemon->config.document.faults);
    if (daemon->config.document.faults.count > 0)
        exit(EXIT_USAGE);
    if (options->print_config)
        config_print(&daemon->config, &options->document, stdout);
    if (options->check_config || options->print_config)
        options_end_told();
    daemon->has_stdio = has_stdio(&daemon->config);
}

/* A service with a configuration goes on without a modem: one can be added, and the configuration
 * read again. On standard input the end of the input is the end. */
static void wait_for_modems(struct daemon *daemon)
{
    if (daemon->options.config_file == NULL || daemon->has_stdio)
        return;
    daemon->waits_for_modems = true;
    loop_hold(&daemon->host.loop);
    if (daemon->config.modem_count == 0)
        log_line(daemon, LEVEL_INFO, daemon->options.config_file,
                 "no modem yet: add one, then SIGHUP");
}

static void wait_no_longer(struct daemon *daemon)
{
    if (daemon->waits_for_modems)
        loop_release(&daemon->host.loop);
    daemon->waits_for_modems = false;
}

/* ---- signals -------------------------------------------------------------------------------- */

static void on_end(uv_signal_t *signal, int number)
{
    struct daemon *daemon = signal->data;
    (void)number;
    service_stopping();
    wait_no_longer(daemon);
    control_stop(daemon->control);
    host_stop(&daemon->host);
}

static void on_hangup(uv_signal_t *signal, int number)
{
    struct daemon *daemon = signal->data;
    struct fleet_changes changes;
    struct config_faults faults;
    (void)number;
    if (daemon->options.config_file == NULL)
        return; /* there is nothing to read again, and the modems outlive a login */
    daemon_reload(daemon, &changes, &faults);
    fleet_changes_free(&changes);
    config_faults_free(&faults);
}

static void listen_for(uv_signal_t *signal, struct daemon *daemon, int number,
                       uv_signal_cb on_signal)
{
    uv_signal_init(&daemon->host.loop.uv, signal);
    signal->data = daemon;
    uv_signal_start(signal, on_signal, number);
}

static void ignore(int number)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigaction(number, &action, NULL);
}

/* Who asks once more does not interrupt what is still being stored. */
static void stop_listening(uv_signal_t *signal, int number)
{
    uv_close((uv_handle_t *)signal, NULL);
    ignore(number);
}

/* ---- the run -------------------------------------------------------------------------------- */

static bool begin(struct daemon *daemon, const struct observer *observer)
{
    struct host_refusal refusal;
    const struct program_plan *program = &daemon->config.program;
    struct host_settings settings = {.observer = observer,
                                     .allow_remote = program->allow_remote,
                                     .max_memory_bytes = program->max_memory_bytes,
                                     .max_files = limit_files(program->max_files),
                                     .state_folder = program->state_folder};
    if (!host_init(&daemon->host, &settings, &refusal)) {
        tell(&refusal);
        return false;
    }
    daemon->fleet = (struct fleet){.host = &daemon->host, .redirects = &daemon->redirects};
    log_begin(&daemon->host.loop);
    service_begin(&daemon->host.loop);
    daemon->ready_lines =
        ready_lines_new(&daemon->host.loop, daemon->has_stdio ? STDERR_FILENO : STDOUT_FILENO);
    daemon->trace = trace_new(&daemon->host);
    daemon->metrics = metrics_new(
        &daemon->host, program->metrics && (program->control != NULL || program->has_control_tcp));
    daemon->watches = watches_new(daemon);
    return true;
}

static bool open_trace(struct daemon *daemon, struct host_refusal *refusal)
{
    const char *file = daemon->config.program.trace_file;
    if (file == NULL)
        return true;
    daemon->trace_file = trace_file_new(daemon->trace, &daemon->host.loop, file, refusal);
    return daemon->trace_file != NULL;
}

static bool start(struct daemon *daemon)
{
    struct host_refusal refusal;
    if (open_trace(daemon, &refusal) && control_begin(daemon, &refusal) &&
        fleet_start(&daemon->fleet, &daemon->config, &refusal))
        return true;
    tell(&refusal);
    return false;
}

/* Returns the program's status. */
static int run(struct daemon *daemon)
{
    static uv_signal_t terminate, interrupt, hangup; /* closed when the loop is */
    int status = EXIT_SUCCESS;
    ignore(SIGPIPE);
    ignore(SIGXFSZ); /* a file too large is an error like any other */
    ignore(SIGUSR1);
    ignore(SIGUSR2);
    listen_for(&terminate, daemon, SIGTERM, on_end);
    listen_for(&interrupt, daemon, SIGINT, on_end);
    listen_for(&hangup, daemon, SIGHUP, on_hangup);
    if (start(daemon)) {
        wait_for_modems(daemon);
        service_ready();
    } else {
        status = EXIT_USAGE;
        host_stop(&daemon->host);
    }
    host_run(&daemon->host);
    stop_listening(&terminate, SIGTERM);
    stop_listening(&interrupt, SIGINT);
    stop_listening(&hangup, SIGHUP);
    return status;
}

static void end(struct daemon *daemon)
{
    control_end(daemon->control);
    trace_file_end(daemon->trace, daemon->trace_file);
    trace_end(daemon->trace);
    metrics_end(daemon->metrics);
    watches_end(daemon->watches);
    fleet_end(&daemon->fleet);
    service_end();
    ready_lines_end(daemon->ready_lines);
    log_end();
    redirects_end(&daemon->redirects);
}

int main(int argc, char **argv)
{
    static struct daemon daemon;
    struct observer observer = {.context = &daemon,
                                .log = log_line,
                                .ready = announce,
                                .began = modem_began,
                                .ended = modem_ended,
                                .news = modem_told};
    open_standard_streams();
    options_read(&daemon.options, argc, argv);
    read_configuration(&daemon);
    log_set_level(daemon.config.program.log_level);
    guard_memory();
    if (!read_redirects(&daemon) || !begin(&daemon, &observer))
        return EXIT_USAGE;
    int status = run(&daemon);
    if (daemon.host.has_lost_output || (daemon.options.strict && daemon.has_failed_command))
        status = EXIT_FAILURE;
    end(&daemon);
    /* What hangs still reads the configuration, and exit() would wait for it. */
    if (!host_end(&daemon.host))
        _exit(status);
    config_free(&daemon.config);
    config_free(&daemon.retired);
    options_free(&daemon.options);
    return status;
}
