/* modem_client TERMINAL PORT [MODEMS [tls]]: a modem as a client of the benchmark (common/work.h).
 *
 * This is the computer at the modem's terminal: it types AT+IMQTTPUB lines as fast as the terminal
 * takes them, without waiting, and counts the URCs. With MODEMS it opens so many terminals.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/need.h"
#include "common/net.h"
#include "common/terminal.h"
#include "common/work.h"

#define EVENTS      256
#define LINE_BYTES  256
#define BLOCK_LINES 512

struct modem {
    struct terminal terminal;
    size_t bytes_left; /* of the lines to be typed, but for the last one */
    size_t offset;     /* in the block of lines */
    const char *last;  /* what is left of the last line */
    unsigned awaited;  /* URCs */
    bool watches_room;
};

static struct terminal_broker broker = {.host = "127.0.0.1"};
static const char *where;
static unsigned count;
static struct modem *modems;
static unsigned unfinished; /* modems */
static int epoll;

/* What is typed: a block of equal lines, over and over, and a last line. */
static struct {
    char block[BLOCK_LINES * LINE_BYTES];
    size_t block_bytes;
    size_t line_bytes;
    char last[LINE_BYTES];
} lines;

/* ---- what the modem says ------------------------------------------------------------------- */

typedef void line_handler(struct modem *modem, struct line line);

static line_handler *take_line; /* for what is being done */

static void count_one(struct modem *modem)
{
    need(modem->awaited > 0, "more came than was asked for");
    if (--modem->awaited == 0)
        unfinished--;
}

static void take_connected(struct modem *modem, struct line line)
{
    if (line_is(line, "+IMQTTCONN:0"))
        count_one(modem);
}

static bool ends_well(struct line line)
{
    return line.length > 2 && memcmp(line.text + line.length - 2, ",0", 2) == 0;
}

static void take_published(struct modem *modem, struct line line)
{
    if (!line_begins(line, "+IMQTTPUB:"))
        return;
    need(ends_well(line), "a message was not acknowledged");
    count_one(modem);
}

static void take_received(struct modem *modem, struct line line)
{
    if (line_begins(line, "+IMQTTSUB:"))
        work_subscribed();
    if (!line_begins(line, "+IMQTTRCVPUB:"))
        return;
    count_one(modem);
    work_received(1);
}

static void read_lines(struct modem *modem)
{
    bool is_closed;
    struct line line;
    struct piece piece = input_read(modem->terminal.fd, &modem->terminal.input, &is_closed);
    need(!is_closed, "the modem has hung up");
    while (lines_next(&piece, &line)) {
        terminal_check(line);
        take_line(modem, line);
    }
    input_leave(&modem->terminal.input, piece, piece.count);
}

/* ---- what is typed ------------------------------------------------------------------------- */

static size_t make_line(char *line, const struct work_messages *messages, unsigned qos)
{
    int length = snprintf(line, LINE_BYTES, "AT+IMQTTPUB=%s,%u,\"%s\"\r", messages->topic, qos,
                          WORK_PAYLOAD);
    need(length > 0 && length < LINE_BYTES, "a line is too long");
    return (size_t)length;
}

static void make_lines(const struct work_messages *messages)
{
    char line[LINE_BYTES];
    lines.line_bytes = make_line(line, messages, messages->qos);
    lines.block_bytes = 0;
    for (unsigned i = 0; i < BLOCK_LINES; i++, lines.block_bytes += lines.line_bytes)
        memcpy(lines.block + lines.block_bytes, line, lines.line_bytes);
    make_line(lines.last, messages, work_qos(messages, 1));
}

static bool has_to_type(const struct modem *modem)
{
    return modem->bytes_left > 0 || *modem->last != '\0';
}

static size_t type(const struct modem *modem, const char *text, size_t length)
{
    ssize_t taken = write(modem->terminal.fd, text, length);
    need(taken >= 0 || errno == EAGAIN, "write");
    return taken > 0 ? (size_t)taken : 0;
}

