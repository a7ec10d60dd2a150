#include "imqttd/config/plan_build.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/config/config_values.h"
#include "imqttd/config/document_reader.h"
#include "imqttd/config/radio_words.h"
#include "imqttd/need.h"

/* ---- fleets --------------------------------------------------------------------------------- */

static bool read_entry(unsigned long *number, const struct config_entry *entry, const char *text,
                       struct config_faults *faults)
{
    char why[CONFIG_WHY_BYTES];
    if (config_read_number(number, text, entry->key->min, entry->key->max, why))
        return true;
    config_fault(faults, entry->place, "%s = %s: %s", entry->key->name, entry->value, why);
    return false;
}

static bool read_first(unsigned long *first, const struct config_entry *entry,
                       struct config_faults *faults)
{
    const char *text = entry->value;
    if (strncmp(text, "env:", 4) == 0) {
        text = getenv(text + 4);
        if (text == NULL) {
            config_fault(faults, entry->place, "first = %s: there is no such variable",
                         entry->value);
            return false;
        }
    }
    return read_entry(first, entry, text, faults);
}

/* count and first say which modems there are, not what one is. */
static bool is_of_fleet(const struct config_key *key)
{
    return key->put == put_fleet;
}

static bool read_range(struct fleet_range *range, const struct config_entry *entry,
                       struct config_faults *faults)
{
    range->is_fleet = true;
    if (strcmp(entry->key->name, "count") == 0)
        return read_entry(&range->count, entry, entry->value, faults);
    return read_first(&range->first, entry, faults);
}

bool fleet_range_read(struct fleet_range *range, const struct config_section *section,
                      struct config_faults *faults)
{
    bool is_good = true;
    *range = (struct fleet_range){.count = 1};
    for (const struct config_entry *each = section->entries; each != NULL; each = each->next)
        if (is_of_fleet(each->key) && !read_range(range, each, faults))
            is_good = false;
    if (range->is_fleet && strstr(section->name, "%d") == NULL) {
        config_fault(faults, section->place, "the name of a fleet needs %%d: [modem %s-%%d]",
                     section->name);
        return false;
    }
    if (!range->is_fleet && strchr(section->name, '%') != NULL)
        config_fault(faults, section->place, "%%d is for fleets: count is missing");
    return is_good;
}

/* ---- values --------------------------------------------------------------------------------- */

static size_t expanded_bytes(const char *text, size_t digits)
{
    size_t bytes = strlen(text);
    for (const char *at = text; (at = strstr(at, "%d")) != NULL; at += 2)
        bytes = bytes - 2 + digits;
    return bytes;
}

static char *expand(const char *text, bool is_fleet, unsigned long number)
{
    char digits[24];
    if (!is_fleet || strstr(text, "%d") == NULL)
        return need_copy(text);
    snprintf(digits, sizeof digits, "%lu", number);
    size_t room = expanded_bytes(text, strlen(digits)) + 1;
    char *expanded = need_new(room), *end = expanded;
    for (const char *at; (at = strstr(text, "%d")) != NULL; text = at + 2)
        end += snprintf(end, room - (size_t)(end - expanded), "%.*s%s", (int)(at - text), text,
                        digits);
    memcpy(end, text, strlen(text) + 1);
    return expanded;
}

static size_t count_entries(const struct config_section *section)
{
    size_t count = 0;
    if (section != NULL)
        for (const struct config_entry *each = section->entries; each != NULL; each = each->next)
            count += !is_of_fleet(each->key);
    return count;
}

static void refuse_value(const struct plan_value *value, const char *why,
                         struct config_faults *faults)
{
    if (value->place.line == 0) /* an option says its value itself */
        config_fault(faults, value->place, "%s", why);
    else
        config_fault(faults, value->place, "%s = %s: %s", value->key->name,
                     config_shown(value->text, value->is_secret), why);
}

/* What nobody gets is checked as well: it is wrong where it stands. */
static void replace(struct plan_value *value, struct config_faults *faults)
{
    struct modem_plan nobody = {0};
    char why[CONFIG_WHY_BYTES];
    if (!value->key->put(&nobody, value->key, value->text, why))
        refuse_value(value, why, faults);
    free(value->text);
}

static void gather(struct modem_plan *plan, const struct config_section *section, bool is_fleet,
                   unsigned long number, struct config_faults *faults)
{
    if (section == NULL)
        return;
    for (const struct config_entry *each = section->entries; each != NULL; each = each->next) {
        struct plan_value *value = plan->values;
        struct plan_value *end = plan->values + plan->value_count;
        if (is_of_fleet(each->key))
            continue;
        while (value < end && (each->key->adds || value->key != each->key))
            value++;
        if (value == end)
            plan->value_count++;
        else
            replace(value, faults);
        *value = (struct plan_value){each->key, expand(each->value, is_fleet, number),
                                     each->is_secret, each->place};
    }
}

