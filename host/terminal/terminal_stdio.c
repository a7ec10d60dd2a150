#include "host/terminal/terminal_stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "host/budgets.h"
#include "host/modem/host.h"
#include "host/modem/host_modem.h"
#include "host/terminal/terminal.h"
#include "host/terminal/script.h"

#define END_OF_TYPING 0x04 /* Ctrl-D */

/* Messages that the last line caused, a publish to oneself for one, may still be on their way. */
#define QUIET_MS 50

struct terminal_stdio {
    struct terminal terminal; /* first: it is all that its functions get */
    struct host *host;
    struct stream *input;
    struct stream *output;
    struct alarm *pause;
    bool is_person;
    bool is_wanted;     /* the modem wants input */
    bool has_no_reader; /* output is dropped */
    int flags[2];       /* of standard input and output, as they were */
    struct script script;
};

static struct terminal_stdio *stdio_of(struct terminal *terminal)
{
    return (struct terminal_stdio *)terminal;
}

/* ---- the terminal a person types on --------------------------------------------------------- */

static struct termios terminal_before;
static bool terminal_is_raw;

static void restore_terminal(void)
{
    if (terminal_is_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
    terminal_is_raw = false;
}

/* Only what is typed is raw: Ctrl-C still ends the program, and lines of the log still end well. */
static bool set_terminal_raw(void)
{
    struct termios raw;
    if (tcgetattr(STDIN_FILENO, &terminal_before) != 0)
        return false;
    raw = terminal_before;
    raw.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | PARMRK);
    raw.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | IEXTEN);
    raw.c_cc[VQUIT] = raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    terminal_is_raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    return terminal_is_raw;
}

/* ---- input ---------------------------------------------------------------------------------- */

static void end_input(struct terminal_stdio *stdio)
{
    stream_watch(stdio->input, false, false);
    stdio->script.has_ended = true;
    host_modem_touch(stdio->terminal.modem);
}

static void read_person(struct terminal_stdio *stdio)
{
    uint8_t *bytes = stdio->host->loop.input;
    ssize_t got = stream_read(stdio->input, bytes, BUDGET_TERMINAL_MOST_BYTES);
    if (got == -EAGAIN)
        return;
    size_t count = got > 0 ? (size_t)got : 0;
    const uint8_t *end = memchr(bytes, END_OF_TYPING, count);
    terminal_typed(&stdio->terminal, bytes, end != NULL ? (size_t)(end - bytes) : count);
    if (count == 0 || end != NULL)
        end_input(stdio);
}

static void read_script(struct terminal_stdio *stdio)
{
    size_t room;
    uint8_t *space = script_space(&stdio->script, &room);
    ssize_t got = stream_read(stdio->input, space, room);
    if (got == -EAGAIN)
        return;
    if (got > 0)
        script_add(&stdio->script, (size_t)got);
    else
        end_input(stdio);
    host_modem_touch(stdio->terminal.modem);
}

static void on_input(void *owner, bool input, bool room)
{
    struct terminal_stdio *stdio = owner;
    (void)input;
    (void)room;
    if (stdio->is_person)
        read_person(stdio);
    else
        read_script(stdio);
}

/* false: some other time, which the pause, the modem or the broker will bring about. */
static bool may_go_on(struct terminal_stdio *stdio)
{
    if (stdio->script.is_mid_line)
        return stdio->is_wanted;
    if (!host_modem_is_idle(stdio->terminal.modem))
        return false;
    uint64_t quiet_ms = host_modem_quiet_ms(stdio->terminal.modem);
    if (quiet_ms >= QUIET_MS)
        return true;
    alarm_set(stdio->pause, QUIET_MS - quiet_ms);
    return false;
}

static void settled(struct terminal *terminal)
{
    struct terminal_stdio *stdio = stdio_of(terminal);
    size_t count;
    if (stdio->host->is_stopping || !may_go_on(stdio))
        return;
    const uint8_t *piece = script_take(&stdio->script, &count);
    if (count > 0)
        terminal_typed(terminal, piece, count);
    else if (script_is_over(&stdio->script))
        host_stop(stdio->host);
}

