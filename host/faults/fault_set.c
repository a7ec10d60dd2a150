#include "host/faults/fault_set.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void tell(struct fault_set *set, const struct fault *fault, enum fault_event event)
{
    struct fault_listener *listener = set->listeners;
    while (listener != NULL) {
        struct fault_listener *next = listener->next;
        listener->told(listener, fault, event);
        listener = next;
    }
}

void fault_set_listen(struct fault_set *set, struct fault_listener *listener)
{
    listener->next = set->listeners;
    set->listeners = listener;
}

void fault_set_ignore(struct fault_set *set, struct fault_listener *listener)
{
    struct fault_listener **link = &set->listeners;
    while (*link != NULL && *link != listener)
        link = &(*link)->next;
    if (*link != NULL)
        *link = listener->next;
}

/* ---- ends ----------------------------------------------------------------------------------- */

/* Told when it is out of the set, so that who is told finds the set as it now is. */
static void unlink_fault(struct fault_set *set, struct fault **link)
{
    struct fault *fault = *link;
    *link = fault->next;
    set->count--;
    tell(set, fault, FAULT_REMOVED);
    free(fault);
}

static bool is_over(const struct fault *fault, uint64_t now_ms)
{
    bool is_spent = fault->count != 0 && fault->struck >= fault->count;
    return is_spent || (fault->ends_ms != 0 && fault->ends_ms <= now_ms);
}

static void remove_over(struct fault_set *set)
{
    uint64_t now_ms = loop_now_ms(set->loop);
    for (struct fault **link = &set->first; *link != NULL;) {
        if (is_over(*link, now_ms))
            unlink_fault(set, link);
        else
            link = &(*link)->next;
    }
}

static void set_alarm(struct fault_set *set)
{
    uint64_t now_ms = loop_now_ms(set->loop), next_ms = UINT64_MAX;
    for (const struct fault *fault = set->first; fault != NULL; fault = fault->next)
        if (fault->ends_ms != 0 && fault->ends_ms < next_ms)
            next_ms = fault->ends_ms;
    if (next_ms != UINT64_MAX)
        alarm_set(set->alarm, next_ms > now_ms ? next_ms - now_ms : 0);
}

static void on_alarm(void *owner)
{
    struct fault_set *set = owner;
    remove_over(set);
    set_alarm(set);
}

static void sweep(struct task *task)
{
    remove_over((struct fault_set *)((char *)task - offsetof(struct fault_set, sweep)));
}

/* ---- additions ------------------------------------------------------------------------------ */

static struct fault *find(const struct fault_set *set, const char *name)
{
    struct fault *fault = set->first;
    while (fault != NULL && strcmp(fault->name, name) != 0)
        fault = fault->next;
    return fault;
}

static void find_name(struct fault_set *set, struct fault *fault)
{
    do
        snprintf(fault->name, sizeof fault->name, "%s-%zu", fault_type_of(fault)->name,
                 ++set->added);
    while (find(set, fault->name) != NULL);
}

static bool find_seed(struct fault *fault)
{
    uint32_t seed = 0;
    if (!fault->has_seed && getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return false;
    if (!fault->has_seed)
        fault->seed = seed;
    fault->random.state = fault->seed;
    return true;
}

static bool give_time(struct fault_set *set, struct fault *fault)
{
    if (fault->ttl_ms == 0)
        return true;
    if (set->alarm == NULL)
        set->alarm = alarm_new_of_modem(set->loop, on_alarm, set);
    fault->ends_ms = loop_now_ms(set->loop) + fault->ttl_ms;
    return set->alarm != NULL;
}

static const char *why_not(const struct fault_set *set, const struct fault *fault)
{
    if (set->count >= FAULT_SET_MAX)
        return "this modem has 64 faults already";
    if (*fault->name != '\0' && find(set, fault->name) != NULL)
        return "there is a fault of that name";
    return NULL;
}

static struct fault *copy(struct fault_set *set, const struct fault *fault)
{
    struct fault *added = malloc(sizeof *added);
    if (added == NULL)
        return NULL;
    *added = *fault;
    added->next = NULL;
    added->struck = added->ends_ms = 0;
    if (find_seed(added) && give_time(set, added))
        return added;
    free(added);
    return NULL;
}

bool fault_set_takes(const struct fault_set *set, const struct fault *fault,
                     struct fault_problem *problem)
{
    const char *why = why_not(set, fault);
    if (why == NULL)
        return true;
    snprintf(problem->key, sizeof problem->key, "name");
    snprintf(problem->text, sizeof problem->text, "%s", why);
    return false;
}

const struct fault *fault_set_add(struct fault_set *set, const struct fault *fault,
                                  struct fault_problem *problem)
{
    if (!fault_set_takes(set, fault, problem))
        return NULL;
    struct fault *added = copy(set, fault);
    if (added == NULL) {
        problem->key[0] = '\0';
        snprintf(problem->text, sizeof problem->text, "out of memory");
        return NULL;
    }
    if (*added->name == '\0')
        find_name(set, added);
    struct fault **link = &set->first;
    while (*link != NULL)
        link = &(*link)->next;
    *link = added;
    set->count++;
    if (added->ends_ms != 0)
        set_alarm(set);
    tell(set, added, FAULT_ADDED);
    return added;
}

bool fault_set_remove(struct fault_set *set, const char *name)
{
    for (struct fault **link = &set->first; *link != NULL; link = &(*link)->next) {
        if (strcmp((*link)->name, name) == 0) {
            unlink_fault(set, link);
            return true;
        }
    }
    return false;
}

void fault_set_reset(struct fault_set *set)
{
    while (set->first != NULL)
        unlink_fault(set, &set->first);
}

/* ---- use ------------------------------------------------------------------------------------ */

bool fault_is_moment(const struct fault_set *set, const struct fault *fault)
{
    if (*fault->when == '\0')
        return true;
    const char *command = set->command != NULL ? set->command(set->command_context) : NULL;
    return command != NULL && fnmatch(fault->when, command, FNM_CASEFOLD) == 0;
}

bool fault_strikes(struct fault_set *set, struct fault *fault)
{
    bool is_spent = fault->count != 0 && fault->struck >= fault->count;
    if (is_spent || !fault_is_moment(set, fault) ||
        !fault_random_hits(&fault->random, fault->toxicity_ppm))
        return false;
    fault->struck++;
    if (fault->struck == fault->count)
        loop_soon(set->loop, &set->sweep);
    tell(set, fault, FAULT_STRUCK);
    return true;
}

bool fault_set_has(const struct fault_set *set, enum fault_link link)
{
    const struct fault *fault = set->first;
    while (fault != NULL && fault->link != link)
        fault = fault->next;
    return fault != NULL;
}

struct fault *fault_set_next(const struct fault_set *set, const struct fault *after,
                             enum fault_link link, enum fault_stream stream)
{
    struct fault *fault = after == NULL ? set->first : after->next;
    while (fault != NULL && (fault->link != link || !fault_is_on(fault, stream)))
        fault = fault->next;
    return fault;
}

void fault_set_init(struct fault_set *set, struct loop *loop)
{
    *set = (struct fault_set){.loop = loop, .sweep.run = sweep};
}

void fault_set_end(struct fault_set *set)
{
    set->listeners = NULL; /* they end with the modem as well */
    fault_set_reset(set);
    loop_forget(&set->sweep);
    alarm_end(set->alarm);
    set->alarm = NULL;
}
