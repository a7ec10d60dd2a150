/* full_line TERMINAL PORT BAUD SECONDS: a host that keeps a line of that speed full both ways.
 *
 * It types publishes and reads what the modem says at exactly the pace of the line (8N1: a tenth of
 * the baud rate in bytes a second), not a byte faster: every millisecond what is due by then. The
 * modem is subscribed to a source that always has more to say. Prints `ready`, waits for a line,
 * then prints `ran NS TYPED READ`: bytes.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/need.h"
#include "common/net.h"
#include "common/terminal.h"
#include "common/work.h"

#define TICK_NS        1000000
#define BITS_OF_A_BYTE 10
#define PIECE_BYTES    65536
/* A source that does not end, and that keeps a window as Mosquitto does. */
#define SOURCE "source/4000000000/20"

static const char line[] = "AT+IMQTTPUB=bench/telemetry,1,\"" WORK_PAYLOAD "\"\r";
static struct terminal terminal;
static uint64_t bytes_per_s;
static uint64_t typed, had; /* bytes */

static void set_up(const char *where, uint16_t port)
{
    struct terminal_broker to = {.host = "127.0.0.1", .port = port};
    terminal_open(&terminal, where);
    terminal_set_up(&terminal, &to, "full");
    terminal_type(&terminal, "AT+IMQTTCONN");
    terminal_await(&terminal, "+IMQTTCONN:0");
    terminal_type(&terminal, "AT+IMQTTSUB=" SOURCE ",1"); /* its OK comes with the first messages */
    net_unblock(terminal.fd);
}

static void type_due(uint64_t due)
{
    while (typed < due) {
        size_t at = typed % (sizeof line - 1);
        size_t length = sizeof line - 1 - at;
        if (length > due - typed)
            length = due - typed;
        ssize_t taken = write(terminal.fd, &line[at], length);
        need(taken > 0 || errno == EAGAIN, "write");
        if (taken < 0)
            return;
        typed += (uint64_t)taken;
    }
}

static void check(const char *bytes, size_t count)
{
    need(memmem(bytes, count, "ERROR", 5) == NULL, "the modem refused a command");
}

static void read_due(uint64_t due)
{
    static char bytes[PIECE_BYTES];
    uint64_t length = due - had < sizeof bytes ? due - had : sizeof bytes;
    ssize_t got = length > 0 ? read(terminal.fd, bytes, length) : 0;
    need(got >= 0 || errno == EAGAIN, "read");
    if (got <= 0)
        return;
    check(bytes, (size_t)got);
    had += (uint64_t)got;
}

static int ticker(void)
{
    struct itimerspec period = {.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    need(fd >= 0 && timerfd_settime(fd, 0, &period, NULL) == 0, "timerfd");
    return fd;
}

static uint64_t run(unsigned seconds)
{
    int ticks = ticker();
    uint64_t start_ns = work_now_ns(), passed_ns = 0, expired;
    while (passed_ns < (uint64_t)seconds * 1000000000) {
        need(read(ticks, &expired, sizeof expired) == sizeof expired, "timerfd");
        passed_ns = work_now_ns() - start_ns;
        uint64_t due = passed_ns * bytes_per_s / 1000000000;
        type_due(due);
        read_due(due);
    }
    return passed_ns;
}

/* The buffers between here and the broker fill, so that the line is full from the first moment. */
static void wait_for_start(void)
{
    char go[16];
    puts("ready");
    fflush(stdout);
    need(fgets(go, sizeof go, stdin) != NULL, "told to go");
}

int main(int count, char **arguments)
{
    need(count == 5, "usage: full_line TERMINAL PORT BAUD SECONDS");
    bytes_per_s = strtoul(arguments[3], NULL, 10) / BITS_OF_A_BYTE;
    set_up(arguments[1], net_port(arguments[2]));
    wait_for_start();
    uint64_t passed_ns = run((unsigned)atoi(arguments[4]));
    printf("ran %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", passed_ns, typed, had);
}
