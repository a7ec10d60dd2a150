#include "host/modem/host.h"

#include <string.h>

#include "host/log.h"
#include "host/modem/modem.h"
#include "host/terminal/terminal_tcp.h"

/* For DISCONNECT to get out: a publish that waits for its acknowledgement may take a TIMEOUT. */
#define PATIENCE_MS 3500

static void end_modems(void *owner)
{
    struct host *host = owner;
    while (host->modems != NULL)
        host_modem_end(host->modems);
}

static bool start_loop(struct host *host, struct host_refusal *refusal)
{
    int error = loop_init(&host->loop);
    if (error != 0)
        return refuse(refusal, "event loop", NULL, uv_strerror(error));
    host->patience = alarm_new(&host->loop, end_modems, host);
    if (host->patience != NULL && memory_init(&host->memory, &host->loop))
        return true;
    return refuse(refusal, "event loop", NULL, uv_strerror(UV_ENOMEM));
}

static bool set_up_network(struct host *host, const struct host_settings *settings,
                           struct host_refusal *refusal)
{
    if (!redirects_parse(&host->redirects, settings->connect_to))
        return refuse(refusal, "IMQTT_CONNECT_TO", settings->connect_to,
                      "not of the form HOST:PORT=HOST2:PORT2[,…]");
    host->tls = settings->tls;
    host->network_config =
        (struct network_config){.tls = &host->tls, .redirects = &host->redirects};
    network_shared_init(&host->network, &host->loop);
    host->tls_context = tls_context_take(&host->network.tls_contexts, &host->tls, refusal);
    if (host->tls_context == NULL)
        return false;
    if (tls_context_has_old_lists(host->tls_context))
        host_log(LEVEL_WARNING, "tls",
                 "a revocation list is out of date: its authority's certificates will be refused");
    if (settings->tls.insecure)
        host_log(LEVEL_WARNING, "tls", "certificates are not verified: anybody can be the broker");
    return true;
}

static bool open_store(struct host *host, const char *folder, struct host_refusal *refusal)
{
    const char *why;
    if (folder == NULL)
        return true;
    host->store = store_open(&host->loop, folder, &why);
    return host->store != NULL || refuse(refusal, "--state", folder, why);
}

bool host_init(struct host *host, const struct host_settings *settings,
               struct host_refusal *refusal)
{
    memset(host, 0, sizeof *host);
    host->allow_remote = settings->allow_remote;
    host->options.boot_urcs = settings->boot_urcs;
    host->options.identity = settings->identity;
    return start_loop(host, refusal) && set_up_network(host, settings, refusal) &&
           open_store(host, settings->state_folder, refusal);
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

void host_end(struct host *host)
{
    alarm_end(host->patience);
    memory_end(&host->memory);
    tls_context_release(host->tls_context);
    network_shared_end(&host->network);
    redirects_end(&host->redirects);
    store_close(host->store);
    loop_close(&host->loop);
}
