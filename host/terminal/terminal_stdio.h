/* terminal_stdio.h: the program's own standard input and output.
 *
 * On a terminal a person types: it is set raw while the program runs, Ctrl-D ends the program.
 * Anything else is a script: it is typed line by line, the next when the modem is idle and the
 * broker has been quiet for a moment; its end ends the program.
 */
#ifndef HOST_TERMINAL_TERMINAL_STDIO_H
#define HOST_TERMINAL_TERMINAL_STDIO_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

/* false: *refusal tells. */
bool terminal_stdio_open(struct host *host, const struct modem_config *config,
                         struct host_refusal *refusal);

#endif
