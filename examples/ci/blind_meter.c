/* blind_meter: the same program as it is often written first, and as it must not be: it types its
 * commands one after the other and hopes. It is here so that the scenarios have something to find.
 *
 * usage: blind_meter TERMINAL
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void type(int fd, const char *line, long pause_ms)
{
    char ignored[4096];
    struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};
    if (write(fd, line, strlen(line)) < 0 || write(fd, "\r", 1) < 0)
        exit(EXIT_FAILURE);
    nanosleep(&pause, NULL);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (poll(&wait, 1, 0) > 0 && read(fd, ignored, sizeof ignored) <= 0)
        exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : getenv("IMQTT_PTY");
    int fd = path != NULL ? open(path, O_RDWR | O_NOCTTY) : -1;
    struct termios line;
    if (fd < 0 || tcgetattr(fd, &line) != 0)
        return EXIT_FAILURE;
    cfmakeraw(&line);
    tcsetattr(fd, TCSANOW, &line);
    type(fd, "AT+IMQTTADDR=broker.example.com,1883,\"meter\"", 200);
    type(fd, "AT+IMQTTCONN", 500); /* mistake: it does not wait for +IMQTTCONN:0, nor try again */
    type(fd, "AT+IMQTTSUB=/down/meter,1", 200);
    for (unsigned reading = 0;; reading++) {
        char text[80];
        snprintf(text, sizeof text, "AT+IMQTTPUB=/up/meter,1,\"reading %u\"", reading);
        type(fd, text, 300); /* mistake: neither OK nor +IMQTTPUB is looked at */
    }
}
