#include "host/terminal/terminal_serial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/modem/host_modem.h"
#include "host/terminal/terminal.h"
#include "host/terminal/serial_line.h"

#define RETRY_MS       1000
#define WHY_BYTES      64
#define DRAIN_CHECK_MS 5
#define PORT_FIFO_BYTES                                                                            \
    64 /* what a port holds itself: leaves after the kernel's buffer is empty                      \
        */

struct terminal_serial {
    struct terminal terminal; /* first: it is all that its functions get */
    struct host *host;
    const char *device;
    struct serial_line *line; /* NULL: missing */
    struct stream *stream;
    struct alarm *retry;
    struct alarm *drain;
    struct serial_speed speed;
    struct serial_speed next_speed;
    bool is_changing;  /* speed becomes next_speed once everything has left */
    bool is_fifo_left; /* only the port's own buffer is being waited for */
    bool was_open;     /* before it was lost */
    uint64_t lost_ms;
    char said_why[WHY_BYTES]; /* it is missing; empty: it is not */
    char name[];
};

static struct terminal_serial *serial_of(struct terminal *terminal)
{
    return (struct terminal_serial *)terminal;
}

/* ---- a port comes and goes ------------------------------------------------------------------ */

static void on_ready(void *owner, bool input, bool room);

static void lose(struct terminal_serial *serial, const char *why)
{
    if (serial->stream != NULL)
        serial->lost_ms = loop_now_ms(&serial->host->loop);
    stream_close(serial->stream);
    serial_line_close(serial->line);
    serial->stream = NULL;
    serial->line = NULL;
    alarm_set(serial->retry, RETRY_MS);
    if (strncmp(serial->said_why, why, sizeof serial->said_why - 1) == 0)
        return;
    observer_log(serial->host->observer, LEVEL_WARNING, serial->name,
                 "%s; trying again every second", why);
    snprintf(serial->said_why, sizeof serial->said_why, "%s", why);
}

/* false: *refusal tells; it is looked for again. */
static bool look(struct terminal_serial *serial, struct serial_refusal *refusal)
{
    serial->line = serial_line_open(serial->device, &serial->speed, refusal);
    if (serial->line == NULL)
        return false;
    int fd = serial_line_descriptor(serial->line);
    if (fd >= 0)
        serial->stream = stream_open(&serial->host->loop, fd, on_ready, serial);
    *refusal = (struct serial_refusal){strerror(errno), false};
    if (serial->stream != NULL)
        stream_read_in_turns(serial->stream, &serial->host->loop.terminal_turns);
    return serial->stream != NULL;
}

/* How long it was away makes a line of its own, which the log does not count as a repeated one. */
static void say_open(const struct terminal_serial *serial)
{
    const struct observer *observer = serial->host->observer;
    unsigned baud = (unsigned)serial->speed.baud;
    uint64_t away_ms = loop_now_ms(&serial->host->loop) - serial->lost_ms;
    if (serial->was_open)
        observer_log(observer, LEVEL_INFO, serial->name, "open again after %u.%u s, %u baud",
                     (unsigned)(away_ms / 1000), (unsigned)(away_ms / 100 % 10), baud);
    else
        observer_log(observer, LEVEL_INFO, serial->name, "open, %u baud", baud);
}

static void begin(struct terminal_serial *serial)
{
    serial->said_why[0] = '\0';
    say_open(serial);
    serial->was_open = true;
    host_modem_touch(serial->terminal.modem);
}

static void find(void *owner)
{
    struct terminal_serial *serial = owner;
    struct serial_refusal refusal;
    if (look(serial, &refusal))
        begin(serial);
    else
        lose(serial, refusal.why);
}

static void read_in(struct terminal_serial *serial)
{
    uint8_t *input = serial->host->loop.input;
    ssize_t got = stream_read(serial->stream, input, stream_share(serial->stream));
    if (got > 0)
        terminal_typed(&serial->terminal, input, (size_t)got);
    else if (got != -EAGAIN)
        lose(serial, got == 0 ? "the device is gone" : strerror((int)-got));
}

static void on_ready(void *owner, bool input, bool room)
{
    struct terminal_serial *serial = owner;
    if (room)
        host_modem_touch(serial->terminal.modem);
    if (input)
        read_in(serial);
}

