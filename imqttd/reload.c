#include <string.h>

#include "imqttd/config_checks.h"
#include "imqttd/control/control.h"
#include "imqttd/daemon.h"
#include "imqttd/log/log.h"
#include "imqttd/service.h"

/* ---- what waits for the next start --------------------------------------------------------------- */

static bool differ(const char *one, const char *other)
{
    return strcmp(one != NULL ? one : "", other != NULL ? other : "") != 0;
}

static bool endpoints_differ(const struct program_plan *old, const struct program_plan *new)
{
    return old->has_control_tcp != new->has_control_tcp ||
           old->control_tcp.port != new->control_tcp.port ||
           strcmp(old->control_tcp.host, new->control_tcp.host) != 0;
}

/* Metrics that were not counted from the start cannot be served; the others can be held back. */
size_t daemon_waiting_keys(const struct daemon *daemon, const char *keys[DAEMON_WAITING_KEYS])
{
    const struct program_plan *new = &daemon->config.program;
    const struct program_plan *old = daemon->has_retired ? &daemon->retired.program : new;
    const struct {
        const char *key;
        bool waits;
    } all[DAEMON_WAITING_KEYS] = {
        {"state", differ(old->state_folder, new->state_folder)},
        {"control", differ(old->control, new->control)},
        {"control-tcp", endpoints_differ(old, new)},
        {"token-file", differ(old->token_file, new->token_file)},
        {"trace", differ(old->trace_file, new->trace_file)},
        {"metrics", new->metrics && !old->metrics},
        {"allow-remote", old->allow_remote != new->allow_remote},
        {"virtual-time", old->virtual_time != new->virtual_time},
        {"max-memory", old->max_memory_bytes != new->max_memory_bytes},
        {"max-files", old->max_files != new->max_files},
    };
    size_t count = 0;
    for (size_t i = 0; i < DAEMON_WAITING_KEYS; i++)
        if (all[i].waits)
            keys[count++] = all[i].key;
    return count;
}

static void warn_of_waiting(const struct daemon *daemon)
{
    const char *keys[DAEMON_WAITING_KEYS];
    size_t count = daemon_waiting_keys(daemon, keys);
    for (size_t i = 0; i < count; i++)
        log_format(LEVEL_WARNING, "reload", "%s changes when the program is started again",
                   keys[i]);
}

/* ---- the files ----------------------------------------------------------------------------------- */

static bool refuse_all(struct config *config, struct config_faults *faults)
{
    *faults = config->document.faults;
    config->document.faults = (struct config_faults){0};
    for (size_t i = 0; i < faults->count; i++)
        log_format(LEVEL_ERROR, "reload", "%s", faults->lines[i]);
    config_free(config);
    return false;
}

/* The new program's plan stands for what can change while it runs; the old document goes. */
static void take(struct daemon *daemon, struct config *config)
{
    log_set_level(config->program.log_level);
    if (!daemon->has_retired)
        daemon->retired = daemon->config; /* strings of it are in use since the start */
    else
        config_free(&daemon->config);
    daemon->has_retired = true;
    daemon->config = *config;
    warn_of_waiting(daemon);
}

static void read_certificates(struct daemon *daemon)
{
    struct host_refusal refusal;
    if (!tls_contexts_reload(&daemon->host.network.tls_contexts, &refusal))
        log_format(LEVEL_ERROR, "reload", "%s %s: %s", refusal.setting,
                   refusal.value != NULL ? refusal.value : "", refusal.why);
}

static void read_token(struct daemon *daemon)
{
    struct host_refusal refusal;
    if (!control_reload(daemon->control, &refusal))
        log_format(LEVEL_ERROR, "reload", "%s %s: %s", refusal.setting, refusal.value, refusal.why);
}

static bool reload(struct daemon *daemon, struct fleet_changes *changes,
                   struct config_faults *faults)
{
    struct config config;
    *faults = (struct config_faults){0};
    *changes = (struct fleet_changes){0};
    if (daemon->options.config_file == NULL) {
        config_fault(faults, (struct config_place){"reload", 0}, "there is no configuration");
        return false;
    }
    config_read(&config, daemon->options.config_file, &daemon->options.document);
    config_checks_note(&config, &daemon->options.document);
    if (config.document.faults.count > 0)
        return refuse_all(&config, faults);
    *changes = fleet_change(&daemon->fleet, &config);
    take(daemon, &config);
    read_certificates(daemon);
    read_token(daemon);
    log_format(LEVEL_INFO, "reload", "%zu unchanged, %zu changed, %zu new, %zu gone, %zu failed",
               changes->unchanged, changes->changed, changes->added, changes->removed,
               changes->failed);
    return true;
}

bool daemon_reload(struct daemon *daemon, struct fleet_changes *changes,
                   struct config_faults *faults)
{
    service_reloading();
    bool has_changed = reload(daemon, changes, faults);
    service_ready();
    return has_changed;
}
