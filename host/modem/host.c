#include "host/modem/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/modem/modem.h"
#include "host/terminal/listener.h"

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
    host->network.loop = host->network.names.loop = &host->loop;
    host->network.names.observer = host->observer;
    return start_loop(host, refusal) && open_store(host, settings->state_folder, refusal);
}

/* ---- TLS ------------------------------------------------------------------------------------ */

struct tls_of_settings {
    struct tls_of_settings *next;
    struct tls_settings settings;
    struct tls *tls;
};

static bool are_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool are_equal(const struct tls_settings *a, const struct tls_settings *b)
{
    return a->insecure == b->insecure && are_same(a->ca_file, b->ca_file) &&
           are_same(a->crl_file, b->crl_file);
}

static struct tls *make_tls(struct host *host, const struct tls_settings *settings,
                            struct host_refusal *refusal)
{
    struct tls *tls = tls_new(settings, host->observer, refusal);
    if (tls == NULL)
        return NULL;
    struct tls_of_settings *entry = calloc(1, sizeof *entry);
    if (entry == NULL) {
        tls_end(tls);
        refuse(refusal, "TLS", NULL, strerror(ENOMEM));
        return NULL;
    }
    if (settings->insecure)
        observer_log(host->observer, LEVEL_WARNING, "tls",
                     "certificates are not verified: anybody can be the broker");
    *entry = (struct tls_of_settings){.next = host->tls, .settings = *settings, .tls = tls};
    host->tls = entry;
    return tls;
}

struct tls *host_tls(struct host *host, const struct tls_settings *settings,
                     struct host_refusal *refusal)
{
    for (struct tls_of_settings *each = host->tls; each != NULL; each = each->next)
        if (are_equal(&each->settings, settings))
            return each->tls;
    return make_tls(host, settings, refusal);
}

static void end_tls(struct host *host)
{
    while (host->tls != NULL) {
        struct tls_of_settings *entry = host->tls;
        host->tls = entry->next;
        tls_end(entry->tls);
        free(entry);
    }
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
    alarm_end(host->patience);
    memory_end(&host->memory);
    end_tls(host);
    store_close(host->store);
    if (names_are_looked_up(&host->network.names))
        return false;
    loop_close(&host->loop);
    return true;
}
