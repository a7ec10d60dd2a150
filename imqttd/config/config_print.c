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

/* The section of the options that go over those of this kind; NULL: there are none. */
static const struct config_section *winners(const struct document *options,
                                            enum config_section_kind kind)
{
    enum config_section_kind wanted = kind == SECTION_MODEM ? SECTION_DEFAULTS : kind;
    const struct config_section *each = options->sections;
    while (each != NULL && each->kind != wanted)
        each = each->next;
    return each;
}

static bool has_key(const struct config_section *section, const struct config_key *key)
{
    const struct config_entry *each = section != NULL ? section->entries : NULL;
    while (each != NULL && each->key != key)
        each = each->next;
    return each != NULL;
}

/* What an option does not replace. */
static void print_entries(const struct config_section *section,
                          const struct config_section *options, FILE *stream)
{
    for (const struct config_entry *each = section->entries; each != NULL; each = each->next)
        if (!document_is_replaced(each) && (each->key->adds || !has_key(options, each->key)) &&
            !each->is_secret) /* the preset-file that it comes from stands there */
            print_value(each, stream);
}

static void print_kind(const struct document *document, enum config_section_kind kind,
                       const struct document *options, FILE *stream)
{
    for (const struct config_section *each = document->sections; each != NULL; each = each->next) {
        if (each->kind != kind)
            continue;
        if (kind == SECTION_MODEM)
            (void)fprintf(stream, "\n[modem %s]\n", each->name);
        print_entries(each, winners(options, kind), stream);
    }
}

static bool is_given(const struct document *document, const struct config_key *key)
{
    for (const struct config_section *each = document->sections; each != NULL; each = each->next)
        if (each->kind == SECTION_PROGRAM && has_key(each, key))
            return true;
    return false;
}

static void print_program(const struct config *config, const struct document *options, FILE *stream)
{
    static const struct document none;
    (void)fputs("[imqttd]\n", stream);
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].sections == SECTION_PROGRAM && config_keys[i].standard != NULL &&
            !is_given(&config->document, &config_keys[i]) && !is_given(options, &config_keys[i]))
            (void)fprintf(stream, "%s = %s\n", config_keys[i].name, config_keys[i].standard);
    print_kind(&config->document, SECTION_PROGRAM, options, stream);
    print_kind(options, SECTION_PROGRAM, &none, stream);
}

/* An option stands here, and in no section of a modem, where it would be replaced. */
static void print_defaults(const struct config *config, const struct document *options,
                           FILE *stream)
{
    static const struct document none;
    const struct config_section *of_files = winners(&config->document, SECTION_DEFAULTS);
    if (of_files == NULL && winners(options, SECTION_DEFAULTS) == NULL)
        return;
    (void)fputs("\n[defaults]\n", stream);
    print_kind(&config->document, SECTION_DEFAULTS, options, stream);
    print_kind(options, SECTION_DEFAULTS, &none, stream);
}

void config_print(const struct config *config, const struct document *options, FILE *stream)
{
    print_program(config, options, stream);
    print_defaults(config, options, stream);
    print_kind(&config->document, SECTION_MODEM, options, stream);
    print_kind(options, SECTION_MODEM, options, stream);
}
