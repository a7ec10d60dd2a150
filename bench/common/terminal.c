#include "common/terminal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "common/need.h"
#include "common/net.h"

static int open_line(const char *path)
{
    struct termios settings;
    int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    need(fd >= 0, path);
    need(tcgetattr(fd, &settings) == 0, "tcgetattr");
    cfmakeraw(&settings);
    need(tcsetattr(fd, TCSANOW, &settings) == 0, "tcsetattr");
    return fd;
}

void terminal_open(struct terminal *terminal, const char *where)
{
    terminal->input.count = 0;
    if (strncmp(where, "tcp:", 4) == 0)
        terminal->fd = net_connect(net_port(where + 4));
    else if (strncmp(where, "fd:", 3) == 0)
        terminal->fd = atoi(where + 3);
    else
        terminal->fd = open_line(where);
}

void terminal_type(struct terminal *terminal, const char *format, ...)
{
    char text[TERMINAL_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    need(length >= 0 && (size_t)length < sizeof text - 1, "a command is too long");
    text[length] = '\r';
    net_write_all(terminal->fd, text, (size_t)length + 1);
}

void terminal_check(struct line line)
{
    if (line_is(line, "ERROR") || line_begins(line, "+CME ERROR")) {
        fprintf(stderr, "%.*s\n", (int)line.length, line.text);
        need(false, "the modem refused a command");
    }
}

/* Whether the line is among those in the piece. */
static bool find(struct piece *piece, const char *text)
{
    struct line line;
    while (lines_next(piece, &line)) {
        terminal_check(line);
        if (line_is(line, text))
            return true;
    }
    return false;
}

void terminal_await(struct terminal *terminal, const char *text)
{
    bool is_found = false;
    while (!is_found) {
        bool is_closed;
        struct piece piece = input_read(terminal->fd, &terminal->input, &is_closed);
        need(!is_closed, "the modem has hung up");
        is_found = find(&piece, text);
        input_leave(&terminal->input, piece, piece.count);
    }
}

static void command(struct terminal *terminal, const char *text)
{
    terminal_type(terminal, "%s", text);
    terminal_await(terminal, "OK");
}

void terminal_set_up(struct terminal *terminal, const struct terminal_broker *broker,
                     const char *client_id)
{
    command(terminal, "ATE0");
    command(terminal, "AT+IMQTTPARA=KEEPALIVE,60");
    if (broker->tls)
        command(terminal, "AT+IMQTTMODE=2,1");
    terminal_type(terminal, "AT+IMQTTADDR=%s,%u,%s", broker->host, broker->port, client_id);
    terminal_await(terminal, "OK");
}
