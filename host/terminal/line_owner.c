#include "host/terminal/line_owner.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* A lock of the process, not of the description: only those have a pid. */
static struct flock first_byte(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
}

void line_owner_sign(int fd)
{
    struct flock lock = first_byte();
    (void)fcntl(fd, F_SETLK, &lock);
}

static const char *name_of(long pid)
{
    static char name[64];
    if (pid <= 0)
        return "another program or modem has it";
    (void)snprintf(name, sizeof name, "another program has it: pid %ld", pid);
    return name;
}

const char *line_owner_name(int fd)
{
    struct flock lock = first_byte();
    bool is_known = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    return name_of(is_known ? (long)lock.l_pid : 0);
}

/* ---- of a line that cannot be opened --------------------------------------------------------- */

/* A line is "3: FLOCK ADVISORY WRITE 1234 00:18:5 0 EOF". 0: it is of another file. */
static long pid_of_lock(const char *line, const char *file)
{
    const char *at = strstr(line, file);
    while (at != NULL && at > line && isdigit((unsigned char)at[-1]))
        at--;
    return at != NULL ? strtol(at, NULL, 10) : 0;
}

static long find_lock(FILE *locks, const char *file)
{
    char *line = NULL;
    size_t room = 0;
    long pid = 0;
    while (pid == 0 && getline(&line, &room, locks) > 0)
        pid = pid_of_lock(line, file);
    free(line);
    return pid;
}

const char *line_owner_name_at(const char *path)
{
    struct stat status;
    char file[64];
    FILE *locks = fopen("/proc/locks", "re");
    long pid = 0;
    if (locks != NULL && stat(path, &status) == 0) {
        (void)snprintf(file, sizeof file, " %02x:%02x:%ju ", major(status.st_dev),
                       minor(status.st_dev), (uintmax_t)status.st_ino);
        pid = find_lock(locks, file);
    }
    if (locks != NULL)
        (void)fclose(locks);
    return name_of(pid);
}
