#include <string.h>

#include "imqttd/config_checks.h"
#include "imqttd/control/control.h"
#include "imqttd/daemon.h"
#include "imqttd/log/log.h"
#include "imqttd/service.h"

static void warn_of_key(const char *key)
{
    log_format(LEVEL_WARNING, "reload", "%s changes when the program is started again", key);
}

/* What the program as a whole was started with stays until it is started again. */
static void warn_of_program(const struct program_plan *old, const struct program_plan *new)
{
    const char *const pairs[][3] = {{"state", old->state_folder, new->state_folder},
                                    {"control", old->control, new->control},
                                    {"token-file", old->token_file, new->token_file},
                                    {"trace", old->trace_file, new->trace_file}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *one = pairs[i][1] != NULL ? pairs[i][1] : "";
        const char *other = pairs[i][2] != NULL ? pairs[i][2] : "";
        if (strcmp(one, other) != 0)
            warn_of_key(pairs[i][0]);
    }
    if (old->max_memory_bytes != new->max_memory_bytes)
        warn_of_key("max-memory");
    if (old->max_files != new->max_files)
        warn_of_key("max-files");
}

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
    warn_of_program(&daemon->config.program, &config->program);
    log_set_level(config->program.log_level);
    if (daemon->retired.document.sections == NULL) {
        daemon->retired = daemon->config; /* strings of it are in use since the start */
        daemon->config = (struct config){0};
    }
    config_free(&daemon->config);
    daemon->config = *config;
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
