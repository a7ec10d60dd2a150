#include "host/terminal/line_owner.h"

#include <fcntl.h>
#include <stdio.h>

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

const char *line_owner_name(int fd)
{
    static char name[64];
    struct flock lock = first_byte();
    if (fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0)
        return "another program or modem has it";
    (void)snprintf(name, sizeof name, "another program has it: pid %ld", (long)lock.l_pid);
    return name;
}
