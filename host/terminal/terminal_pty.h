/* terminal_pty.h: a pseudo-terminal that a host opens by a symbolic link. */
#ifndef HOST_TERMINAL_TERMINAL_PTY_H
#define HOST_TERMINAL_TERMINAL_PTY_H

#include "host/modem/host.h"

/* Makes one, with its modem, and says host_ready(). link must live as long as host. NULL, or why
 * not: static text. */
const char *terminal_pty_start(struct host *host, const char *link);

#endif
