#include "imqttd/config/document.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/config/document_reader.h"
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
    while (*at != NULL && (key->adds || (*at)->key != key))
        at = &(*at)->next;
    struct config_entry *entry = *at;
    if (entry == NULL)
        entry = *at = need_new(sizeof *entry);
    free(entry->value);
    entry->key = key;
    entry->value = need_copy(value);
    entry->place = place;
    return entry;
}

static const char *keep_name(struct document *document, const char *file)
{
    document->files =
        need_resize(document->files, (document->file_count + 1) * sizeof *document->files);
    return document->files[document->file_count++] = need_copy(file);
}

void document_read_stream(struct document *document, FILE *stream, const char *name)
{
    document_read_lines(document, stream, keep_name(document, name));
}

static void read_file(struct document *document, const char *file)
{
    FILE *stream = fopen(file, "re");
    if (stream == NULL) {
        config_fault(&document->faults, (struct config_place){file, 0}, "%s", strerror(errno));
        return;
    }
    document_read_stream(document, stream, file);
    if (ferror(stream))
        config_fault(&document->faults, (struct config_place){file, 0}, "cannot be read");
    fclose(stream);
}

static int is_configuration(const struct dirent *entry)
{
    size_t count = strlen(entry->d_name);
    return entry->d_name[0] != '.' && count > 5 && strcmp(entry->d_name + count - 5, ".conf") == 0;
}

static void read_folder(struct document *document, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_configuration, alphasort);
    if (count < 0 && errno != ENOENT)
        config_fault(&document->faults, (struct config_place){folder, 0}, "%s", strerror(errno));
    for (int i = 0; i < count; i++) {
        char *path = need_new(strlen(folder) + strlen(entries[i]->d_name) + 2);
        sprintf(path, "%s/%s", folder, entries[i]->d_name);
        read_file(document, path);
        free(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

void document_read(struct document *document, const char *file)
{
    char *folder = need_new(strlen(file) + 3);
    sprintf(folder, "%s.d", file);
    read_file(document, file);
    read_folder(document, folder);
    free(folder);
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
