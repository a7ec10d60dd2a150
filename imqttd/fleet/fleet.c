#include "imqttd/fleet/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"
#include "host/modem/host_modem.h"
#include "host/modem/host_parts.h"
#include "host/terminal/listener.h"
#include "imqttd/fleet/member.h"
#include "imqttd/log/log.h"
#include "imqttd/need.h"

static struct member *member_of(const struct host_modem *modem)
{
    const char *config = (const char *)host_modem_config(modem);
    return (struct member *)(config - offsetof(struct member, config));
}

static bool is_listener(const struct member *member)
{
    return member->plan->type == TERMINAL_TCP || member->plan->type == TERMINAL_UNIX;
}

static void add(struct fleet *fleet, struct member *member)
{
    member->next = fleet->members;
    fleet->members = member;
}

static void open_freed(void *owner);

/* ---- start ---------------------------------------------------------------------------------- */

static struct member *new_member(const struct fleet *fleet, struct modem_plan *plan)
{
    struct member *member = need_new(sizeof *member);
    member->plan = plan;
    member->config = member_config(plan, fleet->redirects);
    return member;
}

static bool start(struct fleet *fleet, struct modem_plan *plan, struct host_refusal *refusal)
{
    struct member *member = new_member(fleet, plan);
    add(fleet, member);
    if (member_open(fleet->host, member, refusal))
        return true;
    member->is_retired = true;
    return false;
}

bool fleet_start(struct fleet *fleet, struct config *config, struct host_refusal *refusal)
{
    fleet->freed = alarm_new(&fleet->host->loop, open_freed, fleet);
    if (fleet->freed == NULL)
        return refuse(refusal, "event loop", NULL, strerror(ENOMEM));
    for (size_t i = 0; i < config->modem_count; i++) {
        struct modem_plan *plan = config->modems[i];
        config->modems[i] = NULL;
        if (!start(fleet, plan, refusal))
            return false;
    }
    return true;
}

/* ---- change --------------------------------------------------------------------------------- */

static bool same_terminal(const struct modem_plan *one, const struct modem_plan *other)
{
    return one->type == other->type && strcmp(one->where, other->where) == 0;
}

/* All modems of a listener that were made of its old configuration. */
static void cycle_all(struct fleet *fleet, const struct member *old, const struct member *new,
                      struct fleet_changes *changes)
{
    struct host_refusal refusal;
    for (struct host_modem *modem = fleet->host->modems; modem != NULL;
         modem = host_modem_next(modem)) {
        if (host_modem_config(modem) != &old->config)
            continue;
        if (!host_modem_power_cycle(modem, &new->config, &refusal))
            fleet_changes_fail(changes, host_modem_name(modem), "stays off", &refusal);
    }
}

static void shut_down_all(struct fleet *fleet, const struct member *member)
{
    for (struct host_modem *modem = fleet->host->modems, *next; modem != NULL; modem = next) {
        next = host_modem_next(modem);
        if (host_modem_config(modem) == &member->config)
            host_modem_shut_down(modem);
    }
}

static struct listener *listener_of(const struct fleet *fleet, const struct member *member)
{
    return is_listener(member) ? listener_find(fleet->host, member->plan->name) : NULL;
}

static void retire(struct fleet *fleet, struct member *member)
{
    struct listener *listener = listener_of(fleet, member);
    if (listener != NULL)
        listener_end(listener);
    shut_down_all(fleet, member);
    member->is_retired = true;
}

/* Its terminal stays, so its host need not open it again. */
static void replace(struct fleet *fleet, struct member *old, struct modem_plan *plan,
                    struct fleet_changes *changes)
{
    size_t failed = changes->failed;
    modem_plan_keep_terminal(plan, old->plan);
    struct member *new = new_member(fleet, plan);
    struct listener *listener = listener_of(fleet, old);
    add(fleet, new);
    new->is_kept = true;
    new->is_waiting = old->is_waiting;
    struct host_refusal refusal;
    if (listener != NULL && !listener_set_config(listener, &new->config, &refusal))
        fleet_changes_fail(changes, plan->name, "does not listen", &refusal);
    size_t modems = old->modems;
    cycle_all(fleet, old, new, changes);
    new->modems = modems;
    old->modems = 0;
    old->is_retired = true;
    changes->changed += changes->failed == failed;
}

/* A modem that ends has its line until its DISCONNECT is out. */
static bool is_line_held(const struct fleet *fleet, const struct member *member)
{
    for (const struct member *each = fleet->members; each != NULL; each = each->next)
        if (each->is_retired && each->modems > 0 && member_shares_line(member, each))
            return true;
    return false;
}

/* changes: NULL, whoever asked for it has his answer already. */
static bool open_now(struct fleet *fleet, struct member *member, struct fleet_changes *changes)
{
    struct host_refusal refusal;
    member->is_waiting = false;
    if (member_open(fleet->host, member, &refusal))
        return true;
    member->is_retired = true;
    fleet_changes_fail(changes, member->plan->name, "cannot start", &refusal);
    return false;
}