static void pause_over(void *owner)
{
    struct terminal_stdio *stdio = owner;
    host_modem_touch(stdio->terminal.modem);
}

/* ---- output --------------------------------------------------------------------------------- */

static void on_output(void *owner, bool input, bool room)
{
    struct terminal_stdio *stdio = owner;
    (void)input;
    (void)room;
    host_modem_touch(stdio->terminal.modem);
}

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct terminal_stdio *stdio = stdio_of(terminal);
    ssize_t taken =
        stdio->has_no_reader ? (ssize_t)count : stream_write(stdio->output, bytes, count);
    if (taken >= 0)
        return (size_t)taken;
    observer_log(stdio->host->observer, LEVEL_ERROR, terminal->label, "output: %s",
                 strerror((int)-taken));
    stdio->has_no_reader = stdio->host->has_lost_output = true;
    end_input(stdio);
    return count;
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    struct terminal_stdio *stdio = stdio_of(terminal);
    bool person_waits = stdio->is_person && input;
    bool script_waits = !stdio->is_person && !script_has_piece(&stdio->script);
    stdio->is_wanted = input;
    stream_watch(stdio->input, !stdio->script.has_ended && (person_waits || script_waits), false);
    stream_watch(stdio->output, false, room);
}

/* ---- life ----------------------------------------------------------------------------------- */

static bool has_host(const struct terminal *terminal)
{
    (void)terminal;
    return true;
}

static void end(struct terminal *terminal)
{
    struct terminal_stdio *stdio = stdio_of(terminal);
    stream_close(stdio->input);
    stream_close(stdio->output);
    alarm_end(stdio->pause);
    fcntl(STDIN_FILENO, F_SETFL, stdio->flags[0]);
    fcntl(STDOUT_FILENO, F_SETFL, stdio->flags[1]);
    restore_terminal();
    free(stdio);
}

static const struct terminal_kind kind = {
    .write = write_out, .watch = watch, .settled = settled, .has_host = has_host, .end = end};

static bool allows(int fd, int access)
{
    int own = fcntl(fd, F_GETFL) & O_ACCMODE;
    return own == access || own == O_RDWR;
}

/* Opened anew where that is possible, so that non-blocking is not felt by whoever shares it. A file
 * is shared, for its position; so is a socket, which cannot be opened. What may not be written to
 * would be opened for it nevertheless. */
static struct stream *open_own(struct terminal_stdio *stdio, int fd, int access, stream_ready ready)
{
    char path[sizeof "/proc/self/fd/0"];
    struct stat status;
    int own = -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (allows(fd, access) && fstat(fd, &status) == 0 &&
        (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
        own = open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own < 0)
        own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return own >= 0 ? stream_open(&stdio->host->loop, own, ready, stdio) : NULL;
}

static bool set_up(struct terminal_stdio *stdio)
{
    stdio->flags[0] = fcntl(STDIN_FILENO, F_GETFL);
    stdio->flags[1] = fcntl(STDOUT_FILENO, F_GETFL);
    stdio->pause = alarm_new(&stdio->host->loop, pause_over, stdio);
    stdio->input = open_own(stdio, STDIN_FILENO, O_RDONLY, on_input);
    stdio->output = open_own(stdio, STDOUT_FILENO, O_WRONLY, on_output);
    if (stdio->pause == NULL || stdio->input == NULL || stdio->output == NULL)
        return false;
    stdio->is_person = isatty(STDIN_FILENO) == 1;
    return !stdio->is_person || (atexit(restore_terminal) == 0 && set_terminal_raw());
}

bool terminal_stdio_open(struct host *host, const struct modem_config *config,
                         struct host_refusal *refusal)
{
    struct terminal_stdio *stdio = calloc(1, sizeof *stdio);
    if (stdio == NULL)
        return refuse(refusal, "--stdio", NULL, strerror(ENOMEM));
    stdio->terminal = (struct terminal){.kind = &kind, .label = "stdio"};
    stdio->host = host;
    if (!set_up(stdio)) {
        refuse(refusal, "--stdio", NULL, strerror(errno));
        end(&stdio->terminal);
        return false;
    }
    return host_modem_new(host, config->name, config, &stdio->terminal, refusal) != NULL;
}
