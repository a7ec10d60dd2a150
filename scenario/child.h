/* child.h: a program that a scenario starts and ends. It ends with its parent, too. */
#ifndef SCENARIO_CHILD_H
#define SCENARIO_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
    pid_t pid; /* 0: there is none */
    int ended; /* readable when it has ended */
};

struct child_output {
    int out, err; /* -1: the parent's */
};

/* words: the program (searched in PATH) and its arguments, up to a NULL. false: errno says why. */
bool child_start(struct child *child, char *const *words, struct child_output output);

/* It has ended by itself; *status is that of wait(). */
bool child_has_ended(struct child *child, int *status);

/* Waits for its end. It ended in time, and well. */
bool child_wait(struct child *child, int timeout_ms);

/* SIGTERM; SIGKILL to what has not ended two seconds later. */
void child_end(struct child *child);

/* SIGKILL, for one that has nothing to put in order. */
void child_kill(struct child *child);

#endif
