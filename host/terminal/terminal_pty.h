/* terminal_pty.h: a pseudo-terminal that a host opens by a symbolic link. */
#ifndef HOST_TERMINAL_TERMINAL_PTY_H
#define HOST_TERMINAL_TERMINAL_PTY_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

/* Makes one, with its modem, and tells the observer that it is ready. link must stay. false:
 * *refusal tells. */
bool terminal_pty_open(struct host *host, const char *link, const struct modem_config *config,
                       struct host_refusal *refusal);

#endif
