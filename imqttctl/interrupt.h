/* interrupt.h: SIGINT and SIGTERM as something to wait for, while a verb runs without end. */
#ifndef IMQTTCTL_INTERRUPT_H
#define IMQTTCTL_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

struct interrupt {
    int fd; /* readable once one has come */
    sigset_t before;
};

bool interrupt_begin(struct interrupt *interrupt);
void interrupt_end(struct interrupt *interrupt);

#endif
