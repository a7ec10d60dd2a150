/* terminal.h: a modem's terminal, from the side of the host that types. */
#ifndef BENCH_COMMON_TERMINAL_H
#define BENCH_COMMON_TERMINAL_H

#include <stdint.h>

#include "common/input.h"
#include "common/lines.h"

/* No answer of the modem that terminal_await() passes over is longer. */
#define TERMINAL_LINE_BYTES 256

struct terminal {
    int fd; /* blocking, until the program makes it otherwise */
    struct leftover input;
};

/* where: tcp:PORT, the path of a pseudo-terminal, or fd:N for one that is open already. */
void terminal_open(struct terminal *terminal, const char *where);

/* Types a command, the carriage return included. */
void terminal_type(struct terminal *terminal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Waits for a line that is exactly text, passing over others; an error ends the program. Only while
 * nothing else is expected: what follows in the same read is left for the next call. */
void terminal_await(struct terminal *terminal, const char *text);

/* Echo off, and the broker; then the modem is ready to connect. */
struct terminal_broker {
    uint16_t port;
    bool tls;
    const char *host;
};
void terminal_set_up(struct terminal *terminal, const struct terminal_broker *broker,
                     const char *client_id);

/* Ends the program if the line is an error of the modem. */
void terminal_check(struct line line);

#endif
