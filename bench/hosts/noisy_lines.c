/* noisy_lines PREFIX COUNT BAUD SECONDS: hosts on COUNT terminals, PREFIX0 and so on, that keep
 * lines of that speed full both ways, whatever noise is on them.
 *
 * Each types commands that are as long as their echo and answer, every 20 ms what is due
 * by then, and reads all that came. Prints `ready`, waits for a line, then prints `ran NS TYPED
 * READ`: bytes of all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/need.h"
#include "common/work.h"

#define TICK_NS        20000000
#define BITS_OF_A_BYTE 10
#define MOST           1000

static const char line[] = "AT+IMQTTUSER=\"" WORK_PAYLOAD "\",\"" WORK_PAYLOAD "\"\r";

static struct {
    int fd;
    uint64_t typed;
} hosts[MOST];
static unsigned host_count;
static uint64_t had; /* bytes, by all */

static void open_all(const char *prefix)
{
    char path[4096];
    for (unsigned i = 0; i < host_count; i++) {
        (void)snprintf(path, sizeof path, "%s%u", prefix, i);
        hosts[i].fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
        need(hosts[i].fd >= 0, path);
    }
}

static void type_due(unsigned i, uint64_t due)
{
    while (hosts[i].typed < due) {
        size_t at = hosts[i].typed % (sizeof line - 1), length = sizeof line - 1 - at;
        if (length > due - hosts[i].typed)
            length = due - hosts[i].typed;
        ssize_t taken = write(hosts[i].fd, &line[at], length);
        need(taken > 0 || errno == EAGAIN, "write");
        if (taken < 0)
            return;
        hosts[i].typed += (uint64_t)taken;
    }
}

static void read_all(unsigned i)
{
    static char bytes[65536];
    ssize_t got = read(hosts[i].fd, bytes, sizeof bytes);
    need(got > 0 || errno == EAGAIN, "read");
    had += got > 0 ? (uint64_t)got : 0;
}

static int ticker(void)
{
    struct itimerspec period = {.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    need(fd >= 0 && timerfd_settime(fd, 0, &period, NULL) == 0, "timerfd");
    return fd;
}

static uint64_t run(uint64_t bytes_per_s, unsigned seconds)
{
    int ticks = ticker();
    uint64_t start_ns = work_now_ns(), passed_ns = 0, expired;
    while (passed_ns < (uint64_t)seconds * 1000000000) {
        need(read(ticks, &expired, sizeof expired) == sizeof expired, "timerfd");
        passed_ns = work_now_ns() - start_ns;
        for (unsigned i = 0; i < host_count; i++) {
            type_due(i, passed_ns * bytes_per_s / 1000000000);
            read_all(i);
        }
    }
    return passed_ns;
}

int main(int count, char **arguments)
{
    char go[16];
    need(count == 5, "usage: noisy_lines PREFIX COUNT BAUD SECONDS");
    host_count = (unsigned)strtoul(arguments[2], NULL, 10);
    need(host_count <= MOST, "COUNT");
    open_all(arguments[1]);
    puts("ready");
    fflush(stdout);
    need(fgets(go, sizeof go, stdin) != NULL, "told to go");
    uint64_t passed_ns =
        run(strtoul(arguments[3], NULL, 10) / BITS_OF_A_BYTE, (unsigned)atoi(arguments[4]));
    uint64_t typed = 0;
    for (unsigned i = 0; i < host_count; i++)
        typed += hosts[i].typed;
    printf("ran %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", passed_ns, typed, had);
}
