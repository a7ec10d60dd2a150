#include "host/host.h"

#include <string.h>

#include "host/log.h"
#include "host/modem.h"
#include "host/terminal_tcp.h"

/* For DISCONNECT to get out: a publish that waits for its acknowledgement may take a TIMEOUT. */
#define PATIENCE_MS 3500

static void end_modems(void *owner)
{
    struct host *host = owner;
    while (host->modems != NULL)
        host_modem_end(host->modems);
}

static bool refuse(const char **what, const char **why, const char *name, const char *reason)
{
    *what = name;
    *why = reason;
    return false;
}

static bool open_store(struct host *host, const char *folder, const char **what, const char **why)
{
    *what = "--state";
    if (folder != NULL)
        host->store = store_open(&host->loop, folder, why);
    return folder == NULL || host->store != NULL;
}

bool host_init(struct host *host, const struct host_settings *settings, const char **what,
               const char **why)
{
    memset(host, 0, sizeof *host);
    int error = loop_init(&host->loop);
    if (error != 0)
        return refuse(what, why, "event loop", uv_strerror(error));
    host->patience = alarm_new(&host->loop, end_modems, host);
    if (host->patience == NULL)
        return refuse(what, why, "event loop", uv_strerror(UV_ENOMEM));
    if (!detours_parse(&host->network.detours, settings->connect_to))
        return refuse(what, why, "IMQTT_CONNECT_TO", "not of the form HOST:PORT=HOST2:PORT2[,…]");
    host->network.tls = tls_new(settings->tls_ca_file, !settings->tls_insecure, why);
    if (host->network.tls == NULL) {
        *what = "--tls-ca";
        return false;
    }
    if (settings->tls_insecure)
        host_log(LEVEL_WARNING, "tls", "certificates are not verified: anybody can be the broker");
    host->network.loop = host->network.names.loop = &host->loop;
    host->options.boot_urcs = settings->boot_urcs;
    host->options.identity = settings->identity;
    return open_store(host, settings->state_folder, what, why);
}

void host_run(struct host *host)
{
    loop_run(&host->loop);
}

static void shut_modems_down(struct host *host)
{
    for (struct host_modem *modem = host->modems; modem != NULL; modem = host_modem_next(modem))
        host_modem_shut_down(modem);
    alarm_set(host->patience, PATIENCE_MS);
}

void host_stop(struct host *host)
{
    if (host->is_stopping) {
        alarm_set(host->patience, 0);
        return;
    }
    host->is_stopping = true;
    listeners_end(host);
    shut_modems_down(host);
}

bool host_end(struct host *host)
{
    alarm_end(host->patience);
    tls_end(host->network.tls);
    detours_end(&host->network.detours);
    store_close(host->store);
    if (names_are_looked_up(&host->network.names))
        return false;
    loop_close(&host->loop);
    return true;
}
