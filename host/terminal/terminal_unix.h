/* terminal_unix.h: a Unix socket that hosts connect to (listener.h). */
#ifndef HOST_TERMINAL_TERMINAL_UNIX_H
#define HOST_TERMINAL_TERMINAL_UNIX_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

/* Listens at path, which only the user of this program may then open, and tells the observer that it
 * is ready. What an earlier run left there is replaced; a socket somebody listens on is not, nor
 * anything else. false: *refusal tells. */
bool terminal_unix_listen(struct host *host, const char *path, const struct modem_config *config,
                          struct host_refusal *refusal);

#endif
