#include "imqttd/config/document.h"

#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"

struct config_section *document_section(struct document *document, enum config_section_kind kind,
                                        const char *name, struct config_place place)
{
    struct config_section **at = &document->sections;
    for (; *at != NULL; at = &(*at)->next)
        if ((*at)->kind == kind && strcmp((*at)->name, name) == 0)
            return *at;
    *at = need_new(sizeof **at);
    (*at)->kind = kind;
    (*at)->name = need_copy(name);
    (*at)->place = place;
    return *at;
}

struct config_entry *document_put(struct config_section *section, const struct config_key *key,
                                  const char *value, struct config_place place)
{
    struct config_entry **at = &section->entries;
    while (*at != NULL)
        at = &(*at)->next;
    struct config_entry *entry = *at = need_new(sizeof *entry);
    entry->key = key;
    entry->value = need_copy(value);
    entry->place = place;
    return entry;
}

bool document_is_replaced(const struct config_entry *entry)
{
    const struct config_entry *later = entry->next;
    while (later != NULL && (entry->key->adds || later->key != entry->key))
        later = later->next;
    return later != NULL;
}

static void free_section(struct config_section *section)
{
    while (section->entries != NULL) {
        struct config_entry *entry = section->entries;
        section->entries = entry->next;
        if (entry->is_secret)
            explicit_bzero(entry->value, strlen(entry->value));
        free(entry->value);
        free(entry);
    }
    free(section->name);
    free(section);
}

void document_free(struct document *document)
{
    while (document->sections != NULL) {
        struct config_section *section = document->sections;
        document->sections = section->next;
        free_section(section);
    }
    for (size_t i = 0; i < document->file_count; i++)
        free(document->files[i]);
    free(document->files);
    config_faults_free(&document->faults);
    *document = (struct document){0};
}
