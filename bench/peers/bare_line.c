/* bare_line: the least that can be at the other end of a pseudo-terminal. It answers each line with
 * as many bytes as the modem answers a publish with, at once. Prints `ready PATH`; ends with its
 * line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/need.h"
#include "common/net.h"

#define ANSWER "\r\nOK\r\n\r\n+IMQTTPUB:12345,0\r\n"

static int open_pair(void)
{
    struct termios settings;
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    need(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0, "posix_openpt");
    need(tcgetattr(fd, &settings) == 0, "tcgetattr");
    cfmakeraw(&settings);
    need(tcsetattr(fd, TCSANOW, &settings) == 0, "tcsetattr");
    return fd;
}

int main(void)
{
    char bytes[4096];
    int fd = open_pair();
    /* Held open, so that the line is not gone before the host has come, nor after it has left. */
    int line = open(ptsname(fd), O_RDWR | O_NOCTTY);
    need(line >= 0, "open");
    printf("ready %s\n", ptsname(fd));
    fflush(stdout);
    for (;;) {
        ssize_t got = read(fd, bytes, sizeof bytes);
        need(got > 0, "read");
        if (bytes[got - 1] == '\r')
            net_write_all(fd, ANSWER, sizeof ANSWER - 1);
    }
}
