#include "host/modem/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/modem/host_modem.h"
#include "host/terminal/listener.h"

/* For DISCONNECT to get out: a publish that waits for its acknowledgement may take a TIMEOUT. */
#define PATIENCE_MS 3500

/* Once they have ended, what was sent still gets a moment to arrive. What hangs then, a disk for
 * one, is not waited for. */
static void end_now(void *owner)
{
    struct host *host = owner;
    if (host->modems == NULL)
        loop_stop(&host->loop);
    while (host->modems != NULL)
        host_modem_end(host->modems);
    alarm_set(host->patience, LINGER_MS);
}

static bool start_loop(struct host *host, size_t max_memory_bytes, struct host_refusal *refusal)
{
    int error = loop_init(&host->loop);
    if (error != 0)
        return refuse(refusal, "event loop", NULL, uv_strerror(error));
    host->patience = alarm_new(&host->loop, end_now, host);
    if (host->patience != NULL &&
        memory_init(&host->memory, &host->loop, host->observer, max_memory_bytes))
        return true;
    return refuse(refusal, "event loop", NULL, strerror(ENOMEM));
}

static bool open_store(struct host *host, const char *folder, struct host_refusal *refusal)
{
    const char *why;
    if (folder == NULL)
        return true;
    host->store = store_open(&host->loop, host->observer, folder, &why);
    return host->store != NULL || refuse(refusal, "--state", folder, why);
}

bool host_init(struct host *host, const struct host_settings *settings,
               struct host_refusal *refusal)
{
    memset(host, 0, sizeof *host);
    host->observer = settings->observer;
    host->allow_remote = settings->allow_remote;
    host->max_files = settings->max_files;
    network_shared_init(&host->network, &host->loop);
    host->network.tls_contexts.observer = host->observer;
    return start_loop(host, settings->max_memory_bytes, refusal) &&
           open_store(host, settings->state_folder, refusal);
}

/* ---- the end -------------------------------------------------------------------------------- */

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
    if (!store_close(host->store))
        return false;
    alarm_end(host->patience);
    memory_end(&host->memory);
    network_shared_end(&host->network);
    loop_close(&host->loop);
    return true;
}