static void open_freed(void *owner)
{
    struct fleet *fleet = owner;
    if (fleet->host->is_stopping)
        return;
    for (struct member *each = fleet->members; each != NULL; each = each->next)
        if (each->is_waiting && !each->is_retired && !is_line_held(fleet, each))
            (void)open_now(fleet, each, NULL);
}

static bool begin(struct fleet *fleet, struct modem_plan *plan, struct fleet_changes *changes)
{
    struct member *member = new_member(fleet, plan);
    add(fleet, member);
    member->is_kept = true;
    member->is_waiting = is_line_held(fleet, member);
    return member->is_waiting || open_now(fleet, member, changes);
}

static int by_plan_name(const void *one, const void *other)
{
    return strcmp((*(struct member *const *)one)->plan->name,
                  (*(struct member *const *)other)->plan->name);
}

/* The members by name: a fleet of thousands is compared in one go. */
static struct member **sorted_members(const struct fleet *fleet, size_t *count)
{
    struct member **sorted;
    *count = 0;
    for (const struct member *each = fleet->members; each != NULL; each = each->next)
        *count += !each->is_retired;
    sorted = need_new((*count + 1) * sizeof(struct member *));
    *count = 0;
    for (struct member *each = fleet->members; each != NULL; each = each->next)
        if (!each->is_retired)
            sorted[(*count)++] = each;
    qsort(sorted, *count, sizeof(struct member *), by_plan_name);
    return sorted;
}

static struct member *find(struct member **sorted, size_t count, struct modem_plan *plan)
{
    struct member wanted = {.plan = plan}, *key = &wanted;
    struct member **found = bsearch(&key, sorted, count, sizeof(struct member *), by_plan_name);
    return found != NULL ? *found : NULL;
}

/* Free what nobody is made of any more. */
static void sweep(struct fleet *fleet)
{
    for (struct member **at = &fleet->members; *at != NULL;) {
        struct member *member = *at;
        if (!member->is_retired || member->modems > 0) {
            at = &member->next;
            continue;
        }
        *at = member->next;
        modem_plan_free(member->plan);
        free(member);
    }
}

static void change_one(struct fleet *fleet, struct member *old, struct modem_plan **plan,
                       struct fleet_changes *changes)
{
    if (old != NULL && modem_plan_equal(old->plan, *plan)) {
        old->is_kept = true;
        changes->unchanged++;
        return; /* the plan stays with the configuration, which frees it */
    }
    if (old != NULL && same_terminal(old->plan, *plan)) {
        replace(fleet, old, *plan, changes);
        *plan = NULL;
    }
}

static void begin_rest(struct fleet *fleet, struct config *config, struct member **sorted,
                       size_t count, struct fleet_changes *changes)
{
    for (size_t i = 0; i < config->modem_count; i++) {
        if (config->modems[i] == NULL)
            continue;
        struct member *old = find(sorted, count, config->modems[i]);
        if (old != NULL && old->is_kept)
            continue;
        bool has_begun = begin(fleet, config->modems[i], changes);
        config->modems[i] = NULL;
        changes->added += has_begun && old == NULL;
        changes->changed += has_begun && old != NULL;
        changes->removed -= old != NULL; /* it has another terminal, or none that can be had */
    }
}

struct fleet_changes fleet_change(struct fleet *fleet, struct config *config)
{
    struct fleet_changes changes = {0};
    size_t count;
    struct member **sorted = sorted_members(fleet, &count);
    for (size_t i = 0; i < count; i++)
        sorted[i]->is_kept = false;
    for (size_t i = 0; i < config->modem_count; i++)
        change_one(fleet, find(sorted, count, config->modems[i]), &config->modems[i], &changes);
    for (size_t i = 0; i < count; i++) {
        if (sorted[i]->is_kept || sorted[i]->is_retired)
            continue;
        retire(fleet, sorted[i]);
        changes.removed++;
    }
    begin_rest(fleet, config, sorted, count, &changes);
    free(sorted);
    sweep(fleet);
    return changes;
}

/* ---- the observer's ------------------------------------------------------------------------- */

const struct modem_plan *fleet_plan(const struct host_modem *modem)
{
    return member_of(modem)->plan;
}

void fleet_began(const struct host_modem *modem)
{
    member_of(modem)->modems++;
}

void fleet_ended(struct fleet *fleet, const struct host_modem *modem)
{
    member_of(modem)->modems--;
    alarm_set(fleet->freed, 0); /* it has its terminal still */
}

void fleet_end(struct fleet *fleet)
{
    alarm_end(fleet->freed);
    for (struct member *each = fleet->members; each != NULL; each = each->next) {
        each->is_retired = true;
        each->modems = 0;
    }
    sweep(fleet);
}
