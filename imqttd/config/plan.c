#include "imqttd/config/plan.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/config/config_key.h"

void modem_plan_free(struct modem_plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->value_count; i++) {
        explicit_bzero(plan->values[i].text, strlen(plan->values[i].text));
        free(plan->values[i].text);
    }
    free(plan->values);
    free(plan->stored_as_text);
    redirects_end(&plan->redirects);
    free(plan->redirects_text);
    free(plan->device);
    free(plan->source_address);
    free(plan->presets);
    free(plan->faults);
    free(plan);
}

static bool same_text(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

bool modem_plan_equal(const struct modem_plan *one, const struct modem_plan *other)
{
    if (strcmp(one->name, other->name) != 0 || one->value_count != other->value_count ||
        !same_text(one->source_address, other->source_address))
        return false;
    for (size_t i = 0; i < one->value_count; i++)
        if (one->values[i].key != other->values[i].key ||
            strcmp(one->values[i].text, other->values[i].text) != 0)
            return false;
    return true;
}

struct config_place modem_plan_place(const struct modem_plan *plan, const char *key)
{
    for (size_t i = 0; i < plan->value_count; i++)
        if (strcmp(plan->values[i].key->name, key) == 0)
            return plan->values[i].place;
    return plan->place;
}

struct endpoint modem_plan_address(const struct modem_plan *plan)
{
    struct endpoint address = {0};
    if (!endpoint_parse(&address, plan->where, strlen(plan->where)))
        return (struct endpoint){0};
    return address;
}

static struct plan_value *value_of(const struct modem_plan *plan, const char *text)
{
    struct plan_value *value = plan->values;
    while (value->text != text)
        value++;
    return value;
}

void modem_plan_keep_terminal(struct modem_plan *plan, struct modem_plan *old)
{
    struct plan_value *new_value = value_of(plan, plan->where);
    struct plan_value *old_value = value_of(old, old->where);
    char *where = new_value->text, *device = plan->device;
    plan->where = new_value->text = old_value->text;
    old->where = old_value->text = where;
    plan->device = old->device;
    old->device = device;
}

const char *terminal_type_word(enum terminal_type type)
{
    static const char *const words[] = {
        [TERMINAL_NONE] = "none", [TERMINAL_PTY] = "pty",   [TERMINAL_SERIAL] = "serial",
        [TERMINAL_TCP] = "tcp",   [TERMINAL_UNIX] = "unix", [TERMINAL_STDIO] = "stdio",
    };
    return words[type];
}