static void type_block(struct modem *modem)
{
    size_t length = lines.block_bytes - modem->offset;
    if (length > modem->bytes_left)
        length = modem->bytes_left;
    size_t taken = type(modem, lines.block + modem->offset, length);
    modem->bytes_left -= taken;
    modem->offset = (modem->offset + taken) % lines.block_bytes;
}

/* One write a turn, so that answers are read in between. */
static void type_some(struct modem *modem)
{
    if (modem->bytes_left > 0)
        type_block(modem);
    else
        modem->last += type(modem, modem->last, strlen(modem->last));
}

/* ---- the loop ------------------------------------------------------------------------------ */

static void watch_room(struct modem *modem, bool watch)
{
    struct epoll_event event = {.events = watch ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = modem};
    if (watch == modem->watches_room)
        return;
    modem->watches_room = watch;
    need(epoll_ctl(epoll, EPOLL_CTL_MOD, modem->terminal.fd, &event) == 0, "epoll_ctl");
}

static void serve(struct modem *modem, uint32_t events)
{
    if (events & EPOLLOUT)
        type_some(modem);
    if (events & (uint32_t)~EPOLLOUT)
        read_lines(modem);
    watch_room(modem, has_to_type(modem));
}

static void run_until_finished(void)
{
    struct epoll_event events[EVENTS];
    while (unfinished > 0) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++)
            serve(events[i].data.ptr, events[i].events);
    }
}

static void await(struct modem *modem, unsigned urcs)
{
    modem->awaited = urcs;
    unfinished += urcs > 0;
}

/* ---- work ---------------------------------------------------------------------------------- */

static void connect_all(void)
{
    take_line = take_connected;
    for (unsigned i = 0; i < count; i++) {
        await(&modems[i], 1);
        terminal_type(&modems[i].terminal, "AT+IMQTTCONN");
    }
    run_until_finished();
}

/* A modem on a TCP terminal ends with its connection. */
static void disconnect_all(void)
{
    for (unsigned i = 0; i < count; i++)
        close(modems[i].terminal.fd);
}

static void prepare(struct modem *modem, unsigned share)
{
    modem->bytes_left = share > 0 ? (share - 1) * lines.line_bytes : 0;
    modem->offset = 0;
    modem->last = share > 0 ? lines.last : "";
    await(modem, share);
    watch_room(modem, share > 0);
}

static void publish(const struct work_messages *messages)
{
    take_line = take_published;
    make_lines(messages);
    for (unsigned i = 0; i < count; i++)
        prepare(&modems[i], work_share(messages->count, count, i));
    run_until_finished();
}

static void receive(const struct work_messages *messages)
{
    take_line = take_received;
    await(&modems[0], messages->count);
    terminal_type(&modems[0].terminal, "AT+IMQTTSUB=%s,%u", messages->topic, messages->qos);
    run_until_finished();
}

static void open_modem(unsigned i)
{
    struct modem *modem = &modems[i];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = modem};
    char client_id[32];
    snprintf(client_id, sizeof client_id, "modem%u", i);
    terminal_open(&modem->terminal, where);
    terminal_set_up(&modem->terminal, &broker, client_id);
    net_unblock(modem->terminal.fd);
    modem->last = "";
    need(epoll_ctl(epoll, EPOLL_CTL_ADD, modem->terminal.fd, &event) == 0, "epoll_ctl");
}

int main(int argument_count, char **arguments)
{
    static const struct work_client client = {connect_all, publish, receive, disconnect_all};
    need(argument_count >= 3, "usage: modem_client TERMINAL PORT [MODEMS [tls]]");
    where = arguments[1];
    broker.port = net_port(arguments[2]);
    count = argument_count > 3 ? (unsigned)atoi(arguments[3]) : 1;
    broker.tls = argument_count > 4;
    net_allow_descriptors();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    modems = calloc(count, sizeof *modems);
    need(epoll >= 0 && modems != NULL, "memory");
    for (unsigned i = 0; i < count; i++)
        open_modem(i);
    work_run(&client);
}
