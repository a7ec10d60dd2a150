#include "host/terminal/serial_line.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libserialport.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "host/terminal/line_owner.h"

/* libserialport knows only what is in /sys/class/tty: port is NULL on a pseudo-terminal. */
struct serial_line {
    struct sp_port *port;
    int fd;
    bool is_taken; /* nobody else can open it */
};

static const char no_port[] = "is no serial port";

static const char *why_failed(enum sp_return result)
{
    switch (result) {
    case SP_ERR_ARG:
        return no_port;
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

static const char *try_path(struct serial_line *line, const char *path,
                            const struct serial_speed *speed)
{
    if (strncmp(path, "/dev/pts/", strlen("/dev/pts/")) == 0)
        return open_pseudo_terminal(line, path, speed) ? NULL : strerror(errno);
    enum sp_return result = open_port(line, path, speed);
    return result == SP_OK ? NULL : why_failed(result);
}

/* Most often dialout: whoever is in that group has the device. */
static const char *name_missing_group(const char *path)
{
    static char text[96];
    struct stat status;
    struct group *group = stat(path, &status) == 0 ? getgrgid(status.st_gid) : NULL;
    if (group == NULL || (status.st_mode & S_IRGRP) == 0 || (status.st_mode & S_IWGRP) == 0)
        return strerror(EACCES);
    (void)snprintf(text, sizeof text, "permission denied: it is for the group %s", group->gr_name);
    return text;
}

static bool open_path(struct serial_line *line, const char *path, const struct serial_speed *speed,
                      struct serial_refusal *refusal)
{
    errno = 0;
    refusal->why = try_path(line, path, speed);
    if (refusal->why == NULL)
        return true;
    if (errno == EBUSY) {
        *refusal = (struct serial_refusal){line_owner_name_at(path), true};
        return false;
    }
    if (access(path, R_OK | W_OK) != 0 && errno == EACCES)
        refusal->why = name_missing_group(path);
    refusal->is_permanent = refusal->why == no_port;
    return false;
}

/* For those who respect a lock, and for those who know of none: they cannot open it. */
static bool take(struct serial_line *line, struct serial_refusal *refusal)
{
    if (flock(line->fd, LOCK_EX | LOCK_NB) == 0) {
        line_owner_sign(line->fd);
        (void)ioctl(line->fd, TIOCEXCL);
        line->is_taken = true;
        return true;
    }
    *refusal = (struct serial_refusal){line_owner_name(line->fd), true};
    return false;
}

struct serial_line *serial_line_open(const char *device, const struct serial_speed *speed,
                                     struct serial_refusal *refusal)
{
    char path[PATH_MAX]; /* libserialport does not follow links such as /dev/serial/by-id/… */
    struct serial_line *line = calloc(1, sizeof *line);
    *refusal = (struct serial_refusal){strerror(ENOMEM), false};
    if (line == NULL)
        return NULL;
    line->fd = -1;
    if (realpath(device, path) == NULL)
        refusal->why = strerror(errno);
    else if (open_path(line, path, speed, refusal) && take(line, refusal))
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
    if (line->is_taken)
        (void)ioctl(line->fd, TIOCNXCL); /* others may have had it open before */
    if (line->port == NULL && line->fd >= 0)
        close(line->fd);
    if (line->port != NULL) {
        sp_close(line->port);
        sp_free_port(line->port);
    }
    free(line);
}
