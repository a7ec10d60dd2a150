/* ctl.h: what every verb is given, and how it ends. */
#ifndef IMQTTCTL_CTL_H
#define IMQTTCTL_CTL_H

#include <stdbool.h>

struct daemon_client;
struct control_target;

enum ctl_exit {
    CTL_DONE = 0,
    CTL_FAILED = 1, /* or refused; one line says why */
    CTL_USAGE = 2,
    CTL_NO_DAEMON = 3,
    CTL_TIMED_OUT = 42, /* play */
};

struct ctl {
    struct daemon_client *client;
    const struct control_target *target; /* of the client */
    bool json;                           /* answers as the daemon gives them */
};

/* "imqttctl: …" on standard error; returns the exit code that it is given. */
enum ctl_exit ctl_say(enum ctl_exit code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
