#include "imqttctl/interrupt.h"

#include <sys/signalfd.h>
#include <unistd.h>

bool interrupt_begin(struct interrupt *interrupt)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &interrupt->before);
    interrupt->fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    return interrupt->fd >= 0;
}

/* What came is taken, or it would end the program now. */
void interrupt_end(struct interrupt *interrupt)
{
    struct signalfd_siginfo info;
    while (interrupt->fd >= 0 && read(interrupt->fd, &info, sizeof info) > 0)
        continue;
    if (interrupt->fd >= 0)
        close(interrupt->fd);
    sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
}
