#include "imqttd/config/config.h"
#include "imqttd/config/document_files.h"
#include "imqttd/config/config_table.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/config/plan_build.h"
#include "imqttd/config/preset_check.h"
#include "imqttd/need.h"

static const struct config_section *find(const struct document *document,
                                         enum config_section_kind kind)
{
    for (const struct config_section *each = document->sections; each != NULL; each = each->next)
        if (each->kind == kind)
            return each;
    return NULL;
}

/* ---- the program ---------------------------------------------------------------------------- */

static void put_program(struct config *config, const struct config_section *section)
{
    if (section == NULL)
        return;
    for (const struct config_entry *each = section->entries; each != NULL; each = each->next) {
        char why[CONFIG_WHY_BYTES];
        if (!each->key->put(&config->program, each->key, each->value, why))
            config_fault(&config->document.faults, each->place, "%s = %s: %s", each->key->name,
                         each->value, why);
    }
}

static void build_program(struct config *config, const struct document *options)
{
    const struct config_section *section = find(&config->document, SECTION_PROGRAM);
    const struct config_section *wins = find(options, SECTION_PROGRAM);
    config->program = (struct program_plan){.log_level = LEVEL_INFO,
                                            .metrics = true,
                                            .metrics_per_modem = true,
                                            .max_memory_bytes = MAX_MEMORY_DEFAULT_BYTES};
    put_program(config, section);
    put_program(config, wins);
}

static const struct config_entry *last_of(const struct document *document, const char *key)
{
    const struct config_section *section = find(document, SECTION_PROGRAM);
    const struct config_entry *last = NULL;
    if (section != NULL)
        for (const struct config_entry *each = section->entries; each != NULL; each = each->next)
            if (strcmp(each->key->name, key) == 0)
                last = each;
    return last;
}

struct config_place config_program_place(const struct config *config,
                                         const struct document *options, const char *key)
{
    const struct config_entry *entry = last_of(options, key);
    if (entry == NULL)
        entry = last_of(&config->document, key);
    return entry != NULL ? entry->place : (struct config_place){key, 0};
}

/* ---- modems --------------------------------------------------------------------------------- */

static void add_modem(struct config *config, struct modem_plan *plan)
{
    size_t count = config->modem_count;
    if ((count & (count - 1)) == 0)
        config->modems =
            need_resize(config->modems, (count == 0 ? 1 : 2 * count) * sizeof(struct modem_plan *));
    config->modems[config->modem_count++] = plan;
}

/* The ends of a fleet stand for all of it: its presets differ by a number. */
static void check_presets(struct config *config, const struct modem_plan *plan, bool is_end)
{
    if (is_end && plan->preset_count > 0)
        preset_check(plan, &config->document.faults);
}

/* Connections to one address are stored under one name: the last would overwrite the others. */
static void check_session(struct config *config, const struct modem_plan *plan)
{
    struct config_faults *faults = &config->document.faults;
    struct config_place place = modem_plan_place(plan, "keep-session");
    if (!plan->keeps_session)
        return;
    if (config->program.state_folder == NULL)
        config_fault(faults, place, "keep-session = disk needs state");
    if (plan->type == TERMINAL_TCP || plan->type == TERMINAL_UNIX)
        config_fault(faults, plan->place,
                     "keep-session = disk is for pty, serial and stdio, not for %s",
                     terminal_type_word(plan->type));
}

/* A connection that is made again is so with the settings of a modem's only client. */
static void check_clients(struct config *config, const struct modem_plan *plan)
{
    struct config_faults *faults = &config->document.faults;
    unsigned clients = plan->clients, most = imqtt_dialect_clients(plan->dialect);
    if (clients > most)
        config_fault(faults, plan->place, "clients = %u: the dialect has %u", clients, most);
    else if (clients > 1 && plan->reconnect_max_s > 0)
        config_fault(faults, plan->place, "reconnect is for a modem with one client");
}

static void build_section(struct config *config, const struct plan_sources *sources)
{
    struct fleet_range range;
    if (!fleet_range_read(&range, sources->section, &config->document.faults))
        range.count = 1;
    for (unsigned long i = 0; i < range.count; i++) {
        struct modem_plan *plan = plan_build(sources, range.first + i, i, &config->document.faults);
        check_presets(config, plan, i == 0 || i + 1 == range.count);
        if (i == 0) {
            check_session(config, plan);
            check_clients(config, plan);
        }
        add_modem(config, plan);
        config->document.faults.is_repeating = true;
    }
    config->document.faults.is_repeating = false;
}

