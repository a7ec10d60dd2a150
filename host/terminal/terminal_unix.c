#include "host/terminal/terminal_unix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/terminal/listener.h"
#include "host/terminal/unix_socket.h"

bool terminal_unix_listen(struct host *host, const char *path, const struct modem_config *config,
                          struct host_refusal *refusal)
{
    const char *why;
    char *label;
    int fd = unix_socket_listen(path, &why);
    if (fd < 0)
        return refuse(refusal, "unix", path, why);
    if (asprintf(&label, "unix %s", path) < 0)
        label = NULL;
    struct listener_address called = {label != NULL ? label : path, NULL, path};
    bool begun = listener_begin(host, fd, &called, config, refusal) != NULL;
    free(label);
    if (begun)
        observer_ready(host->observer, "unix", path);
    return begun;
}
