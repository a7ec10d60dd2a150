#include "imqttd/config/document_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/config/document_reader.h"
#include "imqttd/need.h"

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
    (void)fclose(stream);
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
