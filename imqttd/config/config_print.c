#include <stdlib.h>
#include <string.h>

#include "imqttd/config/config.h"
#include "imqttd/config/config_table.h"
#include "imqttd/need.h"
#include "imqttd/trace/secrets.h"

/* Presets may hold passwords: the same rules as for a trace. */
static void print_value(const struct config_entry *entry, FILE *stream)
{
    char *shown = need_copy(entry->value);
    if (secrets_star((uint8_t *)shown, strlen(shown))) {
        char *first = strchr(shown, '*'), *last = strrchr(shown, '*');
        (void)fprintf(stream, "%s = %.*s*****%s\n", entry->key->name, (int)(first - shown), shown,
                      last + 1);
    } else {
        (void)fprintf(stream, "%s = %s\n", entry->key->name, shown);
    }
    explicit_bzero(shown, strlen(shown));
    free(shown);
}

static void print_section(const struct config_section *section, FILE *stream)
{
    if (section->kind == SECTION_MODEM)
        (void)fprintf(stream, "\n[modem %s]\n", section->name);
    else if (section->kind == SECTION_DEFAULTS)
        (void)fputs("\n[defaults]\n", stream);
    for (const struct config_entry *each = section->entries; each != NULL; each = each->next)
        if (!document_is_replaced(each) &&
            !each->is_secret) /* the preset-file that it comes from stands there */
            print_value(each, stream);
}

static bool is_given(const struct config_section *section, const struct config_key *key)
{
    for (; section != NULL; section = section->next)
        if (section->kind == SECTION_PROGRAM)
            for (const struct config_entry *each = section->entries; each != NULL;
                 each = each->next)
                if (each->key == key)
                    return true;
    return false;
}

static void print_program_defaults(const struct config *config, FILE *stream)
{
    (void)fputs("[imqttd]\n", stream);
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].sections == SECTION_PROGRAM && config_keys[i].standard != NULL &&
            !is_given(config->document.sections, &config_keys[i]))
            (void)fprintf(stream, "%s = %s\n", config_keys[i].name, config_keys[i].standard);
}

void config_print(const struct config *config, FILE *stream)
{
    const struct config_section *all = config->document.sections;
    print_program_defaults(config, stream);
    for (const struct config_section *each = all; each != NULL; each = each->next)
        if (each->kind == SECTION_PROGRAM)
            print_section(each, stream);
    for (const struct config_section *each = all; each != NULL; each = each->next)
        if (each->kind != SECTION_PROGRAM)
            print_section(each, stream);
}
