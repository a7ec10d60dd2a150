#include "host/terminal/serial_line.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* libserialport knows only what is in /sys/class/tty: port is NULL on a pseudo-terminal. */
struct serial_line {
    struct sp_port *port;
    int fd;
};

static const char *why_failed(enum sp_return result)
{
    switch (result) {
    case SP_ERR_ARG:
        return "is no serial port";
    case SP_ERR_MEM:
        return strerror(ENOMEM);
    case SP_ERR_SUPP:
        return "does not support this setting";
    default:
        return strerror(errno);
    }
}

static enum sp_return configure(struct sp_port *port, const struct serial_speed *speed)
{
    struct sp_port_config *config;
    enum sp_return result = sp_new_config(&config);
    if (result != SP_OK)
        return result;
    sp_set_config_baudrate(config, (int)speed->baud);
    sp_set_config_bits(config, 8);
    sp_set_config_parity(config, SP_PARITY_NONE);
    sp_set_config_stopbits(config, 1);
    sp_set_config_flowcontrol(config, speed->rts_cts ? SP_FLOWCONTROL_RTSCTS : SP_FLOWCONTROL_NONE);
    result = sp_set_config(port, config);
    int saved_errno = errno;
    sp_free_config(config);
    errno = saved_errno;
    return result;
}

static enum sp_return open_port(struct serial_line *line, const char *path,
                                const struct serial_speed *speed)
{
    enum sp_return result = sp_get_port_by_name(path, &line->port);
    if (result == SP_OK)
        result = sp_open(line->port, SP_MODE_READ_WRITE);
    if (result == SP_OK)
        result = sp_get_port_handle(line->port, &line->fd);
    if (result == SP_OK)
        result = configure(line->port, speed);
    return result;
}

/* Bytes pass at any speed; whoever has the other end can see what was set. */
static bool configure_pseudo_terminal(int fd, const struct serial_speed *speed)
{
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0)
        return false;
    cfmakeraw(&settings);
    settings.c_cflag &= ~(tcflag_t)CRTSCTS;
    if (speed->rts_cts)
        settings.c_cflag |= CRTSCTS;
    (void)cfsetspeed(&settings, speed->baud); /* fails if termios has no name for it */
    return tcsetattr(fd, TCSANOW, &settings) == 0;
}

static bool open_pseudo_terminal(struct serial_line *line, const char *path,
                                 const struct serial_speed *speed)
{
    line->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    return line->fd >= 0 && configure_pseudo_terminal(line->fd, speed);
}

static const char *open_path(struct serial_line *line, const char *path,
                             const struct serial_speed *speed)
{
    if (strncmp(path, "/dev/pts/", strlen("/dev/pts/")) == 0)
        return open_pseudo_terminal(line, path, speed) ? NULL : strerror(errno);
    enum sp_return result = open_port(line, path, speed);
    return result == SP_OK ? NULL : why_failed(result);
}

struct serial_line *serial_line_open(const char *device, const struct serial_speed *speed,
                                     const char **why)
{
    char path[PATH_MAX]; /* libserialport does not follow links such as /dev/serial/by-id/… */
    struct serial_line *line = calloc(1, sizeof *line);
    if (line == NULL) {
        *why = strerror(ENOMEM);
        return NULL;
    }
    line->fd = -1;
    *why = realpath(device, path) != NULL ? open_path(line, path, speed) : strerror(errno);
    if (*why == NULL && flock(line->fd, LOCK_EX | LOCK_NB) != 0)
        *why = "another program or modem has it";
    if (*why == NULL)
        return line;
    serial_line_close(line);
    return NULL;
}

bool serial_line_set(struct serial_line *line, const struct serial_speed *speed)
{
    if (line->port == NULL)
        return configure_pseudo_terminal(line->fd, speed);
    return configure(line->port, speed) == SP_OK;
}

bool serial_line_is_drained(const struct serial_line *line)
{
    int waiting = 0;
    return ioctl(line->fd, TIOCOUTQ, &waiting) != 0 || waiting == 0;
}

int serial_line_descriptor(const struct serial_line *line)
{
    return fcntl(line->fd, F_DUPFD_CLOEXEC, 0);
}

void serial_line_close(struct serial_line *line)
{
    if (line == NULL)
        return;
    if (line->port == NULL && line->fd >= 0)
        close(line->fd);
    if (line->port != NULL) {
        sp_close(line->port);
        sp_free_port(line->port);
    }
    free(line);
}