/* ---- another speed -------------------------------------------------------------------------- */

static void change_speed(struct terminal_serial *serial)
{
    serial->is_changing = false;
    serial->speed = serial->next_speed;
    if (serial->line != NULL && !serial_line_set(serial->line, &serial->speed))
        observer_log(serial->host->observer, LEVEL_ERROR, serial->name,
                     "cannot be set to %u baud%s", (unsigned)serial->speed.baud,
                     serial->speed.rts_cts ? " with RTS/CTS" : "");
    host_modem_touch(serial->terminal.modem);
}

/* tcdrain() would block. */
static void check_drained(void *owner)
{
    struct terminal_serial *serial = owner;
    if (serial->line == NULL || serial->is_fifo_left) {
        change_speed(serial);
        return;
    }
    serial->is_fifo_left = serial_line_is_drained(serial->line);
    uint64_t fifo_ms = 1 + PORT_FIFO_BYTES * 10 * 1000 / serial->speed.baud;
    alarm_set(serial->drain, serial->is_fifo_left ? fifo_ms : DRAIN_CHECK_MS);
}

static void configure(struct terminal *terminal, uint32_t baud, bool rts_cts)
{
    struct terminal_serial *serial = serial_of(terminal);
    serial->next_speed.baud = baud != 0 ? baud : serial->speed.baud;
    serial->next_speed.rts_cts = rts_cts;
    serial->is_changing = true;
    serial->is_fifo_left = false;
    alarm_set(serial->drain, 0);
}

/* ---- the terminal --------------------------------------------------------------------------- */

/* While it is missing, output waits as for a host that does not read. */
static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    struct terminal_serial *serial = serial_of(terminal);
    if (serial->stream == NULL || serial->is_changing)
        return 0;
    ssize_t taken = stream_write(serial->stream, bytes, count);
    if (taken < 0)
        lose(serial, strerror((int)-taken));
    return taken > 0 ? (size_t)taken : 0;
}

static void watch(struct terminal *terminal, bool input, bool room)
{
    struct terminal_serial *serial = serial_of(terminal);
    if (serial->stream != NULL)
        stream_watch(serial->stream, input, room && !serial->is_changing);
}

static bool has_host(const struct terminal *terminal)
{
    (void)terminal; /* it cannot be seen */
    return true;
}

static void end(struct terminal *terminal)
{
    struct terminal_serial *serial = serial_of(terminal);
    alarm_end(serial->retry);
    alarm_end(serial->drain);
    stream_close(serial->stream);
    serial_line_close(serial->line);
    free(serial);
}

static const struct terminal_kind kind = {
    .write = write_out, .watch = watch, .configure = configure, .has_host = has_host, .end = end};

static struct terminal_serial *allocate(struct host *host, const char *device, uint32_t baud)
{
    size_t bytes = sizeof "serial " + strlen(device);
    struct terminal_serial *serial = calloc(1, sizeof *serial + bytes);
    if (serial == NULL)
        return NULL;
    snprintf(serial->name, bytes, "serial %s", device);
    serial->terminal = (struct terminal){.kind = &kind, .label = serial->name, .baud = baud};
    serial->host = host;
    serial->device = device;
    serial->speed.baud = baud;
    serial->retry = alarm_new(&host->loop, find, serial);
    serial->drain = alarm_new(&host->loop, check_drained, serial);
    if (serial->retry != NULL && serial->drain != NULL)
        return serial;
    end(&serial->terminal);
    return NULL;
}

bool terminal_serial_open(struct host *host, const char *device, uint32_t baud,
                          const struct modem_config *config, struct host_refusal *refusal)
{
    struct terminal_serial *serial = allocate(host, device, baud);
    if (serial == NULL)
        return refuse(refusal, "--serial", device, strerror(ENOMEM));
    struct serial_refusal serial_refusal;
    bool is_there = look(serial, &serial_refusal);
    if (!is_there && serial_refusal.is_permanent) {
        end(&serial->terminal);
        return refuse(refusal, "--serial", device, serial_refusal.why);
    }
    if (host_modem_new(host, config->name, config, &serial->terminal, refusal) == NULL)
        return false;
    if (is_there)
        begin(serial);
    else
        lose(serial, serial_refusal.why);
    return true;
}