static void build_sections(struct config *config, const struct document *of,
                           const struct document *options)
{
    struct plan_sources sources = {.defaults = find(&config->document, SECTION_DEFAULTS),
                                   .options = find(options, SECTION_DEFAULTS)};
    for (struct config_section *each = of->sections; each != NULL; each = each->next) {
        sources.section = each;
        if (each->kind == SECTION_MODEM)
            build_section(config, &sources);
    }
}

/* ---- what must be there once ---------------------------------------------------------------- */

static int by_name(const void *one, const void *other)
{
    return strcmp((*(struct modem_plan *const *)one)->name,
                  (*(struct modem_plan *const *)other)->name);
}

static int by_terminal(const void *one, const void *other)
{
    const struct modem_plan *a = *(struct modem_plan *const *)one;
    const struct modem_plan *b = *(struct modem_plan *const *)other;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return a->where == NULL || b->where == NULL ? 0 : strcmp(a->where, b->where);
}

static bool is_port_any(const struct modem_plan *plan)
{
    return plan->type == TERMINAL_TCP && modem_plan_address(plan).port == 0;
}

static void refuse_twin(struct config_faults *faults, const struct modem_plan *plan,
                        const struct modem_plan *other)
{
    const char *type = terminal_type_word(plan->type);
    config_fault(faults, modem_plan_place(plan, type), "%s %s is the terminal of modem %s as well",
                 type, plan->where, other->name);
}

static void refuse_twins(struct config *config, struct modem_plan **sorted)
{
    struct config_faults *faults = &config->document.faults;
    qsort(sorted, config->modem_count, sizeof(struct modem_plan *), by_name);
    for (size_t i = 1; i < config->modem_count; i++)
        if (by_name(&sorted[i - 1], &sorted[i]) == 0)
            config_fault(faults, sorted[i]->place, "modem %s is given twice", sorted[i]->name);
    qsort(sorted, config->modem_count, sizeof(struct modem_plan *), by_terminal);
    for (size_t i = 1; i < config->modem_count; i++)
        if (sorted[i]->type != TERMINAL_NONE && !is_port_any(sorted[i]) &&
            by_terminal(&sorted[i - 1], &sorted[i]) == 0)
            refuse_twin(faults, sorted[i], sorted[i - 1]);
}

static void check_twins(struct config *config)
{
    if (config->modem_count < 2)
        return;
    size_t bytes = config->modem_count * sizeof(struct modem_plan *);
    struct modem_plan **sorted = need_new(bytes);
    memcpy(sorted, config->modems, bytes);
    refuse_twins(config, sorted);
    free(sorted);
}

/* A fault in [defaults] is one even where there is no modem to have it. */
static void check_defaults(struct config *config)
{
    const struct config_section *defaults = find(&config->document, SECTION_DEFAULTS);
    if (defaults == NULL)
        return;
    struct config_section alone = {.kind = SECTION_MODEM, .name = "%d", .place = defaults->place};
    const struct config_key *stdio = config_key_find("stdio", SECTION_MODEM);
    document_put(&alone, stdio, "", defaults->place);
    struct plan_sources sources = {.defaults = defaults, .section = &alone};
    modem_plan_free(plan_build(&sources, 0, 0, &config->document.faults));
    free(alone.entries->value);
    free(alone.entries);
}

void config_build(struct config *config, const struct document *options)
{
    build_program(config, options);
    build_sections(config, &config->document, options);
    build_sections(config, options, options);
    if (config->modem_count == 0)
        check_defaults(config);
    check_twins(config);
}

void config_read(struct config *config, const char *file, const struct document *options)
{
    *config = (struct config){0};
    if (file != NULL)
        document_read(&config->document, file);
    config_build(config, options);
}

void config_free(struct config *config)
{
    for (size_t i = 0; i < config->modem_count; i++)
        modem_plan_free(config->modems[i]);
    free(config->modems);
    document_free(&config->document);
    *config = (struct config){0};
}