static void put_values(struct modem_plan *plan, struct config_faults *faults)
{
    for (size_t i = 0; i < plan->value_count; i++) {
        const struct plan_value *value = &plan->values[i];
        char why[CONFIG_WHY_BYTES];
        if (!value->key->put(plan, value->key, value->text, why))
            refuse_value(value, why, faults);
    }
}

/* ---- what goes together --------------------------------------------------------------------- */

static void take_source_address(struct modem_plan *plan, unsigned long member)
{
    const char *text = plan->source_addresses;
    unsigned long count = 1;
    if (text == NULL)
        return;
    for (const char *comma = text; (comma = strchr(comma, ',')) != NULL; comma++)
        count++;
    for (unsigned long skip = member % count; skip > 0; skip--)
        text = strchr(text, ',') + 1;
    plan->source_address = need_copy_bytes(text, strcspn(text, ","));
}

/* A link is the same one by every path to its folder. The caller frees it. */
static char *whole_link(const char *link)
{
    const char *slash = strrchr(link, '/');
    const char *name = slash != NULL ? slash + 1 : link;
    char *folder = need_copy_bytes(link, (size_t)(name - link));
    char *found = realpath(*folder != '\0' ? folder : ".", NULL);
    free(folder);
    if (found == NULL)
        return need_copy_bytes(link, strlen(link));
    char *whole = need_new(strlen(found) + strlen(name) + 2);
    sprintf(whole, "%s/%s", found, name);
    free(found);
    return whole;
}

static char *place_of_terminal(const struct modem_plan *plan)
{
    const char *where = plan->where;
    const char *comma = plan->type == TERMINAL_SERIAL ? strrchr(where, ',') : NULL;
    if (plan->type == TERMINAL_PTY)
        return whole_link(where);
    return need_copy_bytes(where, comma != NULL ? (size_t)(comma - where) : strlen(where));
}

/* An option's modem is found as it always was: by its terminal. */
static void name_store(struct modem_plan *plan)
{
    const char *word = terminal_type_word(plan->type);
    if (plan->stored_as != NULL)
        return;
    plan->stored_as = plan->name;
    if (!plan->is_option || plan->where == NULL)
        return;
    char *place = place_of_terminal(plan);
    plan->stored_as_text = need_new(strlen(word) + strlen(place) + 2);
    sprintf(plan->stored_as_text, "%s%s%s", word, *place != '\0' ? " " : "", place);
    free(place);
    plan->stored_as = plan->stored_as_text;
}

static void check_whole(struct modem_plan *plan, struct config_faults *faults)
{
    if (plan->type == TERMINAL_NONE)
        config_fault(faults, plan->place,
                     "modem %s has no terminal: one of pty, serial, tcp, unix, stdio", plan->name);
    if ((plan->tls_cert == NULL) != (plan->tls_key == NULL))
        config_fault(faults,
                     modem_plan_place(plan, plan->tls_cert != NULL ? "tls-cert" : "tls-key"),
                     "tls-cert and tls-key go together");
}

static void take_name(struct modem_plan *plan, const struct config_section *section, bool is_fleet,
                      unsigned long number, struct config_faults *faults)
{
    char *name = expand(section->name, is_fleet, number);
    if (strlen(name) > MODEM_NAME_BYTES)
        config_fault(faults, section->place, "%s is longer than %d bytes", name, MODEM_NAME_BYTES);
    snprintf(plan->name, sizeof plan->name, "%s", name);
    free(name);
}

struct modem_plan *plan_build(const struct plan_sources *sources, unsigned long number,
                              unsigned long member, struct config_faults *faults)
{
    const struct config_section *section = sources->section;
    bool is_fleet = strstr(section->name, "%d") != NULL;
    struct modem_plan *plan = need_new(sizeof *plan);
    size_t room =
        count_entries(sources->defaults) + count_entries(section) + count_entries(sources->options);
    plan->values = need_new((room > 0 ? room : 1) * sizeof *plan->values);
    plan->place = section->place;
    plan->is_option = section->place.line == 0;
    plan->boot_urcs = plan->echo = true;
    plan->radio = radio_good();
    take_name(plan, section, is_fleet, number, faults);
    gather(plan, sources->defaults, is_fleet, number, faults);
    gather(plan, section, is_fleet, number, faults);
    gather(plan, sources->options, is_fleet, number, faults);
    put_values(plan, faults);
    take_source_address(plan, member);
    name_store(plan);
    check_whole(plan, faults);
    return plan;
}
